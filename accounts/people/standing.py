"""Facts that policies about people ask for: which roles somebody holds or is to hold, and whether an owner is there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from accounts.people.models import Employee, User
from accounts.roles import TOP_ROLES
from accounts.structure.models import Assignment, AssignmentQuerySet
from salesys.db import clock


def is_owner_known() -> bool:
    """Whether anybody who ever held a top role, or is to hold one, has signed in; 1 SQL statement.

    Not whether somebody holds one today: whoever can end an assignment could make that false.
    """
    return Assignment.all_rows.filter(role__in=TOP_ROLES, employee__user__last_login__isnull=False).exists()


def roles_from(employee: Employee, on: date) -> frozenset[str]:
    """Roles that the person holds on the date or is to hold later; 1 SQL statement."""
    return frozenset(_from(on).filter(employee=employee).values_list("role", flat=True))


def holders_of(roles: Collection[str]) -> QuerySet[User]:
    """Accounts of those who hold one of the roles today."""
    holding = Assignment.all_rows.filter(role__in=list(roles), valid__contains=clock.today())
    return User.objects.filter(pk__in=holding.values("employee__user"))


def is_held_by_another(roles: Collection[str], employee: Employee) -> bool:
    """Whether somebody else holds one of the roles today or is to hold it; 1 SQL statement."""
    return _from(clock.today()).filter(role__in=list(roles)).exclude(employee=employee).exists()


def _from(on: date) -> AssignmentQuerySet:
    return Assignment.all_rows.filter(Q(valid__contains=on) | Q(valid__startswith__gt=on))
