"""Statements: one's own, the team's, everyone's; each line opens down to the payment and back to the plan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access.gate import roles_allowed
from accounts.models import Employee
from accounts.roles import HEAD_ROLES, Role
from compensation.ledger.models import PayPeriod
from compensation.ledger.policies import can_see_pay_of
from compensation.ledger.pools import pools_to_divide
from compensation.schemes.wording import rate_text
from compensation.statements.models import Statement
from compensation.statements.queries import (
    StatementLine,
    StatementView,
    credit_story,
    credited_payment,
    credits_behind,
    latest_period,
    pool_departments,
    statement_of,
)
from compensation.statements.wording import credit_in_words, credit_status, line_in_words, month_state
from pipeline.money.models import Payment
from pipeline.money.trail import events_of
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import InvalidInput
from salesys.kernel.money import ZERO
from salesys.kernel.numbers import whole_number
from salesys.kernel.periods import Month
from salesys.shell import charts
from salesys.shell.formats import month_text
from salesys.shell.pages import paginate, render_page, rows_of, sort_order

READERS = (*sorted(HEAD_ROLES), Role.ACCOUNTANT)
"""Have statements of others to look at."""

ORDERS: dict[str, str | tuple[str, ...]] = {"payee": ("payee__full_name", "pk"), "amount": ("amount", "pk")}
PERIODS_OFFERED = 24
CREDITS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as the page shows it: its sentences, where its credits open, and the department of a pool."""

    line: StatementLine
    words: list[str]
    url: str
    department: str


def month_asked(request: HttpRequest, fallback: Month, *, name: str = "month") -> Month:
    """The month of the address; nonsense and nothing mean the fallback."""
    try:
        return Month.parse(request.GET.get(name, ""))
    except InvalidInput:
        return fallback


def periods_offered(request: HttpRequest) -> list[PayPeriod]:
    """The periods to choose from, the newest first."""
    return list(PayPeriod.objects.visible_to(request.user)[:PERIODS_OFFERED])


def payee_seen(request: HttpRequest, payee_id: int) -> Employee:
    """The payee, if the viewer may see what they earn; 404 otherwise."""
    if not can_see_pay_of(request.user, payee_id):
        raise Http404
    found: Employee = get_object_or_404(Employee.objects.visible_to(request.user), pk=payee_id)
    return found


@require_GET
def my_statement(request: HttpRequest) -> HttpResponse:
    """The viewer's own statement."""
    viewer = viewer_for(request.user)
    if viewer.employee_id is None:
        raise Http404
    return _statement(request, payee_seen(request, viewer.employee_id))


@require_GET
def statement(request: HttpRequest, payee_id: int) -> HttpResponse:
    """Somebody's statement."""
    return _statement(request, payee_seen(request, payee_id))


def _statement(request: HttpRequest, payee: Employee) -> HttpResponse:
    period = month_asked(request, latest_period(payee.pk) or Month.of(clock.today()))
    view = statement_of(payee.pk, period)
    entries = _entries(payee, view)
    state = month_state(PayPeriod.objects.visible_to(request.user).filter(month_on=period.first).first())
    context = {
        "payee": payee,
        "is_own": payee.pk == viewer_for(request.user).employee_id,
        "statement": view,
        "state": state,
        "periods": periods_offered(request),
        "lines": [entry for entry in entries if not entry.line.is_adjustment],
        "adjustments": [entry for entry in entries if entry.line.is_adjustment],
        "chart": _waterfall(view, total=state.total),
    }
    return render_page(request, "compensation/statements/statement.html", context)


def _entries(payee: Employee, view: StatementView) -> list[Entry]:
    names = pool_departments(view)
    return [
        Entry(line, line_in_words(line), _credits_url(payee, view, line), names.get(line.department_id, ""))
        for line in view.lines
    ]


def _credits_url(payee: Employee, view: StatementView, line: StatementLine) -> str:
    if not line.credit_count:
        return ""
    path = reverse("compensation:statement_credits", args=[payee.pk, line.component.pk])
    pool = f"&department={line.department_id}" if line.department_id else ""
    return f"{path}?month={view.period}&origin={line.origin}{pool}"


def _waterfall(view: StatementView, *, total: str) -> charts.Chart | None:
    """How the components add up to the total."""
    steps: dict[str, Decimal] = {}
    for line in view.lines:
        name = _("Adjustments") if line.is_adjustment else line.component.name
        steps[name] = steps.get(name, ZERO) + line.amount
    shown = [(name, amount) for name, amount in steps.items() if amount]
    return charts.waterfall(_("How it adds up"), shown, total=total) if shown else None


@require_GET
def statement_credits(request: HttpRequest, payee_id: int, component_id: int) -> HttpResponse:
    """The credits behind a line, opened in place."""
    payee = payee_seen(request, payee_id)
    period = month_asked(request, Month.of(clock.today()))
    origin = month_asked(request, period, name="origin")
    department_id = whole_number(request.GET.get("department", "")) or 0
    rows = credits_behind(
        request.user,
        payee_id=payee.pk,
        component_id=component_id,
        department_id=department_id,
        period=period,
        origin=origin,
    )
    page = paginate(rows, request, per_page=CREDITS_SHOWN)
    entries = [
        {"credit": credit, "status": credit_status(credit), "rate": "" if credit.rate is None else rate_text(credit.rate)}
        for credit in page
    ]
    context = {"payee": payee, "page": page, "entries": entries, "target": f"#credits-{component_id}-{origin}-{department_id}"}
    return render_page(request, "compensation/statements/credits.html", context, partial="compensation/statements/_credits.html")


@require_GET
def credit(request: HttpRequest, payee_id: int, payment_id: int) -> HttpResponse:
    """One payment's way into somebody's pay, in words, and the way back to the plan."""
    payee = payee_seen(request, payee_id)
    payment = credited_payment(request.user, payee_id=payee.pk, payment_id=payment_id)
    if payment is None:
        raise Http404
    story = credit_story(request.user, payee_id=payee.pk, payment=payment)
    lines = [{"credit": row, "words": credit_in_words(row), "status": credit_status(row)} for row in story.lines]
    context = {
        "payee": payee,
        "payment": payment,
        "story": story,
        "lines": lines,
        "can_open": Payment.objects.visible_to(request.user).filter(pk=payment.pk).exists(),
        "events": events_of(payment, story.trail),
        "breadcrumbs": [
            (_("Statement"), reverse("compensation:statement", args=[payee.pk])),
            (str(_("Payment %(number)s") % {"number": payment.pk}), ""),
        ],
    }
    return render_page(request, "compensation/statements/credit.html", context, partial="compensation/statements/_credit.html")


@require_GET
@roles_allowed(*READERS)
def statement_list(request: HttpRequest) -> HttpResponse:
    """What everybody whom the viewer answers for gets in a period."""
    periods = periods_offered(request)
    period = month_asked(request, periods[0].month if periods else Month.of(clock.today()))
    sort = sort_order(request, ORDERS, default="-amount")
    rows = Statement.objects.visible_to(request.user).filter(period_on=period.first)
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(payee__full_name__icontains=text)
    context = {
        "page": paginate(rows_of(rows.select_related("payee"), sort), request),
        "sort": sort,
        "period": period,
        "periods": periods,
        "pools": pools_to_divide(request.user, period),
        "title": _("Statements of %(month)s") % {"month": month_text(period.first)},
    }
    return render_page(request, "compensation/statements/list.html", context, partial="compensation/statements/_list.html")
