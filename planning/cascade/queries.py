"""Reads of what follows from a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, QuerySet, Sum

from planning.cascade.models import FunnelNeed, HeadcountNeed, PlannedItem, RoleNeed, SellerFunnel, SellerMonth, StageMeasure
from planning.engine.activities import STEPS, Activity
from planning.goals.models import YearPlan
from planning.norms.models import ACTIVITY_NAMES
from salesys.kernel.periods import Month

SERVES = {step.activity: step.serves for step in STEPS}


@dataclass(frozen=True, slots=True)
class HeadcountRow:
    """A role of a direction over the months of a plan."""

    role: str
    direction: str
    cells: tuple[HeadcountNeed | None, ...]

    @property
    def hire_from(self) -> date | None:
        """The earliest day by which hiring must start."""
        return min((cell.hire_from for cell in self.cells if cell and cell.hire_from), default=None)

    @property
    def most_missing(self) -> int:
        """People missing in the worst month."""
        return max((cell.missing for cell in self.cells if cell), default=0)


@dataclass(frozen=True, slots=True)
class HeadcountTable:
    """Roles under the months."""

    months: tuple[Month, ...]
    rows: tuple[HeadcountRow, ...]


def headcount_table(needs: QuerySet[HeadcountNeed]) -> HeadcountTable:
    """Headcount needs of one plan as a table, roles nearest to the money first; 1 SQL statement."""
    found: dict[tuple[str, str], dict[date, HeadcountNeed]] = {}
    for need in needs.select_related("direction"):
        found.setdefault((need.role, need.direction.name if need.direction else ""), {})[need.month] = need
    months = sorted({month for by_month in found.values() for month in by_month})
    rows = [
        HeadcountRow(next(iter(by_month.values())).get_role_display(), direction, tuple(by_month.get(month) for month in months))
        for (_role, direction), by_month in sorted(found.items(), key=lambda item: item[0])
    ]
    return HeadcountTable(tuple(Month.of(month) for month in months), tuple(rows))


@dataclass(frozen=True, slots=True)
class Signal:
    """Work that came back because it is beyond 120 % of somebody's capacity, or because nobody is there to do it."""

    employee_id: int
    name: str
    month: date
    activity: Activity
    returned: int
    load: Decimal

    @property
    def activity_name(self) -> str:
        """The activity in words."""
        return str(ACTIVITY_NAMES[self.activity])

    @property
    def is_absent(self) -> bool:
        """Whether the person is not there on any of the days that are left."""
        return not self.load


def signals(user: object, since: date, *, limit: int = 100) -> tuple[Signal, ...]:
    """Returned work that a user may see from a month to the end of its year, the heaviest load of each first; 1 SQL statement."""
    rows = RoleNeed.objects.visible_to(user).filter(month__gte=since, month__year=since.year, returned__gt=0)
    rows = rows.order_by("month", "-load")
    values = rows.values_list("employee", "employee__full_name", "month", "activity", "returned", "load")[:limit]
    return tuple(
        Signal(person, name, month, Activity(code), returned, load) for person, name, month, code, returned, load in values
    )


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A part of the agreed plan whose seller is not there: what nobody brings, from which month to which."""

    employee_id: int
    name: str
    direction: str
    first: date
    last: date
    amount: Decimal


def vacancies(user: object, since: date, *, limit: int = 100) -> tuple[Vacancy, ...]:
    """Parts of agreed plans that a user answers for and nobody carries, from a month to the end of its year; 1 SQL statement.

    One row per person and direction, the largest amount first. The amount, without VAT, is the target less what contracts and
    open deals still bring; it stays until a new version of the plan gives it to somebody.

    Args:
        user: Who looks: the whole company, or a head's directions and people.
        since: First day of the first month.
    """
    rows = SellerMonth.objects.visible_to(user).filter(
        plan__status=YearPlan.Status.AGREED, plan__year=since.year, month__gte=since, month__year=since.year, returned__gt=0
    )
    sums = rows.order_by().values_list("employee", "employee__full_name", "direction__name")
    found = sums.annotate(first=Min("month"), last=Max("month"), amount=Sum("returned")).order_by("-amount", "employee")
    return tuple(
        Vacancy(person, name, direction or "", first, last, amount)
        for person, name, direction, first, last, amount in found[:limit]
    )


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of the funnel as it is explained: from which counts, at which rate, how long before the payment."""

    activity: Activity
    serves: Activity | None
    measure: StageMeasure
    needs: tuple[int, ...]

    @property
    def name(self) -> str:
        """The activity in words."""
        return str(ACTIVITY_NAMES[self.activity])

    @property
    def serves_name(self) -> str:
        """The activity that it serves, in words."""
        return str(ACTIVITY_NAMES[self.serves]) if self.serves else ""

    @property
    def year(self) -> int:
        """Units of all months."""
        return sum(self.needs)


@dataclass(frozen=True, slots=True)
class SellerPlan:
    """A seller's funnel with everything that explains it."""

    funnel: SellerFunnel
    months: tuple[SellerMonth, ...]
    steps: tuple[FunnelStep, ...]


def seller_plan(plan: YearPlan, employee_id: int) -> SellerPlan | None:
    """The funnel of a seller in a plan, months of the plan's year only; None before it was computed. 4 SQL statements."""
    funnel = SellerFunnel.all_rows.filter(plan=plan, employee=employee_id).first()
    if funnel is None:
        return None
    months = tuple(SellerMonth.all_rows.filter(plan=plan, employee=employee_id, month__year=plan.year))
    needs = needs_by_month(plan, [employee_id])
    steps = (
        FunnelStep(
            Activity(measure.activity),
            SERVES.get(Activity(measure.activity)),
            measure,
            tuple(needs.get((Activity(measure.activity), month.month), 0) for month in months),
        )
        for measure in StageMeasure.all_rows.filter(plan=plan, employee=employee_id)
    )
    return SellerPlan(funnel, months, tuple(steps))


def needs_by_month(plan: YearPlan, employees: Iterable[int]) -> dict[tuple[Activity, date], int]:
    """Units of each activity and month that the plans of these sellers ask for; 1 SQL statement."""
    rows = FunnelNeed.all_rows.filter(plan=plan, employee__in=employees).values_list("activity", "month").annotate(Sum("amount"))
    return {(Activity(activity), month): amount for activity, month, amount in rows}


def items_of(employee_id: int, first: date, last: date) -> Sequence[PlannedItem]:
    """Concrete work of an employee on these days, both included; 1 SQL statement."""
    rows = PlannedItem.all_rows.filter(employee=employee_id, on__range=(first, last)).select_related("company", "task", "serves")
    return list(rows.order_by("on", "kind", "pk")[:500])


def item_counts(employee_id: int, first: date, last: date) -> list[tuple[date, int]]:
    """How many companies an employee is to call on each of these days, both included; 1 SQL statement.

    For telesales, who are shown one company at a time: names of those to come would be a list.
    """
    rows = PlannedItem.all_rows.filter(employee=employee_id, on__range=(first, last), kind=PlannedItem.Kind.CALL)
    return list(rows.order_by("on").values_list("on").annotate(Count("pk")))


def last_cascade(plan: YearPlan) -> date | None:
    """The day from which the plan's funnel was last computed; 1 SQL statement."""
    found: date | None = SellerFunnel.all_rows.filter(plan=plan).aggregate(last=Max("basis_on"))["last"]
    return found
