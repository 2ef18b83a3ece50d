"""Where a person stands, as a value, and the rules that a new stand must meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment, Department, Direction
from salesys.kernel.errors import InvalidInput, Issue, invalid

CIRCLE = """
WITH RECURSIVE walk(person, span) AS (
    -- the manager-to-be, on the dates of the new assignment
    SELECT %(manager)s::bigint, daterange(%(start)s::date, %(end)s::date)
    UNION
    -- whoever manages them, on the dates that are left
    SELECT a.manager_id, a.valid * walk.span
    FROM accounts_assignment a JOIN walk ON a.employee_id = walk.person AND a.valid && walk.span
    WHERE a.manager_id IS NOT NULL AND a.employee_id <> %(employee)s
)
SELECT min(lower(span)) FROM walk WHERE person = %(employee)s
"""

CIRCLES = """
WITH RECURSIVE walk(origin, person, span) AS (
    -- the managers of the new assignments
    SELECT a.employee_id, a.manager_id, a.valid
    FROM accounts_assignment a WHERE a.id = ANY(%(assignments)s) AND a.manager_id IS NOT NULL
    UNION
    -- whoever manages them, on the dates that are left
    SELECT walk.origin, a.manager_id, a.valid * walk.span
    FROM accounts_assignment a JOIN walk ON a.employee_id = walk.person AND a.valid && walk.span
    WHERE a.manager_id IS NOT NULL AND walk.person <> walk.origin
)
SELECT e.full_name, lower(walk.span)
FROM walk JOIN accounts_employee e ON e.id = walk.origin WHERE walk.person = walk.origin ORDER BY 2, 1 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Placement:
    """Department, role, direction and manager of a person."""

    department: Department
    role: Role
    direction: Direction | None = None
    manager: Employee | None = None

    @classmethod
    def of(cls, assignment: Assignment) -> Placement:
        """What an assignment says."""
        return cls(assignment.department, Role(assignment.role), assignment.direction, assignment.manager)

    def as_fields(self) -> dict[str, object]:
        """For the audit trail."""
        return {"department": self.department, "role": str(self.role), "direction": self.direction, "manager": self.manager}

    def same_as(self, other: Assignment) -> bool:
        """Whether an assignment says the same."""
        mine = (self.department.pk, str(self.role), self.direction and self.direction.pk, self.manager and self.manager.pk)
        return mine == (other.department_id, other.role, other.direction_id, other.manager_id)


def check_dates(employee: Employee, start: date) -> None:
    """Refuse a stand of someone who is not employed on its first date.

    Raises:
        InvalidInput: `start` is before the hiring or not before the dismissal.
    """
    if start < employee.hired_on:
        raise invalid(
            "before_hiring",
            _("%(name)s is not hired yet on this date.") % {"name": employee.full_name},
            field="from_on",
            value=start,
            remedy=_("Choose %(date)s or later.") % {"date": employee.hired_on},
        )
    if employee.dismissed_on is not None and start >= employee.dismissed_on:
        raise invalid(
            "after_dismissal",
            _("%(name)s no longer works here on this date.") % {"name": employee.full_name},
            field="from_on",
            value=start,
            remedy=_("Choose a date before %(date)s.") % {"date": employee.dismissed_on},
        )


def check_placement(employee: Employee, placement: Placement, start: date, end: date | None) -> None:
    """Refuse a manager who is not there, is the person or stands below the person on some date in `[start, end)`.

    One SQL statement; the caller holds the structure's lock.

    Raises:
        InvalidInput: As above, or the direction is closed.
    """
    if placement.role not in Role.values:
        raise invalid(
            "unknown_role", _("There is no such role."), field="role", value=placement.role, remedy=_("Choose one of the list.")
        )
    if placement.direction is not None and not placement.direction.is_active:
        raise invalid(
            "direction_closed",
            _("This direction is closed."),
            field="direction",
            value=placement.direction.name,
            remedy=_("Choose another, or open it again."),
        )
    if placement.manager is not None:
        _check_manager(employee, placement.manager, start, end)


def _check_manager(employee: Employee, manager: Employee, start: date, end: date | None) -> None:
    if manager.pk == employee.pk:
        raise _manager_issue("own_manager", _("Nobody is their own manager."), manager)
    if start < manager.hired_on or (manager.dismissed_on is not None and start >= manager.dismissed_on):
        raise _manager_issue("manager_absent", _("The manager does not work here on this date."), manager)
    with connection.cursor() as cursor:
        cursor.execute(CIRCLE, {"manager": manager.pk, "employee": employee.pk, "start": start, "end": end})
        since = cursor.fetchone()[0]
    if since is not None:
        problem = _("%(manager)s stands below %(name)s from %(date)s on.")
        values = {"manager": manager.full_name, "name": employee.full_name, "date": since}
        raise _manager_issue("manager_circle", problem % values, manager)


def _manager_issue(code: str, problem: str, manager: Employee) -> InvalidInput:
    return InvalidInput(Issue(code, problem, "manager", manager.full_name, _("Choose another manager.")))


def refuse_circles(assignment_ids: Sequence[int]) -> None:
    """Refuse written assignments that let somebody stand below themselves on some date; one SQL statement.

    Raises:
        InvalidInput: Names the person and the first such date.
    """
    with connection.cursor() as cursor:
        cursor.execute(CIRCLES, {"assignments": list(assignment_ids)})
        found = cursor.fetchone()
    if found is not None:
        problem = _("%(name)s would stand below themselves from %(date)s on.") % {"name": found[0], "date": found[1]}
        raise InvalidInput(Issue("manager_circle", problem, "manager", found[0], _("Choose another manager.")))
