"""Rows of the plan-fact pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Assignment
from accounts.roles import Role
from planning.calendar.queries import Workday, workdays
from planning.control.queries import Attainment, Total, attainment, company_collected, team_day_norms, team_totals
from planning.engine.activities import Activity
from planning.goals.homes import home_months, seller_parts
from planning.goals.models import PlanNode
from planning.goals.queries import amounts_of
from planning.norms.models import ACTIVITY_NAMES
from planning.norms.queries import ROLE_OF
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month
from salesys.shell import charts
from salesys.shell.formats import short_day_text, short_month_text

MOST_PEOPLE = 300


def month_of(request: HttpRequest) -> Month:
    """The month of `?month=2026-11`; nonsense means this month."""
    try:
        asked = Month.parse(request.GET.get("month", ""))
    except InvalidInput:
        return Month.of(clock.today())
    return asked if 2000 <= asked.year <= 2200 else Month.of(clock.today())


@dataclass(frozen=True, slots=True)
class MonthFact:
    """A month of a node: plan, fact, and whether it has begun."""

    month: Month
    planned: Decimal
    collected: Decimal
    has_begun: bool


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """The year of a node with its facts so far."""

    months: tuple[MonthFact, ...]
    chart: charts.Chart

    @property
    def planned(self) -> Decimal:
        """The year's plan."""
        return sum((month.planned for month in self.months), ZERO)

    @property
    def planned_so_far(self) -> Decimal:
        """The plan of the months that have begun."""
        return sum((month.planned for month in self.months if month.has_begun), ZERO)

    @property
    def collected(self) -> Decimal:
        """What was collected so far."""
        return sum((month.collected for month in self.months), ZERO)


def node_facts(node: PlanNode) -> NodeFacts:
    """Months of a node with what was collected; at most 3 SQL statements.

    The company has every payment. A seller counts with all payments of a month, and in one part alone: see `home_months`.
    """
    planned, months, today = amounts_of(node), node.plan.months, clock.today()
    facts = _collected(node)
    rows = tuple(MonthFact(month, planned.get(month, ZERO), facts.get(month, ZERO), month.first <= today) for month in months)
    chart = charts.plan_fact(
        _("Collected and planned"),
        [short_month_text(month.first) for month in months],
        plan=[row.planned for row in rows],
        fact=[row.collected if row.has_begun else None for row in rows],
    )
    return NodeFacts(rows, chart)


def _collected(node: PlanNode) -> dict[Month, Decimal]:
    """By month; months without payments are missing."""
    months = node.plan.months
    if node.level == PlanNode.Level.COMPANY:
        return company_collected(first=months[0], last=months[-1])
    sellers = _months_of_sellers(node)
    facts: dict[Month, Decimal] = defaultdict(Decimal)
    for row in attainment(first=months[0], last=months[-1], employees=sellers):
        if row.month.number in sellers[row.employee_id]:
            facts[row.month] += row.collected
    return facts


def _months_of_sellers(node: PlanNode) -> dict[int, frozenset[int]]:
    """The sellers of a part with the months that stand in it."""
    own = PlanNode.all_rows.filter(Q(pk=node.pk) | Q(parent=node), level=PlanNode.Level.SELLER).order_by()
    parts = seller_parts(PlanNode.all_rows.filter(plan=node.plan_id, employee__in=own.values("employee")))
    months = home_months(parts)
    return {part.employee_id: months[part.node_id] for part in parts if node.pk in (part.node_id, part.parent_id)}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One activity on one day."""

    target: int
    done: int
    is_due: bool

    @property
    def is_met(self) -> bool:
        """Whether the norm was reached."""
        return self.done >= self.target


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of a person."""

    day: Workday
    is_today: bool
    cells: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class PersonDays:
    """A person's month: activities across, days down, sums below."""

    activities: tuple[str, ...]
    rows: tuple[DayRow, ...]
    totals: tuple[DayCell, ...]
    chart: charts.Chart | None


def person_days(employee_id: int, month: Month, today: date) -> PersonDays:
    """Targets and facts of a month by day; 3 SQL statements. Days off without work are left out."""
    found: dict[tuple[date, Activity], tuple[int, int]] = {}
    for _employee, norm in team_day_norms([employee_id], month.first, month.last):
        found[norm.on, norm.activity] = (norm.target, norm.done)
    activities = sorted({activity for _on, activity in found}, reverse=True)
    days = [day for day in workdays(month.first, month.last) if day.hours or any(on == day.on for on, _activity in found)]
    rows = tuple(
        DayRow(
            day,
            day.on == today,
            tuple(DayCell(*found.get((day.on, activity), (0, 0)), day.on <= today) for activity in activities),
        )
        for day in days
    )
    totals = tuple(
        DayCell(sum(row.cells[index].target for row in rows), sum(row.cells[index].done for row in rows), True)
        for index in range(len(activities))
    )
    return PersonDays(tuple(str(ACTIVITY_NAMES[activity]) for activity in activities), rows, totals, _day_chart(activities, rows))


def _day_chart(activities: Sequence[Activity], rows: Sequence[DayRow]) -> charts.Chart | None:
    """The busiest activity of the person, accumulated over the month."""
    if not activities or not rows:
        return None
    index = max(range(len(activities)), key=lambda place: sum(row.cells[place].target + row.cells[place].done for row in rows))
    cells = [row.cells[index] for row in rows]
    return charts.plan_fact(
        str(ACTIVITY_NAMES[activities[index]]).capitalize(),
        [short_day_text(row.day.on) for row in rows],
        plan=[cell.target for cell in cells],
        fact=[cell.done if cell.is_due else None for cell in cells],
        unit=charts.Unit.NUMBER,
    )


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person of a team: money of the month if they carry a plan, and their activities so far."""

    employee_id: int
    name: str
    role: str
    money: Attainment | None
    totals: tuple[tuple[str, Total], ...]


def team_rows(user: object, month: Month, today: date) -> tuple[TeamRow, ...]:
    """Everyone below a user who has daily work, with plan and fact up to today; 4 SQL statements, at most 300 people.

    Whoever was there on any day of the month so far, as where they stood last: their money is the team's, though they are gone.
    """
    roles = {role.value for role in ROLE_OF.values()} | {Role.CLIENT_MANAGER.value, Role.VIP_MANAGER.value}
    so_far = DateRange(month.first, min(max(month.first, today), month.last), "[]")
    stood = Assignment.objects.visible_to(user).filter(role__in=roles, valid__overlap=so_far)
    last = stood.order_by("employee_id", "-valid").distinct("employee_id")
    places = Assignment.all_rows.filter(pk__in=last.values("pk")).select_related("employee")
    people = {place.employee_id: place for place in places.order_by("role", "employee__full_name")[:MOST_PEOPLE]}
    money = {row.employee_id: row for row in attainment(first=month, last=month, employees=people) if row.planned}
    totals: dict[int, list[tuple[str, Total]]] = {}
    for total in team_totals(list(people), month.first, min(month.last, today)):
        if ROLE_OF.get(total.activity) == people[total.employee_id].role or total.target:
            totals.setdefault(total.employee_id, []).append((str(ACTIVITY_NAMES[total.activity]), total))
    return tuple(
        TeamRow(person, place.employee.full_name, place.get_role_display(), money.get(person), tuple(totals.get(person, [])))
        for person, place in people.items()
    )
