"""The structure as of a date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.roles import Role
from accounts.structure.models import Assignment, Department, DepartmentKind


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


def role_holders(roles: Iterable[str], on: date) -> int:
    """How many people hold one of the roles on the date; 1 SQL statement."""
    return Assignment.all_rows.filter(role__in=list(roles), valid__contains=on).count()
