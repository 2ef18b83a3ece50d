"""What a dismissal must not leave behind: people who report to nobody, an installation that nobody administers."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment
from accounts.structure.placement import Placement, check_placement
from salesys.db import clock
from salesys.kernel.errors import invalid


def reports_from(employee: Employee, on: date) -> list[Assignment]:
    """Assignments under this manager that hold on `on` or later, by name; one SQL statement."""
    late = Q(valid__contains=on) | Q(valid__startswith__gt=on)
    rows = Assignment.all_rows.filter(late, manager=employee).select_related("employee", "department")
    return list(rows.order_by("employee__full_name", "valid"))


def hand_over_reports(*, employee: Employee, successor: Employee | None, on: date) -> int:
    """Let everyone who reports to `employee` report to `successor` from `on` on; how many assignments changed.

    A successor who is one of them reports to the leaver's own manager. The caller holds the structure's lock.

    Raises:
        InvalidInput: There are reports and no successor, or the successor does not fit.
    """
    reports = reports_from(employee, on)
    if reports and successor is None:
        names = ", ".join(sorted({row.employee.full_name for row in reports}))
        raise invalid(
            "reports_left",
            _("People report to %(name)s: %(reports)s.") % {"name": employee.full_name, "reports": names},
            field="successor",
            remedy=_("Choose who takes them over."),
        )
    own = Assignment.all_rows.filter(employee=employee, valid__contains=on).select_related("manager").first()
    above = own.manager if own is not None else None
    for row in reports:
        is_successor = successor is not None and row.employee_id == successor.pk
        _change_manager(row, above if is_successor else successor, on)
    return len(reports)


def _change_manager(row: Assignment, manager: Employee | None, on: date) -> None:
    """Split the assignment at the date; the later part stands under the new manager."""
    start, end = max(row.valid_from, on), row.valid_to
    placement = Placement(row.department, Role(row.role), None, manager)
    check_placement(row.employee, placement, start, end)
    if row.valid_from >= on:
        Assignment.all_rows.filter(pk=row.pk).update(manager=manager)
        return
    Assignment.all_rows.filter(pk=row.pk).update(valid=DateRange(row.valid_from, on))
    Assignment.all_rows.create(
        employee=row.employee,
        department=row.department,
        role=row.role,
        direction_id=row.direction_id,
        manager=manager,
        valid=DateRange(start, end),
    )


def _administrators(on: date) -> QuerySet[User]:
    """Who can sign in as an administrator: those with the role on the date, and the first one while standing nowhere."""
    placed = Assignment.all_rows.filter(valid__contains=on, employee__user__isnull=False)
    by_role = Q(pk__in=placed.filter(role=Role.ADMINISTRATOR).values("employee__user"))
    first = Q(is_superuser=True) & ~Q(pk__in=placed.values("employee__user"))
    return User.objects.filter(by_role | first, is_active=True)


def refuse_last_administrator(employee: Employee) -> None:
    """Refuse to leave an installation that nobody can administer.

    Raises:
        InvalidInput: `employee` is the last administrator who can sign in.
    """
    administrators = _administrators(clock.today())
    if employee.user_id is None or not administrators.filter(pk=employee.user_id).exists():
        return
    if not administrators.exclude(pk=employee.user_id).filter(employee__dismissed_on__isnull=True).exists():
        raise invalid(
            "last_administrator",
            _("%(name)s is the last administrator.") % {"name": employee.full_name},
            field="from_on",
            remedy=_("Make somebody else an administrator first."),
        )
