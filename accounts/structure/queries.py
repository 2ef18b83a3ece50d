"""The structure as of a date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.people.models import Employee
from accounts.roles import HEAD_ROLES, Role
from accounts.structure.models import Assignment, Department, DepartmentKind
from salesys.db import clock


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a department on a date."""

    employee_id: int
    name: str
    role: Role
    direction: str
    manager: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A department on a date: its people, heads first, the departments below, and how many people stand in all of it."""

    department: Department
    seats: tuple[Seat, ...]
    branches: tuple[Branch, ...]
    people: int

    @property
    def kind(self) -> str:
        """What the department does, for people."""
        return str(DepartmentKind(self.department.kind).label)


ORDER = {role: position for position, role in enumerate(Role)}


def structure_tree(on: date) -> tuple[Branch, ...]:
    """The tree of departments with who stands in them on the date; 2 SQL statements. Ordered by name, people by level."""
    seats: dict[int, list[Seat]] = {}
    rows = Assignment.all_rows.filter(valid__contains=on).select_related("employee", "direction", "manager")
    for row in rows:
        seat = Seat(
            row.employee_id,
            row.employee.full_name,
            Role(row.role),
            row.direction.name if row.direction else "",
            row.manager.full_name if row.manager else "",
        )
        seats.setdefault(row.department_id, []).append(seat)
    below: dict[int | None, list[Department]] = {}
    departments: Iterable[Any] = Department.all_rows.order_by("name", "pk")
    for department in departments:
        below.setdefault(department.parent_id, []).append(department)
    return _branches(None, below, seats)


def _branches(parent: int | None, below: dict[int | None, list[Department]], seats: dict[int, list[Seat]]) -> tuple[Branch, ...]:
    found = []
    for department in below.get(parent, []):
        own = tuple(sorted(seats.get(department.pk, []), key=lambda seat: (ORDER[seat.role], seat.name)))
        children = _branches(department.pk, below, seats)
        found.append(Branch(department, own, children, len(own) + sum(child.people for child in children)))
    return tuple(found)


def current_assignments(employee_ids: Sequence[int], on: date) -> dict[int, Assignment]:
    """Where each of the employees stands on the date, by employee; 1 SQL statement."""
    rows = Assignment.all_rows.filter(employee__in=employee_ids, valid__contains=on)
    return {row.employee_id: row for row in rows.select_related("department", "direction", "manager")}


def head_above(employee: Employee, on: date) -> Employee | None:
    """The nearest head above a person as the structure stood on the date, among those who work here today.

    One SQL statement per level.
    """
    seen, person = {employee.pk}, employee.pk
    while True:
        place = Assignment.all_rows.filter(employee=person, valid__contains=on).first()
        if place is None or place.manager_id is None or place.manager_id in seen:
            return None
        person = place.manager_id
        seen.add(person)
        heads = Assignment.all_rows.filter(employee=person, role__in=HEAD_ROLES, valid__contains=clock.today())
        if (found := heads.select_related("employee__user").first()) is not None:
            head: Employee = found.employee
            return head


def first_holder(roles: Sequence[str], on: date) -> Employee | None:
    """Who holds the first of the roles that anybody holds on the date; 1 SQL statement."""
    rows = Assignment.all_rows.filter(role__in=list(roles), valid__contains=on).select_related("employee__user")
    found = min(rows, key=lambda row: (list(roles).index(row.role), row.employee_id), default=None)
    return found.employee if found is not None else None


def role_holders(roles: Iterable[str], on: date) -> int:
    """How many people hold one of the roles on the date; 1 SQL statement."""
    return Assignment.all_rows.filter(role__in=list(roles), valid__contains=on).count()
