"""What people do with pay periods: ask for a run, approve, close, accept what stands in the way, weigh a pool."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import audit
from accounts.access.gate import has_role
from accounts.models import Department, Employee, User
from compensation.ledger import policies
from compensation.ledger.credits import JOB
from compensation.ledger.models import PayPeriod, PoolWeight, UncomputedEarning, UncreditedPayment
from compensation.ledger.outstanding import is_outstanding
from compensation.ledger.periods import ledger_begin
from compensation.ledger.pools import department_pool
from compensation.ledger.tasks import compute_commissions
from salesys.db import clock
from salesys.db.runs import Run
from salesys.kernel.errors import Conflict, Issue, NotAllowed, invalid
from salesys.kernel.periods import Month
from salesys.shell import formats

Status = PayPeriod.Status


def _refuse(*, unless: bool) -> None:
    if not unless:
        raise NotAllowed(
            Issue("not_your_decision", _("This is decided by somebody else."), remedy=_("Ask the commercial director."))
        )


def _locked(period: PayPeriod, *, status: str, problem: str, remedy: str) -> PayPeriod:
    """The period, locked until the transaction ends; it must be in this status."""
    row = PayPeriod.all_rows.select_for_update().get(pk=period.pk)
    if row.status != status:
        raise Conflict(Issue("wrong_status", problem, "status", row.status, remedy))
    return row


@transaction.atomic
def request_commissions(*, actor: User, as_of: date | None = None, full: bool = False) -> Run:
    """Ask a worker for a run up to the month of `as_of` (today); it starts when this transaction is committed.

    Raises:
        NotAllowed: The actor does no payroll.
    """
    _refuse(unless=policies.can_run_commissions(actor))
    key = f"{'full' if full else 'asked'}-{secrets.token_hex(4)}"
    run = Run.all_rows.create(job=JOB, business_date=as_of or clock.today(), key=key, started_by=actor)
    audit.record(actor=actor, action="commissions.requested", obj=run, after={"as_of": run.business_date, "full": full})
    # The run is a row: where the broker is away, the next hour's schedule sends it
    transaction.on_commit(lambda: compute_commissions.delay(run.pk), robust=True)
    return run


@transaction.atomic
def approve_period(*, actor: User | None, period: PayPeriod) -> PayPeriod:
    """Approve what was calculated; from now on the database refuses lines in this month. Locks the period.

    Raises:
        Conflict: It is not calculated, its month is not over, something up to it has changed since the last run, or could not be
            computed and nobody has accepted that.
        NotAllowed: The actor does not decide, or calculated it.
    """
    row = _locked(
        period,
        status=Status.CALCULATED,
        problem=_("Only a calculated period can be approved."),
        remedy=_("Run the commissions first."),
    )
    _refuse(unless=actor is None or policies.can_approve_period(actor, row))
    blocked = approval_obstacles(row)
    if blocked:
        raise Conflict(*blocked)
    row.status, row.approved_by, row.approved_at = Status.APPROVED, actor, clock.now()
    row.save()
    audit.record(actor=actor, action="period.approved", obj=row, after={"month": str(row.month)})
    return row


@transaction.atomic
def reopen_period(*, actor: User | None, period: PayPeriod, reason: str) -> PayPeriod:
    """Take an approval back, before the period is closed; lines may be posted again. Locks the period.

    Raises:
        Conflict: It is not approved.
        NotAllowed: The actor does not decide.
        InvalidInput: Without a reason.
    """
    row = _locked(
        period, status=Status.APPROVED, problem=_("Only an approved period can be reopened."), remedy=_("Reload the page.")
    )
    _refuse(unless=actor is None or has_role(actor, *policies.DECIDERS))
    if not reason.strip():
        raise invalid("no_reason", _("Say why it is reopened."), field="reason", remedy=_("Write a sentence."))
    # The instant stays: what was approved once keeps the ledger from beginning earlier (ADR 36)
    row.status, row.approved_by = Status.CALCULATED, None
    row.save()
    audit.record(actor=actor, action="period.reopened", obj=row, after={"month": str(row.month), "reason": reason.strip()})
    return row


@transaction.atomic
def close_period(*, actor: User | None, period: PayPeriod) -> PayPeriod:
    """Close an approved period for ever: what comes late for it becomes an adjustment in the open one. Locks the period.

    Raises:
        Conflict: It is not approved, its month is not over, an earlier one is not closed, something up to it has changed since
            the last run, or payments up to it are credited to nobody, or something up to it could not be computed, and nobody
            has accepted that.
        NotAllowed: The actor does no payroll.
    """
    row = _locked(
        period, status=Status.APPROVED, problem=_("Only an approved period can be closed."), remedy=_("Approve it first.")
    )
    _refuse(unless=actor is None or policies.can_close_period(actor))
    blocked = closing_obstacles(row)
    if blocked:
        raise Conflict(*blocked)
    row.status, row.closed_by, row.closed_at = Status.CLOSED, actor, clock.now()
    row.save()
    audit.record(actor=actor, action="period.closed", obj=row, after={"month": str(row.month)})
    return row


def approval_obstacles(period: PayPeriod) -> list[Issue]:
    """What stands in the way of approval, with what to do; 2 SQL statements."""
    found = []
    if clock.today() <= period.month.last:
        # What is paid until then belongs to the month; approved early, it would be paid out in the next one's
        named = formats.month_text(period.month_on)
        found.append(Issue("month_not_over", _("The month is not over."), "month", named, _("Wait for its end.")))
    if is_outstanding(period.month):
        problem = _("Something has changed that no run has computed yet.")
        found.append(Issue("not_computed_yet", problem, "month", str(period.month), _("Run the commissions first.")))
    uncomputed = UncomputedEarning.all_rows.filter(month_on__lte=period.month_on, accepted_by__isnull=True).count()
    if uncomputed:
        remedy = _("Mend the terms and run the commissions, or accept each with a reason.")
        problem = _("Some components could not be computed.")
        found.append(Issue("uncomputed_earnings", problem, "components", str(uncomputed), remedy))
    return found


def closing_obstacles(period: PayPeriod) -> list[Issue]:
    """What stands in the way of closing, each with what to do; 4 SQL statements."""
    found = approval_obstacles(period)
    earlier = PayPeriod.all_rows.filter(month_on__lt=period.month_on).exclude(status=Status.CLOSED).order_by("month_on").first()
    if earlier is not None:
        found.append(
            Issue(
                "earlier_not_closed",
                _("An earlier period is not closed."),
                "month",
                str(earlier.month),
                _("Close that one first."),
            )
        )
    uncredited = UncreditedPayment.all_rows.filter(month_on__lte=period.month_on, accepted_by__isnull=True).count()
    if uncredited:
        remedy = _("Mend who holds the clients or by which scheme they are paid, or accept each with a reason.")
        found.append(
            Issue("uncredited_payments", _("Nobody is credited for some payments."), "payments", str(uncredited), remedy)
        )
    return found


@transaction.atomic
def accept_uncredited_payment(*, actor: User, uncredited: UncreditedPayment, note: str) -> UncreditedPayment:
    """Accept that nobody earns from a payment, with the reason; it no longer blocks closing. Locks the row.

    Raises:
        NotAllowed: The actor does not decide.
        InvalidInput: Without a reason.
    """
    _refuse(unless=policies.can_accept_uncredited(actor))
    if not note.strip():
        raise invalid("no_reason", _("Say why nobody is credited."), field="note", remedy=_("Write a sentence."))
    row: UncreditedPayment = UncreditedPayment.all_rows.select_for_update().get(pk=uncredited.pk)
    row.accepted_by, row.accepted_note = actor, note.strip()
    row.save()
    audit.record(actor=actor, action="uncredited_payment.accepted", after={"payment": row.pk, "note": row.accepted_note})
    return row


@transaction.atomic
def accept_uncomputed_earning(*, actor: User, uncomputed: UncomputedEarning, note: str) -> UncomputedEarning:
    """Accept that a component of somebody's pay stays as it was posted, with the reason; it no longer blocks. Locks the row.

    Raises:
        NotAllowed: The actor does not decide.
        InvalidInput: Without a reason.
        Conflict: A run has computed it in the meantime.
    """
    _refuse(unless=policies.can_accept_uncomputed(actor))
    if not note.strip():
        raise invalid("no_reason", _("Say why it is accepted."), field="note", remedy=_("Write a sentence."))
    row: UncomputedEarning | None = UncomputedEarning.all_rows.select_for_update().filter(pk=uncomputed.pk).first()
    if row is None:
        raise Conflict(Issue("computed", _("It has been computed in the meantime."), remedy=_("Reload the page.")))
    row.accepted_by, row.accepted_note = actor, note.strip()
    row.save()
    after = {"payee": row.payee_id, "component": row.component_id, "month": row.month_on, "note": row.accepted_note}
    audit.record(actor=actor, action="uncomputed_earning.accepted", after=after)
    return row


@transaction.atomic
def set_pool_weights(
    *, actor: User | None, department: Department, month: Month, weights: Mapping[Employee, Decimal]
) -> list[PoolWeight]:
    """Divide a department's pool of a month by weights that add up to 1; without any, days worked decide again.

    The next run posts what `pools.department_pool` shows. Locks the period and the weights.

    Raises:
        InvalidInput: They do not add up to 1, one is negative, or somebody is no member of the pool in that month.
        NotAllowed: The actor neither decides nor is who everybody that stood in the department in the month answers to.
        Conflict: The period is approved or closed already, or the month is before the ledger's first.
    """
    _refuse(unless=actor is None or policies.can_weigh_pool(actor, department, month))
    _check_weights(department, month, weights)
    begun = ledger_begin()
    if begun is not None and month < begun:
        problem = _("The ledger begins later: what is paid for this month is divided by days worked.")
        raise Conflict(Issue("before_the_ledger", problem, "month", str(month), _("Choose a month that has a period.")))
    period = PayPeriod.all_rows.select_for_update().filter(month_on=month.first).first()
    if period is not None and not period.is_writable:
        problem = _("The period is approved: the pool has been divided.")
        raise Conflict(Issue("wrong_status", problem, "month", str(month), _("Ask for the approval to be taken back.")))
    held = PoolWeight.all_rows.select_for_update().filter(department=department, month_on=month.first)
    before = {row.employee_id: row.weight for row in held}
    held.delete()
    rows = PoolWeight.all_rows.bulk_create(
        PoolWeight(department=department, month_on=month.first, employee=employee, weight=weight)
        for employee, weight in weights.items()
    )
    after = {str(row.employee_id): row.weight for row in rows}
    audit.record(
        actor=actor,
        action="pool.weighed",
        obj=department,
        before={str(employee_id): weight for employee_id, weight in before.items()},
        after=after,
    )
    return rows


def _check_weights(department: Department, month: Month, weights: Mapping[Employee, Decimal]) -> None:
    if not weights:
        return
    whole = sum(weights.values())
    if whole != 1:
        raise invalid(
            "weights_not_one", _("The parts must add up to 1."), field="weights", value=whole, remedy=_("Change one of them.")
        )
    if min(weights.values()) < 0:
        raise invalid("negative_weight", _("A part may not be negative."), field="weights", remedy=_("Use zero or more."))
    members = {member.employee.pk for member in department_pool(department, month).members}
    outsider = next((employee for employee in weights if employee.pk not in members), None)
    if outsider is not None:
        raise invalid(
            "not_a_member",
            _("Only members of the pool have a part in it."),
            field="weights",
            value=outsider.full_name,
            remedy=_("Give this part to a member."),
        )


def settle_past_periods(*, author: User | None, approver: User | None, before: date) -> list[Month]:
    """Approve and close every calculated period that ended before the month of a date, oldest first.

    For histories that are loaded at once. Stops at the first period that cannot be closed.

    Args:
        author: Closes.
        approver: Approves; not who calculated.
        before: Periods of earlier months than this date's.

    Returns:
        The months that were closed.
    """
    closed = []
    waiting = PayPeriod.all_rows.filter(month_on__lt=Month.of(before).first).exclude(status=Status.CLOSED)
    for period in waiting.order_by("month_on"):
        try:
            with transaction.atomic():
                if period.status != Status.APPROVED:
                    approve_period(actor=approver, period=period)
                closed.append(close_period(actor=author, period=period).month)
        except Conflict:
            break
    return closed
