"""What a statement says: its lines, the credits behind a line, and the way back from a credit to the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet, Sum

from accounts.models import Department
from compensation.engine.trace import Piece
from compensation.ledger.models import CreditLine, EarningLine, Measure
from compensation.schemes.models import Component
from pipeline.money.models import Payment
from pipeline.money.queries import Trail, trail_of
from planning.cascade.tracing import AskedBy, asked_by
from planning.control.queries import Attainment, attainment
from planning.goals.models import PlanNode
from planning.policies import can_see_work_of
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One component of one origin month within a statement.

    Attributes:
        component: With its version and scheme.
        origin: The month that the line belongs to; earlier than the period in an adjustment.
        department_id: Of a team pool, else 0.
        amount: Sum posted in the period.
        credit_count: Lines of single payments behind it.
        basis: Their credited basis.
        inputs: What the component was computed from, empty for rates paid credit by credit.
        pieces: From the inputs to the result.
        was: What other periods have of it, zero where nothing: an adjustment comes after them, and a month that was opened again
            after adjustments makes up for them.
        now: What stands of it since; with `was` it makes the amount.
        is_taken_back: Whether the last that was posted is a reversal, so that nothing stands.
    """

    component: Component
    period: Month
    origin: Month
    department_id: int
    amount: Decimal
    credit_count: int
    basis: Decimal
    inputs: dict[str, str]
    pieces: tuple[Piece, ...]
    was: Decimal = ZERO
    now: Decimal = ZERO
    is_taken_back: bool = False

    @property
    def is_adjustment(self) -> bool:
        """Whether it belongs to an earlier month than the one it is paid in."""
        return self.origin < self.period


@dataclass(frozen=True, slots=True)
class StatementView:
    """A payee's period with its lines: first the month's own, then adjustments."""

    period: Month
    lines: tuple[StatementLine, ...]

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def adjusted(self) -> Decimal:
        """What of it belongs to earlier months."""
        return sum((line.amount for line in self.lines if line.is_adjustment), ZERO)


def statement_of(payee_id: int, period: Month) -> StatementView:
    """A payee's statement; 3 SQL statements.

    Reversals and successors that were posted in the same period are summed, so that each component of an origin month is
    one line; the lines of both tables add up to everything posted for the payee in the period.
    """
    earned = _earned(payee_id, period)
    credited = _credited(payee_id, period)
    wanted = {key[0] for key in (*earned, *credited)}
    components = Component.all_rows.select_related("version__scheme").in_bulk(list(wanted))
    lines = [
        _line(components[key[0]], period, key, (earned.get(key), credited.get(key))) for key in earned.keys() | credited.keys()
    ]
    order = sorted(
        lines, key=lambda line: (line.is_adjustment, line.origin, line.component.position, line.component.pk, line.department_id)
    )
    return StatementView(period, tuple(line for line in order if line.amount or not line.is_adjustment))


Key = tuple[int, date, int]


def is_reversal(line: EarningLine | CreditLine) -> bool:
    """Whether it takes back the revision before it: even ones do."""
    return line.revision % 2 == 0


@dataclass(frozen=True, slots=True)
class _Earned:
    """The revisions of one line that were posted in a period, oldest first."""

    rows: Sequence[EarningLine]

    @property
    def amount(self) -> Decimal:
        """What the period posted of it."""
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def now(self) -> Decimal:
        """What stands since."""
        return ZERO if is_reversal(self.rows[-1]) else self.rows[-1].amount

    @property
    def trace(self) -> dict[str, Any]:
        """How what stands was computed; nothing where nothing stands."""
        return {} if is_reversal(self.rows[-1]) else self.rows[-1].trace


def _earned(payee_id: int, period: Month) -> dict[Key, _Earned]:
    rows = EarningLine.all_rows.filter(payee_id=payee_id, period_on=period.first).order_by("revision")
    found: dict[Key, list[EarningLine]] = defaultdict(list)
    for row in rows:
        found[row.component_id, row.origin_on, row.department_id].append(row)
    return {key: _Earned(revisions) for key, revisions in found.items()}


def _credited(payee_id: int, period: Month) -> dict[Key, tuple[Decimal, int, Decimal]]:
    rows = Measure.all_rows.filter(payee_id=payee_id, period_on=period.first)
    return {(row.component_id, row.origin_on, row.department_id): (row.amount, row.line_count, row.basis_amount) for row in rows}


