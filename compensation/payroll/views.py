"""Pay periods: figures, obstacles, approval and closing; runs with their progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.gate import roles_allowed
from accounts.roles import Role
from compensation.ledger.models import PayPeriod, UncomputedEarning, UncreditedPayment
from compensation.ledger.policies import (
    DECIDERS,
    PAYROLL,
    can_accept_uncomputed,
    can_accept_uncredited,
    can_approve_period,
    can_close_period,
)
from compensation.ledger.services import (
    accept_uncomputed_earning,
    accept_uncredited_payment,
    approval_obstacles,
    approve_period,
    close_period,
    closing_obstacles,
    reopen_period,
    request_commissions,
)
from compensation.payroll.forms import ReasonForm
from compensation.payroll.queries import commission_runs, has_uncomputed, uncomputed_rows, visible_runs, with_totals
from compensation.statements.models import Statement
from salesys.kernel.errors import Conflict, InvalidInput, Issue
from salesys.shell import charts
from salesys.shell.formats import month_text
from salesys.shell.pages import paginate, render_page

RUNS_SHOWN = 5
PERIODS_CHARTED = 12


@require_GET
@roles_allowed(*PAYROLL)
def period_list(request: HttpRequest) -> HttpResponse:
    """Every period with status and sums, the newest first."""
    page = paginate(PayPeriod.objects.visible_to(request.user), request, per_page=24)
    totals = with_totals(page)
    context = {
        "page": page,
        "totals": totals,
        "chart": _chart(totals),
        "runs": commission_runs(request.user)[:RUNS_SHOWN],
    }
    return render_page(request, "compensation/payroll/period_list.html", context)


def _chart(totals: list[Any]) -> charts.Chart:
    """What each of the last months paid, the oldest first."""
    shown = totals[:PERIODS_CHARTED][::-1]
    labels = [month_text(row.period.month_on) for row in shown]
    own = charts.Series(_("Own month"), [row.amount - row.adjustments for row in shown])
    late = charts.Series(_("Adjustments"), [row.adjustments for row in shown])
    return charts.bars(_("Paid by period"), labels, [own, late], stacked=True)


@require_GET
@roles_allowed(*PAYROLL)
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """One period: where it stands, what stands in its way, who gets what."""
    row = _period(request, pk)
    uncredited = UncreditedPayment.objects.visible_to(request.user).filter(month_on__lte=row.month_on)
    statements = Statement.objects.visible_to(request.user).filter(period_on=row.month_on)
    context = {
        "period": row,
        "totals": with_totals([row])[0],
        "obstacles": _obstacles(row),
        "uncredited": uncredited.select_related("payment__company", "accepted_by__employee").order_by(
            F("accepted_by").asc(nulls_first=True), "month_on", "payment_id"
        )[:100],
        "uncomputed": uncomputed_rows(request.user, until=row.month_on),
        "page": paginate(statements.select_related("payee").order_by("-amount", "pk"), request),
        "reason_form": ReasonForm(),
        "can_approve": row.status == PayPeriod.Status.CALCULATED and can_approve_period(request.user, row),
        "can_reopen": row.status == PayPeriod.Status.APPROVED and can_accept_uncredited(request.user),
        "can_close": row.status == PayPeriod.Status.APPROVED and can_close_period(request.user),
        "can_accept": can_accept_uncredited(request.user),
        "can_accept_uncomputed": can_accept_uncomputed(request.user),
        "mark": render_to_string("compensation/payroll/_status.html", {"period": row}),
        "breadcrumbs": [(_("Pay periods"), "/pay-periods/"), (month_text(row.month_on), "")],
    }
    return render_page(request, "compensation/payroll/period.html", context, partial="compensation/payroll/_statements.html")


def _obstacles(row: PayPeriod) -> list[Issue]:
    """What stands in the way of the next step."""
    if row.status == PayPeriod.Status.APPROVED:
        return closing_obstacles(row)
    return approval_obstacles(row) if row.status == PayPeriod.Status.CALCULATED else []


def _period(request: HttpRequest, pk: int) -> PayPeriod:
    row: PayPeriod = get_object_or_404(PayPeriod.objects.visible_to(request.user), pk=pk)
    return row


def _done(request: HttpRequest, row: PayPeriod | None, act: Callable[[], object], said: str) -> HttpResponse:
    """Act, say so or say what stands in the way, and go back to the period; to all of them where the month has none."""
    try:
        act()
    except (Conflict, InvalidInput) as error:
        for issue in error.issues:
            messages.error(request, f"{issue.problem} {issue.remedy}")
    else:
        messages.success(request, said)
    return redirect("compensation:period", pk=row.pk) if row else redirect("compensation:period_list")


def _period_of(request: HttpRequest, month_on: date) -> PayPeriod | None:
    """The period of a month; None for a month before the ledger begins."""
    found: PayPeriod | None = PayPeriod.objects.visible_to(request.user).filter(month_on=month_on).first()
    return found


@require_POST
@roles_allowed(*DECIDERS)
def period_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve."""
    row = _period(request, pk)
    return _done(request, row, lambda: approve_period(actor=_user(request), period=row), _("The period is approved."))


@require_POST
@roles_allowed(*DECIDERS)
def period_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the approval back."""
    row, reason = _period(request, pk), request.POST.get("reason", "")
    return _done(
        request, row, lambda: reopen_period(actor=_user(request), period=row, reason=reason), _("The period is open again.")
    )


@require_POST
@roles_allowed(*PAYROLL)
def period_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close for ever."""
    row = _period(request, pk)
    return _done(request, row, lambda: close_period(actor=_user(request), period=row), _("The period is closed."))


@require_POST
@roles_allowed(*PAYROLL)
def run_request(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a run."""
    request_commissions(actor=_user(request), full=request.POST.get("full") == "1")
    messages.success(request, _("The run is asked for; its progress is shown below."))
    return redirect("compensation:run_list")


@require_POST
@roles_allowed(*DECIDERS)
def uncredited_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept that nobody is credited for a payment."""
    row: UncreditedPayment = get_object_or_404(UncreditedPayment.objects.visible_to(request.user), pk=pk)
    return _done(
        request,
        _period_of(request, row.month_on),
        lambda: accept_uncredited_payment(actor=_user(request), uncredited=row, note=request.POST.get("reason", "")),
        _("Accepted: nobody is credited for this payment."),
    )


@require_POST
@roles_allowed(*DECIDERS)
def uncomputed_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept that a component of somebody's pay stays as it was posted."""
    row: UncomputedEarning = get_object_or_404(UncomputedEarning.objects.visible_to(request.user), pk=pk)
    return _done(
        request,
        _period_of(request, row.month_on),
        lambda: accept_uncomputed_earning(actor=_user(request), uncomputed=row, note=request.POST.get("reason", "")),
        _("Accepted: what was posted of this component stays."),
    )


@require_GET
@roles_allowed(*PAYROLL, Role.ADMINISTRATOR)
def run_list(request: HttpRequest) -> HttpResponse:
    """Batch runs with progress and result; the table refreshes itself while one is running."""
    rows = visible_runs(request.user)
    page = paginate(rows, request)
    is_busy = any(run.status in {run.Status.WAITING, run.Status.RUNNING} for run in page)
    context = {"page": page, "is_busy": is_busy, "has_uncomputed": has_uncomputed(request.user)}
    return render_page(request, "compensation/payroll/run_list.html", context, partial="compensation/payroll/_runs.html")


def _user(request: HttpRequest) -> Any:
    return request.user
