"""Who may do what with people and their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.access.table import WIDE_ROLES
from accounts.people.models import Employee
from accounts.people.standing import is_held_by_another, is_owner_known, roles_from
from accounts.roles import TOP_ROLES, Role
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.HR})
"""Hire, place and pair people."""


def can_keep_people(user: object) -> bool:
    """HR and the administrator pair people."""
    return viewer_for(user).role in KEEPERS


def can_hire(user: object) -> bool:
    """Keepers; owner and director, because some roles are theirs alone to give."""
    return viewer_for(user).role in KEEPERS | TOP_ROLES


def can_keep_structure(user: object) -> bool:
    """The administrator draws departments and directions; owner and director, because the structure is theirs."""
    return viewer_for(user).role in TOP_ROLES | {Role.ADMINISTRATOR}


def can_end_sessions(user: object) -> bool:
    """The administrator; owner and director, because the administrator's own laptop gets lost too."""
    return viewer_for(user).role in TOP_ROLES | {Role.ADMINISTRATOR}


def can_change_account(user: object, employee: Employee | None) -> bool:
    """Invite the person, open the sign-in, change its address: whoever does could sign in as the person.

    The administrator; the top alone for who holds or is to hold a role that opens clients by itself, once an owner is known.
    """
    role = viewer_for(user).role
    if role in TOP_ROLES:
        return True
    if role != Role.ADMINISTRATOR:
        return False
    return employee is None or not (roles_from(employee, clock.today()) & WIDE_ROLES and is_owner_known())


def can_dismiss(user: object, employee: Employee) -> bool:
    """Keepers, owner and director; nobody dismisses themselves, and only the top somebody of the top."""
    return _is_within_reach(user, employee)


def can_move(user: object, employee: Employee) -> bool:
    """Say where the person stands, in whatever role: as for a dismissal."""
    return _is_within_reach(user, employee)


def _is_within_reach(user: object, employee: Employee) -> bool:
    viewer = viewer_for(user)
    if viewer.employee_id is not None and viewer.employee_id == employee.pk:
        return False
    if viewer.role in TOP_ROLES:
        return True
    if viewer.role not in KEEPERS:
        return False
    return not roles_from(employee, clock.today()) & TOP_ROLES or (viewer.role == Role.ADMINISTRATOR and not is_owner_known())


def can_give(user: object, role: str) -> bool:
    """Keepers give roles that see nothing but what is handed to them; the others are the top's.

    Until an owner has signed in, the administrator gives all of them: somebody must hire the first owner and the heads.
    """
    viewer = viewer_for(user)
    if viewer.role in TOP_ROLES:
        return True
    if role in WIDE_ROLES:
        return viewer.role == Role.ADMINISTRATOR and not is_owner_known()
    return viewer.role in KEEPERS


def can_place(user: object, employee: Employee, role: str) -> bool:
    """Both of the above; of the top roles the administrator gives the first alone."""
    if not can_move(user, employee) or not can_give(user, role):
        return False
    is_top = viewer_for(user).role in TOP_ROLES
    return is_top or role not in TOP_ROLES or not is_held_by_another(TOP_ROLES, employee)


def roles_to_give(user: object) -> list[Role]:
    """The roles that the user may give, in the order of the functional levels."""
    may_wide = can_give(user, Role.OWNER)
    return [role for role in Role if (may_wide if role in WIDE_ROLES else can_give(user, role))]


def require_placing(actor: object, employee: Employee, roles: Iterable[str]) -> None:
    """Refuse to let the person stand in one of the roles unless it is the actor's to give; None is the system.

    Raises:
        NotAllowed: It is not.
    """
    if actor is None:
        return
    require(
        all(can_place(actor, employee, role) for role in roles),
        problem=_("Only the owner or the commercial director gives this role."),
        remedy=_("Ask them, or choose another role."),
    )


def require(allowed: bool, *, problem: str, remedy: str = "") -> None:
    """Raise `NotAllowed` unless `allowed`."""
    if not allowed:
        raise NotAllowed(Issue("not_allowed", problem, remedy=remedy))