def _line(
    component: Component,
    period: Month,
    key: Key,
    parts: tuple[_Earned | None, tuple[Decimal, int, Decimal] | None],
) -> StatementLine:
    earned, credited = parts
    trace = earned.trace if earned else {}
    return StatementLine(
        component=component,
        period=period,
        origin=Month.of(key[1]),
        department_id=key[2],
        amount=(earned.amount if earned else ZERO) + (credited[0] if credited else ZERO),
        credit_count=credited[1] if credited else 0,
        basis=credited[2] if credited else ZERO,
        inputs=dict(trace.get("inputs", {})),
        pieces=tuple(Piece.from_json(piece) for piece in trace.get("pieces", ())),
        was=earned.now - earned.amount if earned else ZERO,
        now=earned.now if earned else ZERO,
        is_taken_back=earned is not None and is_reversal(earned.rows[-1]),
    )


def pool_departments(view: StatementView) -> dict[int, str]:
    """Names of the departments whose pools a statement has lines of; at most 1 SQL statement.

    Who changes from one department to another within a month has a line of the same component for each.
    """
    pools = {line.department_id for line in view.lines if line.department_id}
    return dict(Department.all_rows.filter(pk__in=pools).values_list("pk", "name")) if pools else {}


def credits_behind(
    viewer: object, *, payee_id: int, component_id: int, department_id: int, period: Month, origin: Month
) -> QuerySet[CreditLine]:
    """The credit lines of a statement's line, the newest payments first, as far as the viewer may see them.

    `department_id` is that of a team pool, else 0.
    """
    rows: QuerySet[CreditLine] = CreditLine.objects.visible_to(viewer).filter(
        payee_id=payee_id,
        component_id=component_id,
        department_id=department_id or None,
        period_on=period.first,
        origin_on=origin.first,
    )
    return rows.select_related("payment__company", "payment__contract").order_by("-payment__paid_on", "-payment_id", "-revision")


@dataclass(frozen=True, slots=True)
class CreditStory:
    """One payment's way into pay: its lines for the payee, what stood before it, and the plan that asked for it.

    `attained` and `node` are plan and fact of the contract's seller, which only those see who may see that person's work.
    """

    payment: Payment
    lines: Sequence[CreditLine]
    trail: Trail
    planned: Sequence[AskedBy]
    attained: Attainment | None
    node: PlanNode | None


def credit_story(viewer: object, *, payee_id: int, payment: Payment) -> CreditStory:
    """All lines about a payment for a payee, oldest revision first, and the trail before it; some 11 SQL statements.

    The payee may be somebody else than the contract's seller, so the seller's month is narrowed to who may see it.
    """
    month = Month.of(payment.paid_on)
    lines = CreditLine.objects.visible_to(viewer).filter(payee_id=payee_id, payment=payment, origin_on=month.first)
    seller_id = payment.contract.seller_id or payee_id
    seen = [seller_id] if can_see_work_of(viewer, seller_id) else []
    return CreditStory(
        payment,
        list(lines.select_related("component__version__scheme").order_by("component_id", "revision")),
        trail_of(payment.contract, viewer),
        asked_by(viewer, company_id=payment.company_id, until=payment.contract.signed_on),
        next(iter(attainment(first=month, last=month, employees=seen)), None) if seen else None,
        PlanNode.objects.visible_to(viewer).filter(employee=seller_id, plan__status="agreed", plan__year=month.year).first(),
    )


def credited_payment(viewer: object, *, payee_id: int, payment_id: int) -> Payment | None:
    """The payment, if the viewer may see a line about it; who is credited may see what for; 2 SQL statements."""
    if not CreditLine.objects.visible_to(viewer).filter(payee_id=payee_id, payment_id=payment_id).exists():
        return None
    return Payment.all_rows.select_related("company", "contract__deal", "contract__product").filter(pk=payment_id).first()


def latest_period(payee_id: int) -> Month | None:
    """The last period in which a payee has lines; 2 SQL statements."""
    latest = [
        model.all_rows.filter(payee_id=payee_id).aggregate(last=Max("period_on"))["last"] for model in (EarningLine, Measure)
    ]
    known = [on for on in latest if on]
    return Month.of(max(known)) if known else None


def posted_total(period: Month) -> Decimal:
    """Everything posted in a period; 2 SQL statements over the lines themselves."""
    sums = [
        model.all_rows.filter(period_on=period.first).aggregate(total=Sum("amount"))["total"]
        for model in (CreditLine, EarningLine)
    ]
    return sum((amount for amount in sums if amount), ZERO)
