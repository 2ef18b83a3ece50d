"""Changes of departments and directions: each under the structure's lock, each with its audit event."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.locks import lock_structure
from accounts.people.models import User
from accounts.structure.models import Department, DepartmentKind, Direction
from salesys.db.constraints import constraints_as_issues
from salesys.kernel.errors import InvalidInput, Issue, invalid

ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT %(department)s::bigint
    UNION
    -- one step up from each department already found; UNION ends circles
    SELECT d.parent_id FROM accounts_department d JOIN above ON d.id = above.id WHERE d.parent_id IS NOT NULL
)
SELECT EXISTS (SELECT 1 FROM above WHERE id = %(sought)s)
"""


@transaction.atomic
def create_department(
    *, actor: User | None, name: str, kind: str, parent: Department | None = None, time_zone: str = ""
) -> Department:
    """Open a department below `parent`, or at the top; locks the structure.

    Args:
        kind: A value of `DepartmentKind`.
        time_zone: IANA name; empty means the company's.

    Raises:
        InvalidInput: No name, an unknown kind or time zone, or the name is taken there.
    """
    lock_structure()
    name = _required_name(name)
    if kind not in DepartmentKind.values:
        raise invalid(
            "unknown_kind",
            _("There is no such kind of department."),
            field="kind",
            value=kind,
            remedy=_("Choose one of the list."),
        )
    _check_time_zone(time_zone)
    with constraints_as_issues({"department_name_once_below_parent": _name_taken(name)}):
        department = Department.all_rows.create(name=name, kind=kind, parent=parent, time_zone=time_zone)
    after = {"name": name, "kind": kind, "parent": parent, "time_zone": time_zone}
    record(actor=actor, action="department.created", obj=department, after=after)
    return department


@transaction.atomic
def change_department(*, actor: User | None, department: Department, name: str, kind: str, time_zone: str = "") -> Department:
    """Rename a department or change its kind or time zone; locks the structure.

    Raises:
        InvalidInput: No name, an unknown kind or time zone, or the name is taken there.
    """
    lock_structure()
    department = Department.all_rows.get(pk=department.pk)
    before = {"name": department.name, "kind": department.kind, "time_zone": department.time_zone}
    department.name = _required_name(name)
    if kind not in DepartmentKind.values:
        raise invalid(
            "unknown_kind",
            _("There is no such kind of department."),
            field="kind",
            value=kind,
            remedy=_("Choose one of the list."),
        )
    _check_time_zone(time_zone)
    department.kind, department.time_zone = kind, time_zone
    with constraints_as_issues({"department_name_once_below_parent": _name_taken(name)}):
        department.save(update_fields=["name", "kind", "time_zone"])
    record(
        actor=actor,
        action="department.changed",
        obj=department,
        before=before,
        after={"name": department.name, "kind": kind, "time_zone": time_zone},
    )
    return department


@transaction.atomic
def move_department(*, actor: User | None, department: Department, parent: Department | None) -> Department:
    """Put a department, with all below it, under another; locks the structure, so that two moves cannot make a circle.

    Raises:
        InvalidInput: `parent` is the department itself or stands below it, or has one of that name already.
    """
    lock_structure()
    department = Department.all_rows.get(pk=department.pk)
    if parent is not None and is_above(department, parent):
        raise invalid(
            "department_circle",
            _("A department cannot stand below itself."),
            field="parent",
            value=parent.name,
            remedy=_("Choose a department that is not “%(name)s” or below it.") % {"name": department.name},
        )
    before = department.parent_id
    department.parent = parent
    with constraints_as_issues({"department_name_once_below_parent": _name_taken(department.name)}):
        department.save(update_fields=["parent"])
    record(actor=actor, action="department.moved", obj=department, before={"parent": before}, after={"parent": parent})
    return department


def is_above(department: Department, other: Department) -> bool:
    """Whether `other` is `department` or stands below it; one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"department": other.pk, "sought": department.pk})
        return bool(cursor.fetchone()[0])


@transaction.atomic
def create_direction(*, actor: User | None, name: str) -> Direction:
    """Open an industry direction.

    Raises:
        InvalidInput: No name, or a direction has it already.
    """
    name = _required_name(name)
    with constraints_as_issues({"accounts_direction_name_key": _name_taken(name)}):
        direction: Direction = Direction.all_rows.create(name=name)
    record(actor=actor, action="direction.created", obj=direction, after={"name": name})
    return direction


@transaction.atomic
def change_direction(*, actor: User | None, direction: Direction, name: str, is_active: bool) -> Direction:
    """Rename a direction, close it for new assignments, or open it again; locks its row.

    Raises:
        InvalidInput: No name, or another direction has it.
    """
    row: Any = Direction.all_rows.select_for_update().get(pk=direction.pk)
    before = {"name": row.name, "is_active": row.is_active}
    row.name, row.is_active = _required_name(name), is_active
    with constraints_as_issues({"accounts_direction_name_key": _name_taken(name)}):
        row.save(update_fields=["name", "is_active"])
    record(actor=actor, action="direction.changed", obj=row, before=before, after={"name": row.name, "is_active": is_active})
    changed: Direction = row
    return changed


def _required_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 200:
        raise invalid(
            "name_length", _("A name has 1 to 200 characters."), field="name", value=name[:40], remedy=_("Write a name.")
        )
    return cleaned


def _unknown_kind(kind: str) -> InvalidInput:
    return invalid(
        "unknown_kind", _("There is no such kind of department."), field="kind", value=kind, remedy=_("Choose one of the list.")
    )


def _check_time_zone(name: str) -> None:
    if name and name not in available_timezones():
        raise invalid(
            "unknown_time_zone",
            _("There is no such time zone."),
            field="time_zone",
            value=name,
            remedy=_("Choose one such as Europe/Moscow, or leave it empty for the company's."),
        )


def _name_taken(name: str) -> Issue:
    return Issue("name_taken", _("This name is taken here."), "name", name, _("Choose another name."))
