"""Who looks: the user's place in the structure today, computed once per request."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.access.table import reaches_of
from accounts.people.models import Employee, User
from accounts.roles import HEAD_ROLES, Role
from accounts.structure.models import Assignment
from salesys.db import clock
from salesys.db.scope import Viewer

NOBODY = Viewer(user_id=None, employee_id=None, role="")

TEAM = """
WITH RECURSIVE team(id) AS (
    -- the head
    SELECT %(employee)s::bigint
    UNION
    -- who reports to somebody already found, as of the date; UNION ends circles
    SELECT a.employee_id FROM accounts_assignment a JOIN team ON a.manager_id = team.id WHERE a.valid @> %(on)s::date
)
SELECT id FROM team
"""

DEPARTMENTS = """
WITH RECURSIVE below(id) AS (
    SELECT %(department)s::bigint
    UNION
    SELECT d.id FROM accounts_department d JOIN below ON d.parent_id = below.id
)
SELECT id FROM below
"""


def viewer_of(user: User | AnonymousUser) -> Viewer:
    """The viewer behind a signed-in user; at most 3 SQL statements, once per user object.

    A user without an assignment today reaches nothing, except the first administrator of an installation.
    """
    if not isinstance(user, User):
        user = getattr(user, "_wrapped", user)
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    if (known := user.__dict__.get("_viewer")) is None:
        known = user.__dict__["_viewer"] = _look_up(user)
    viewer: Viewer = known
    return viewer


def _look_up(user: User) -> Viewer:
    today = clock.today()
    place = Assignment.all_rows.filter(employee__user=user, valid__contains=today).select_related("employee").first()
    if place is None:
        return _first_administrator(user, today) if user.is_superuser else Viewer(user_id=user.pk, employee_id=None, role="")
    # Every page names the person in its head
    user.employee = place.employee
    is_head = place.role in HEAD_ROLES
    return Viewer(
        user_id=user.pk,
        employee_id=place.employee_id,
        role=place.role,
        department_ids=_ids(DEPARTMENTS, department=place.department_id),
        direction_ids=frozenset({place.direction_id} if place.direction_id else ()),
        team_ids=_ids(TEAM, employee=place.employee_id, on=today) if is_head else frozenset({place.employee_id}),
        reaches=reaches_of(place.role),
    )


def _first_administrator(user: User, today: date) -> Viewer:
    """Who stands nowhere, but is one of the people: nobody moves themselves, and a dismissal ends this too."""
    employee = Employee.all_rows.filter(user=user).first()
    if employee is None:
        return Viewer(user.pk, None, Role.ADMINISTRATOR, reaches=reaches_of(Role.ADMINISTRATOR))
    has_left = employee.dismissed_on is not None and employee.dismissed_on <= today
    role = "" if has_left else Role.ADMINISTRATOR
    return Viewer(user.pk, employee.pk, role, reaches=reaches_of(role))


def _ids(statement: str, **parameters: int | date) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return frozenset(row[0] for row in cursor.fetchall())
