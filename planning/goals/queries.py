"""What a plan is distributed by, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from planning.bulk import select, statement
from planning.goals.models import PlanAmount, PlanNode, YearPlan
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seller in a direction in one month of the plan's year."""

    employee_id: int
    direction_id: int | None
    month: Month
    hired: Month


@dataclass(frozen=True, slots=True)
class Record:
    """What a seller collected over the months in which somebody could measure it."""

    collected: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A node whose children do not sum to it in a month; `gap` is what they lack."""

    node_id: int
    month: date
    gap: Decimal


def seats(year: int, *, since: date) -> tuple[Seat, ...]:
    """Who sells where in each month of a year, as of the month's last day; 1 SQL statement.

    Sellers have a seat; client and VIP managers only when contracts of theirs were paid since `since`.
    """
    rows = select(statement(SQL / "seats.sql"), {"year": year, "since": since})
    return tuple(Seat(employee, direction, Month.of(month), Month.of(hired)) for employee, direction, month, hired in rows)


def collected_by_month(until: date) -> dict[Month, Decimal]:
    """Payments without VAT of whole months before the month of `until`; 1 SQL statement."""
    rows = select(statement(SQL / "collected_by_month.sql"), {"until": until.replace(day=1)})
    return {Month.of(month): amount for month, amount in rows}


def records(*, since: date, until: date) -> dict[int, Record]:
    """Collected payments by seller in `[since, until)`, with the months of it that the seller was employed; 1 SQL statement.

    A payment is the seller's whose contract it pays.
    """
    rows = select(statement(SQL / "records.sql"), {"since": since, "until": until})
    return {employee: Record(amount, months) for employee, amount, months in rows}


def imbalances(plan: YearPlan) -> tuple[Imbalance, ...]:
    """Where the tree does not add up, the goal against the company's node included; 1 SQL statement.

    A plan may be agreed only when there is none.
    """
    rows = select(statement(SQL / "imbalances.sql"), {"plan": plan.pk})
    return tuple(Imbalance(*row) for row in rows)


def amounts_of(node: PlanNode) -> dict[Month, Decimal]:
    """A node's twelve months; 1 SQL statement."""
    rows = PlanAmount.all_rows.filter(node=node).values_list("month", "amount")
    return {Month.of(month): amount for month, amount in rows}


def year_of(node: PlanNode) -> Decimal:
    """A node's year, the sum of its months; 1 SQL statement."""
    return sum(amounts_of(node).values(), ZERO)


@dataclass(frozen=True, slots=True)
class Finished:
    """What sellers had in the months of a year that are over.

    Attributes:
        months: How many are over: January and those after it.
        amounts: One per such month by direction (0: none) and employee id, whoever had nothing left out. Months in which nobody
            had anything are over all the same.
    """

    months: int
    amounts: dict[tuple[int, int], tuple[Decimal, ...]]


def finished_amounts(year: int, today: date) -> Finished:
    """What the months of a year that are over had by the version in force, none without one; at most 2 SQL statements.

    Args:
        year: Calendar year.
        today: The first day that is not over.
    """
    plan = plan_in_force(year)
    return Finished(0, {}) if plan is None else amounts_of_months_over(plan, today)


def amounts_of_months_over(plan: YearPlan, today: date) -> Finished:
    """The same of a certain version, a draft too; at most 1 SQL statement."""
    over = [month for month in plan.months if month.last < today]
    if not over:
        return Finished(0, {})
    rows = PlanAmount.all_rows.filter(
        node__plan=plan, node__level=PlanNode.Level.SELLER, month__lte=over[-1].first, amount__gt=0
    ).order_by("node")
    found: dict[tuple[int, int], dict[Month, Decimal]] = {}
    for direction_id, employee_id, first, amount in rows.values_list("node__direction", "node__employee", "month", "amount"):
        found.setdefault((direction_id or 0, employee_id), {})[Month.of(first)] = amount
    return Finished(len(over), {seat: tuple(by_month.get(month, ZERO) for month in over) for seat, by_month in found.items()})


def plan_in_force(year: int) -> YearPlan | None:
    """The agreed plan of a year; 1 SQL statement."""
    return YearPlan.all_rows.filter(year=year, status=YearPlan.Status.AGREED).first()
