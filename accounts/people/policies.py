"""Who may do what with people and their accounts."""

from __future__ import annotations

from accounts.people.models import Employee
from accounts.roles import TOP_ROLES, Role
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.HR})
"""Hire, place and pair people."""


def can_keep_people(user: object) -> bool:
    """HR and the administrator hire, place and pair people."""
    return viewer_for(user).role in KEEPERS


def can_keep_structure(user: object) -> bool:
    """The administrator draws departments and directions; owner and director, because the structure is theirs."""
    return viewer_for(user).role in TOP_ROLES | {Role.ADMINISTRATOR}


def can_keep_accounts(user: object) -> bool:
    """The administrator gives and takes sign-ins."""
    return viewer_for(user).role == Role.ADMINISTRATOR


def can_change_account(user: object, employee: Employee, role: str) -> bool:
    """The administrator; for a top role's account in use only the top: a new password goes to the address, so whoever
    changes it could sign in as the owner.
    """
    if viewer_for(user).role in TOP_ROLES:
        return True
    is_in_use = employee.user is not None and employee.user.last_login is not None
    return can_keep_accounts(user) and (role not in TOP_ROLES or not is_in_use)


def can_dismiss(user: object, employee: Employee) -> bool:
    """Keepers, owner and director; nobody dismisses themselves."""
    viewer = viewer_for(user)
    return viewer.role in KEEPERS | TOP_ROLES and viewer.employee_id != employee.pk


def can_place(user: object, employee: Employee, role: str, *, is_owner_known: bool) -> bool:
    """Nobody moves themselves, and only the top gives a top role once there is an owner: else a sign-in for the users'
    list would be a way to the whole client base.
    """
    viewer = viewer_for(user)
    if viewer.role in TOP_ROLES:
        return viewer.employee_id != employee.pk
    if viewer.role not in KEEPERS or (viewer.employee_id is not None and viewer.employee_id == employee.pk):
        return False
    return role not in TOP_ROLES or not is_owner_known


def require(allowed: bool, *, problem: str, remedy: str = "") -> None:
    """Raise `NotAllowed` unless `allowed`."""
    if not allowed:
        raise NotAllowed(Issue("not_allowed", problem, remedy=remedy))
