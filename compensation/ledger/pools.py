"""The pool of a department in a month: who its members are, how much it is, and what each gets by days or by parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from accounts.models import Assignment, Department, Employee
from compensation.engine.inputs import Cover, MonthInputs
from compensation.engine.month import month_earnings
from compensation.engine.terms import TeamPool
from compensation.ledger.earnings import credited_sums, versions_of, working_calendar
from compensation.ledger.models import PoolWeight
from compensation.ledger.policies import can_weigh_pool
from compensation.schemes.models import Component, SchemeAssignment, SchemeVersion
from compensation.schemes.terms import components_of
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PoolMember:
    """A member of the pool.

    Attributes:
        days: Working days of the month on which the pool's terms held for the person.
        weight: The part of the pool that is asked for or kept, 0 to 1; None while days decide.
        by_days: What days worked would give.
        amount: What the parts give, else the days.
    """

    employee: Employee
    days: int
    weight: Decimal | None
    by_days: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DepartmentPool:
    """A department's pool of a month with its members by name; without members there is no pool."""

    department: Department
    month: Month
    collections: Decimal
    members: tuple[PoolMember, ...]

    @property
    def fund(self) -> Decimal:
        """What is divided; the members' amounts add up to it."""
        return sum((member.by_days for member in self.members), ZERO)

    @property
    def divided(self) -> Decimal:
        """What the members get together; it is the fund, to the kopeck."""
        return sum((member.amount for member in self.members), ZERO)

    @property
    def is_weighed(self) -> bool:
        """Whether parts decide rather than days."""
        return any(member.weight for member in self.members)


def department_pool(department: Department, month: Month, *, weights: Mapping[int, Decimal] | None = None) -> DepartmentPool:
    """What each member gets of the department's pool, as the next run will compute it from what is credited by now.

    Args:
        department: Whose pool.
        month: Of which month.
        weights: Employee -> part of the pool, for a preview; None: the parts that are kept. Empty: days worked decide.

    Returns:
        Amounts in the company's currency, exact to the kopeck; members by name. 10 SQL statements.
    """
    inputs = _inputs(department, month)
    if weights is None:
        kept = PoolWeight.all_rows.filter(department=department, month_on=month.first)
        weights = {row.employee_id: row.weight for row in kept}
    asked = {(department.pk, employee_id): weight for employee_id, weight in weights.items()}
    by_days, by_parts = _shares(inputs), _shares(replace(inputs, weights=asked))
    people = Employee.all_rows.filter(pk__in=by_days).order_by("full_name", "pk")
    members = tuple(
        PoolMember(
            person,
            sum(by_days[person.pk].days.values()),
            weights.get(person.pk, ZERO) if weights else None,
            by_days[person.pk].amount,
            by_parts[person.pk].amount,
        )
        for person in people
    )
    collections = max((share.collections for share in by_days.values()), default=ZERO)
    return DepartmentPool(department, month, collections, members)


@dataclass(slots=True)
class _Share:
    """What a person has of all pools of the department; days are those under each scheme, which may have several pools."""

    days: dict[int, int] = field(default_factory=dict)
    collections: Decimal = ZERO
    amount: Decimal = ZERO


def _shares(inputs: MonthInputs) -> dict[int, _Share]:
    """Payee -> share."""
    schemes = {
        component_id: cover.scheme_id for cover in inputs.covers for component_id, _part in inputs.components[cover.version_id]
    }
    found: dict[int, _Share] = defaultdict(_Share)
    for key, line in month_earnings(inputs).lines.items():
        share, told = found[key.payee_id], cast("dict[str, str]", line.trace["inputs"])
        share.amount += line.amount
        share.collections = max(share.collections, Decimal(told["collections"]))
        if told["by"] == "days":
            share.days[schemes[key.component_id]] = int(told["own"])
    return found


def _inputs(department: Department, month: Month) -> MonthInputs:
    """The month as the engine sees it, of the department and its pools alone."""
    covers = list(_covers(department, month))
    versions = versions_of(month, covers)
    stored = components_of(sorted(versions))
    pools = {
        version_id: [(component_id, part) for component_id, part in parts if isinstance(part.terms, TeamPool)]
        for version_id, parts in stored.items()
    }
    sums = credited_sums(month, [component_id for parts in pools.values() for component_id, _part in parts])
    worked_days, norm_days = working_calendar(month)
    return MonthInputs(
        covers=covers,
        components=pools,
        versions=versions,
        sums={key: basis for key, basis in sums.items() if key.department_id == department.pk},
        worked_days=worked_days,
        norm_days=norm_days,
        are_days_paid=False,
    )


def _covers(department: Department, month: Month) -> Iterator[Cover]:
    """Who is paid by which version on each day of the month, standing in the department; 3 SQL statements.

    A scheme that a person has on a date goes before that of the role, as in `engine/sql/coverage.sql`.
    """
    span = DateRange(month.first, month.plus(1).first)
    places = list(Assignment.all_rows.filter(department=department, valid__overlap=span))
    people = {place.employee_id for place in places}
    held = SchemeAssignment.all_rows.filter(valid__overlap=span)
    given = list(held.filter(Q(employee__in=people) | Q(employee__isnull=True)))
    versions = list(SchemeVersion.all_rows.filter(valid__overlap=span, scheme__in={row.scheme_id for row in given}))
    for on in _days(month):
        for place in places:
            scheme_id = _scheme_on(place, given, on) if on in place.valid else None
            for version in versions:
                if version.scheme_id == scheme_id and on in version.valid:
                    yield Cover(place.employee_id, department.pk, version.scheme_id, version.pk, on, on + ONE_DAY)


def _days(month: Month) -> Iterator[date]:
    on = month.first
    while on <= month.last:
        yield on
        on += ONE_DAY


def _scheme_on(place: Assignment, given: Sequence[SchemeAssignment], on: date) -> int | None:
    """By which scheme a person is paid on a date on which they stand in the place."""
    holding = [row for row in given if on in row.valid]
    own = [row.scheme_id for row in holding if row.employee_id == place.employee_id]
    by_role = [row.scheme_id for row in holding if row.employee_id is None and row.role == place.role]
    return next(iter(own or by_role), None)


def pools_to_divide(viewer: object, month: Month) -> list[Department]:
    """Departments with a pool in the month that the viewer may divide, by name; 1 SQL statement, and at most 2 per department."""
    span = DateRange(month.first, month.plus(1).first)
    pools = Component.all_rows.filter(kind=Component.Kind.TEAM_POOL, version__valid__overlap=span)
    given = SchemeAssignment.all_rows.filter(scheme__in=pools.values("version__scheme"), valid__overlap=span)
    by_name, by_role = given.filter(employee__isnull=False), given.filter(employee__isnull=True)
    paid = Q(employee__in=by_name.values("employee")) | Q(role__in=by_role.values("role"))
    places = Assignment.all_rows.filter(paid, valid__overlap=span)
    departments = Department.objects.visible_to(viewer).filter(pk__in=places.values("department"))
    return [department for department in departments if can_weigh_pool(viewer, department, month)]
