"""Contracts: the list, one with its payments, signing, and what is still owed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.gate import roles_allowed
from accounts.models import Direction
from pipeline.deals.models import Deal
from pipeline.deals.whose import choices_of
from pipeline.money.forms import ContractForm, CostForm
from pipeline.money.lists import LOSING, choice_of, months_offered, narrowed_contracts, offered_contracts
from pipeline.money.models import Contract, Payment
from pipeline.money.policies import BOOKKEEPERS, can_record_payment, can_set_direct_cost, can_sign_contract
from pipeline.money.queries import losses_of, owed_by_age, owed_contracts, signed_of
from pipeline.money.signing import set_direct_cost, sign_contract
from pipeline.money.views import attempt
from salesys.db import clock
from salesys.db.replicas import report_view
from salesys.db.scope import viewer_for
from salesys.shell.pages import paginate, render_page, rows_of, sort_order

ORDERS: dict[str, str | tuple[str, ...]] = {
    "signed": ("signed_on", "pk"),
    "amount": "amount",
    "due": "due_on",
    "number": "number",
}
AGES = {
    "overdue_90": (gettext_lazy("Overdue over 90 days"), "bad"),
    "overdue_30": (gettext_lazy("Overdue 31–90 days"), "bad"),
    "overdue": (gettext_lazy("Overdue up to 30 days"), "warning"),
    "soon": (gettext_lazy("Due within a week"), ""),
    "later": (gettext_lazy("Due later"), ""),
}


@require_GET
def contract_list(request: HttpRequest) -> HttpResponse:
    """Contracts, the newest first; those that lose money with what they lose."""
    today = clock.today()
    choice, sort = choice_of(request, today, all_months=True), sort_order(request, ORDERS, default="-signed")
    rows = narrowed_contracts(Contract.objects.visible_to(request.user), choice, today)
    context = {
        "page": paginate(rows_of(rows.select_related("company", "seller"), sort), request),
        "sort": sort,
        "choice": choice,
        "totals": signed_of(rows) if choice.is_narrow and choice.kind != LOSING else None,
        "losses": losses_of(rows) if choice.kind == LOSING else None,
        "whose": choice.whose,
        "sellers": choices_of(viewer_for(request.user), choice.whose),
        "months": months_offered(today),
        "directions": Direction.objects.visible_to(request.user),
        "today": today,
    }
    return render_page(request, "pipeline/money/contract_list.html", context, partial="pipeline/money/_contracts.html")


@require_GET
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract with its payments."""
    related = ("company", "seller", "product", "deal")
    row = _contract(request, pk, *related)
    deal = Deal.objects.visible_to(request.user).filter(pk=row.deal_id or 0).first()
    context = {
        "contract": row,
        "deal": deal,
        "payments": Payment.objects.visible_to(request.user).filter(contract=row).order_by("-paid_on", "-pk"),
        "is_overdue": row.is_overdue(clock.today()),
        "can_record": can_record_payment(request.user),
        "can_set_cost": can_set_direct_cost(request.user, row.seller_id),
        "breadcrumbs": [(_("Contracts"), reverse("pipeline:contract_list")), (row.number, "")],
    }
    return render_page(request, "pipeline/money/contract.html", context)


@require_GET
@roles_allowed(*BOOKKEEPERS)
def contract_options(request: HttpRequest) -> HttpResponse:
    """Contracts that a payment may be for, as their number or client is typed."""
    text = request.GET.get("contract", "").strip()
    offered = offered_contracts(Contract.objects.visible_to(request.user), text[:60])
    return render_page(request, "pipeline/money/_contract_options.html", {"offered": offered})


@require_http_methods(["GET", "POST"])
def contract_sign(request: HttpRequest, deal: int) -> HttpResponse:
    """Sign a deal; an open one is won by it."""
    row = Deal.objects.visible_to(request.user).select_related("company", "product").filter(pk=deal).first()
    if row is None or not can_sign_contract(request.user, row) or row.status == Deal.Status.LOST:
        raise Http404
    signed = Contract.objects.visible_to(request.user).filter(deal=row).first()
    if signed is not None:
        return redirect("pipeline:contract", pk=signed.pk)
    may_set_cost = can_set_direct_cost(request.user, row.seller_id)
    initial = {"signed_on": clock.today(), "amount": row.amount}
    form = ContractForm(request.POST or None, may_set_cost=may_set_cost, initial=initial)
    if request.method == "POST" and form.is_valid():
        user = request.user
        made = attempt(form, lambda: sign_contract(actor=user, deal=row, terms=form.terms()))  # type: ignore[arg-type]
        if made is not None:
            messages.success(request, _("Contract %s is signed.") % made.number)
            return redirect("pipeline:contract", pk=made.pk)
    crumbs = [(_("Contracts"), reverse("pipeline:contract_list")), (_("Sign"), "")]
    context = {"form": form, "deal": row, "breadcrumbs": crumbs}
    return render_page(request, "pipeline/money/contract_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def contract_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a contract costs us, by those who do not sell it."""
    row = _contract(request, pk, "company")
    if not can_set_direct_cost(request.user, row.seller_id):
        raise Http404
    form = CostForm(request.POST or None, initial={"direct_cost": row.direct_cost})
    if request.method == "POST" and form.is_valid():
        user, cost = request.user, form.cleaned_data["direct_cost"]
        if attempt(form, lambda: set_direct_cost(actor=user, contract=row, direct_cost=cost)) is not None:  # type: ignore[arg-type]
            messages.success(request, _("Saved. Commissions under this contract are computed again with the next run."))
            return redirect("pipeline:contract", pk=pk)
    crumbs = [(_("Contracts"), reverse("pipeline:contract_list")), (row.number, reverse("pipeline:contract", args=[pk]))]
    context = {"form": form, "contract": row, "breadcrumbs": [*crumbs, (_("Direct cost"), "")]}
    return render_page(request, "pipeline/money/contract_cost.html", context, status=400 if form.errors else 200)


@require_GET
@report_view
def receivables(request: HttpRequest) -> HttpResponse:
    """What clients still owe, what is longest due first."""
    today = clock.today()
    choice = choice_of(request, today, all_months=True)
    seen = Contract.objects.visible_to(request.user)
    rows = owed_contracts(narrowed_contracts(seen, choice, today)).select_related("company", "seller")
    owed = [(each, *AGES[each.code]) for each in owed_by_age(seen, today)]
    context = {
        "page": paginate(rows, request),
        "owed": owed,
        "total": sum(each.amount for each, _label, _tone in owed),
        "choice": choice,
        "today": today,
        "ages": AGES,
        "directions": Direction.objects.visible_to(request.user),
    }
    return render_page(request, "pipeline/money/receivables.html", context, partial="pipeline/money/_receivables.html")


def _contract(request: HttpRequest, pk: int, *related: str) -> Contract:
    row: Contract | None = Contract.objects.visible_to(request.user).select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
