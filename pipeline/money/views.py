"""Payments: the list, one with its trail, a new one, a refund."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.gate import roles_allowed
from accounts.models import Direction
from pipeline.clients.models import Company
from pipeline.deals.whose import choices_of
from pipeline.money.forms import PaymentForm, RefundForm, refund_initial
from pipeline.money.lists import choice_of, months_offered, narrowed_payments, offered_contracts
from pipeline.money.models import Contract, Payment
from pipeline.money.policies import BOOKKEEPERS, can_record_payment, can_refund_payment
from pipeline.money.queries import left_of, totals_of, trail_of
from pipeline.money.services import Recorded, record_payment, record_refund
from pipeline.money.trail import events_of, more_calls
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, InvalidInput
from salesys.rest.once import Sent, send_once
from salesys.shell.forms import add_issues
from salesys.shell.pages import paginate, render_page, rows_of, sort_order

ORDERS: dict[str, str | tuple[str, ...]] = {"paid": ("paid_on", "pk"), "amount": "amount_without_vat"}
Written = TypeVar("Written")


@require_GET
def payment_list(request: HttpRequest) -> HttpResponse:
    """Payments of a month or of some days, the newest first, with their sums."""
    today = clock.today()
    choice, sort = choice_of(request, today), sort_order(request, ORDERS, default="-paid")
    rows = narrowed_payments(Payment.objects.visible_to(request.user), choice, request.user)
    shown = rows_of(rows.select_related("company", "contract", "contract__seller"), sort)
    page = paginate(shown, request)
    clients = Company.objects.visible_to(request.user).filter(pk__in=[row.company_id for row in page])
    contracts = Contract.objects.visible_to(request.user).filter(pk__in=[row.contract_id for row in page])
    context = {
        "page": page,
        "open_clients": set(clients.values_list("pk", flat=True)),
        "open_contracts": set(contracts.values_list("pk", flat=True)),
        "totals": totals_of(rows) if choice.is_narrow else None,
        "sort": sort,
        "choice": choice,
        "whose": choice.whose,
        "sellers": choices_of(viewer_for(request.user), choice.whose),
        "months": months_offered(today),
        "directions": Direction.objects.visible_to(request.user),
        "can_record": can_record_payment(request.user),
    }
    return render_page(request, "pipeline/money/payment_list.html", context, partial="pipeline/money/_payments.html")


@require_GET
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment, and what stands before it: contract, deal, calls, research.

    Who sees it only for the sake of an own contract gets the payment itself, nothing of the client.
    """
    row = _payment(request, pk)
    trail = trail_of(row.contract, request.user)
    sees_client = trail.opens_company
    refunds = Payment.objects.visible_to(request.user).filter(refund_of=row).order_by("paid_on", "pk")
    context = {
        "payment": row,
        "sees_client": sees_client,
        "note": row.note if sees_client else "",
        "trail": trail,
        "events": events_of(row, trail),
        "hidden_calls": more_calls(trail),
        "refunds": refunds,
        "can_refund": can_refund_payment(request.user, row) and left_of(row) > 0,
        "breadcrumbs": [(_("Payments"), reverse("pipeline:payment_list")), (str(row.pk), "")],
    }
    return render_page(request, "pipeline/money/payment.html", context)


@require_http_methods(["GET", "POST"])
@roles_allowed(*BOOKKEEPERS)
def payment_new(request: HttpRequest) -> HttpResponse:
    """Enter a payment by hand."""
    form = PaymentForm(request.POST or None, viewer=request.user, initial={"contract": request.GET.get("contract", "")})
    if request.method == "POST" and form.is_valid():
        contract = form.cleaned_data["contract"]
        deed = partial(record_payment, actor=_user(request), contract=contract, values=form.values())
        sent = attempt(form, lambda: send_once(request, form, lambda: _led_to(deed())))
        if sent is not None:
            messages.success(request, _("The payment is recorded.") if sent.is_new else _("This payment was recorded already."))
            return redirect(sent.url)
    offered = offered_contracts(Contract.objects.visible_to(request.user), "")
    context = {
        "form": form,
        "offered": offered,
        "breadcrumbs": [(_("Payments"), reverse("pipeline:payment_list")), (_("New"), "")],
    }
    return render_page(request, "pipeline/money/payment_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@roles_allowed(*BOOKKEEPERS)
def payment_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that money of a payment went back."""
    row = _payment(request, pk)
    left = left_of(row)
    # A refund of all that is left may come twice: the second time is answered with the first, so only its page is gone
    if row.is_refund or (left <= 0 and request.method == "GET"):
        raise Http404
    form = RefundForm(request.POST or None, initial=refund_initial(row, left))
    if request.method == "POST" and form.is_valid():
        deed = partial(record_refund, actor=_user(request), payment=row, values=form.values())
        sent = attempt(form, lambda: send_once(request, form, lambda: _led_to(deed())))
        if sent is not None:
            messages.success(request, _("The refund is recorded.") if sent.is_new else _("This refund was recorded already."))
            return redirect(sent.url)
    crumbs = [
        (_("Payments"), reverse("pipeline:payment_list")),
        (str(row.pk), reverse("pipeline:payment", args=[row.pk])),
        (_("Refund"), ""),
    ]
    context = {"form": form, "payment": row, "left": left, "breadcrumbs": crumbs}
    return render_page(request, "pipeline/money/refund_form.html", context, status=400 if form.errors else 200)


def attempt(form: BaseForm, deed: Callable[[], Written]) -> Written | None:
    """Call a service for a form; what it refuses becomes errors of the form's fields."""
    try:
        return deed()
    except (InvalidInput, Conflict) as error:
        add_issues(form, InvalidInput(*error.issues))
        return None


def _led_to(recorded: Recorded) -> Sent:
    return Sent(reverse("pipeline:payment", args=[recorded.payment.pk]), recorded.is_new)


def _payment(request: HttpRequest, pk: int) -> Payment:
    related = ("company", "contract", "contract__seller", "contract__product", "refund_of", "entered_by__employee")
    row: Payment | None = Payment.objects.visible_to(request.user).select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _user(request: HttpRequest) -> Any:
    return request.user
