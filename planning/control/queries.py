"""Plan and fact: attainment of money for pay, units of work for people and their heads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from pipeline.models import Payment
from planning.bulk import select, statement
from planning.cascade.facts import Fact, facts, facts_by_employee, facts_in_all
from planning.cascade.models import DailyTarget
from planning.engine.activities import Activity
from salesys.db.organisation import organisation
from salesys.kernel.money import cut_rate, round_rate
from salesys.kernel.periods import Month

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Attainment:
    """One employee's plan and fact of one month, without VAT; `ratio` is None where nothing was planned."""

    employee_id: int
    month: Month
    planned: Decimal
    collected: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Collected per planned, cut to six places: steps of pay begin at 1, and 1 is the whole plan, not a rouble less."""
        return cut_rate(min(self.collected / self.planned, MOST_ATTAINMENT)) if self.planned else None


MOST_ATTAINMENT = Decimal("999.999999")


def attainment(*, first: Month, last: Month, employees: Collection[int] | None = None) -> tuple[Attainment, ...]:
    """Plan attainment per employee and month, `first` and `last` included; 1 SQL statement.

    The plan is the version that was in force on the month's last day (ADR 24). The fact is what was paid in the month under
    contracts whose seller the employee is, refunds taken off. Rows exist where there is a plan or a fact, ordered by month
    and employee.

    Args:
        first: First month.
        last: Last month, included.
        employees: Only these; all when None.
    """
    rows = select(statement(SQL / "attainment.sql"), _window(first, last, employees))
    return tuple(Attainment(employee_id, Month.of(month), planned, collected) for employee_id, month, planned, collected in rows)


def _window(first: Month, last: Month, employees: Collection[int] | None) -> dict[str, object]:
    narrowed = None if employees is None else sorted(employees)
    return {"first": first.first, "until": last.plus(1).first, "employees": narrowed, "zone": organisation().time_zone}


def attainment_sql() -> str:
    """The statement behind `attainment`, for other set-based statements to join.

    Columns `employee_id`, `month` (its first day), `planned`, `collected`; parameters `first` and `until` (dates, half-open,
    firsts of months), `employees` (bigint[] or NULL for all) and `zone` (the company's time zone).
    """
    return statement(SQL / "attainment.sql")


@dataclass(frozen=True, slots=True)
class DayNorm:
    """One activity of one employee on one day: what was to be done and what was."""

    on: date
    activity: Activity
    target: int
    done: int

    @property
    def is_met(self) -> bool:
        """Whether the norm was reached."""
        return self.done >= self.target


def day_norms(employee_id: int, first: date, last: date) -> tuple[DayNorm, ...]:
    """Targets and facts of an employee by day and activity, both dates included; 2 SQL statements.

    Ordered by day, activities nearest to the money first; days with neither target nor fact are missing.
    """
    return tuple(norm for _employee, norm in team_day_norms([employee_id], first, last))


def team_day_norms(employees: Sequence[int], first: date, last: date) -> Iterator[tuple[int, DayNorm]]:
    """The same for several employees, with the employee's id before each row; 2 SQL statements."""
    targets = DailyTarget.all_rows.filter(employee__in=employees, on__range=(first, last))
    planned = {(row[0], row[1], row[2]): row[3] for row in targets.values_list("employee", "on", "activity", "amount")}
    done = {(fact.employee_id, fact.on, int(fact.activity)): fact.amount for fact in _facts(employees, first, last)}
    for key in sorted(planned.keys() | done.keys(), key=lambda key: (key[1], key[0], -key[2])):
        employee_id, on, activity = key
        yield employee_id, DayNorm(on, Activity(activity), planned.get(key, 0), done.get(key, 0))


def _facts(employees: Sequence[int], first: date, last: date) -> tuple[Fact, ...]:
    return facts(since=first, until=last + timedelta(days=1), employees=employees)


@dataclass(frozen=True, slots=True)
class Total:
    """One employee's activity over a stretch of days."""

    employee_id: int
    activity: Activity
    target: int
    done: int


def team_totals(employees: Sequence[int], first: date, last: date) -> tuple[Total, ...]:
    """Targets and facts of each employee and activity, summed over days; 2 SQL statements. Ordered by employee, activity."""
    targets = DailyTarget.all_rows.filter(employee__in=employees, on__range=(first, last)).values_list("employee", "activity")
    planned = {(person, Activity(code)): total for person, code, total in targets.annotate(Sum("amount"))}
    done = facts_by_employee(since=first, until=last + timedelta(days=1), employees=employees)
    keys = sorted(planned.keys() | done.keys(), key=lambda key: (key[0], -key[1]))
    return tuple(Total(key[0], key[1], planned.get(key, 0), done.get(key, 0)) for key in keys)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the conveyor: what came in at its first stage and went out at its last, and the share between."""

    name: str
    came_in: Activity
    went_out: Activity
    entered: int
    left: int

    @property
    def conversion(self) -> Decimal | None:
        """Share that passed; None when nothing came in."""
        return round_rate(Decimal(self.left) / self.entered) if self.entered else None


SECTIONS = (
    ("scout", Activity.DIALS, Activity.WARM_CONTACTS),
    ("hunter", Activity.MEETINGS, Activity.PROPOSALS),
    ("closer", Activity.PROPOSALS, Activity.DEALS),
)


def conveyor(employees: Sequence[int] | None, first: date, last: date) -> tuple[Section, ...]:
    """What the conveyor's sections took in and gave on over a stretch of days; 1 SQL statement.

    Args:
        employees: Only their work; everybody's when None.
        first: First day.
        last: Last day, included.
    """
    sums = facts_in_all(since=first, until=last + timedelta(days=1), employees=employees)
    return tuple(Section(name, came, went, sums.get(came, 0), sums.get(went, 0)) for name, came, went in SECTIONS)


def company_collected(*, first: Month, last: Month) -> dict[Month, Decimal]:
    """What the whole company collected by month, without VAT, under contracts without a seller, too; 1 SQL statement.

    Months without payments are missing.

    Args:
        first: First month.
        last: Last month, included.
    """
    paid = Payment.all_rows.filter(paid_on__gte=first.first, paid_on__lte=last.last).order_by()
    rows = paid.annotate(month=TruncMonth("paid_on")).values_list("month").annotate(Sum("amount_without_vat"))
    return {Month.of(month): total for month, total in rows}
