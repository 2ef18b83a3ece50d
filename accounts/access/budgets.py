"""How many contacts a person may open: of their role, or their own; and who may say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.models import MOST_PER_DAY, MOST_PER_MONTH, PersonalBudget, RevealBudget
from accounts.access.table import REACHES
from accounts.people.models import Employee, User
from accounts.people.standing import is_owner_known
from accounts.roles import TOP_ROLES, Role
from accounts.structure.queries import current_assignments
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed, invalid

DEFAULT = (40, 400)
DEFAULTS: Mapping[str, tuple[int, int]] = {
    Role.SELLER: (60, 800),
    Role.CLIENT_MANAGER: (60, 800),
    Role.OWNER: (30, 300),
    Role.COMMERCIAL_DIRECTOR: (30, 300),
    Role.TELESALES: (150, 2_000),
    Role.ASSISTANT: (120, 1_500),
}
"""Contacts per day and month: a full day of calling one's own clients fits in, copying the base does not.

Telesales and assistants are shown what they work on at once, and each company counts: two and a half days of calling by the
usual norm, and some three days of cards at companies of two people.
"""

WARN_NUMERATOR, WARN_DENOMINATOR = 4, 5

OPENING_ROLES = tuple(role for role in Role if any(role in roles for roles in REACHES["clients"].values()))
"""Roles that see clients: their contacts are masked until they are opened."""

BUDGET_KEEPERS = frozenset(TOP_ROLES | {Role.ADMINISTRATOR})


def allowed_for(role: str, user_id: int | None = None) -> tuple[int, int]:
    """Contacts per day and per month: the person's own budget, else the role's, else the default; 1 or 2 SQL statements."""
    names = ("per_day", "per_month")
    own = PersonalBudget.all_rows.filter(user_id=user_id).values_list(*names).first() if user_id is not None else None
    chosen: tuple[int, int] | None = own or RevealBudget.objects.filter(role=role).values_list(*names).first()
    return chosen or DEFAULTS.get(role, DEFAULT)


def warned_at(allowed: int) -> int:
    """From how many openings on a budget counts as nearly spent: four fifths, rounded up."""
    return -(-allowed * WARN_NUMERATOR // WARN_DENOMINATOR)


def can_set_role_budget(user: object, role: str) -> bool:
    """Owner, director and administrator, each for every role but their own: nobody opens the base for themselves."""
    viewer = viewer_for(user)
    return viewer.role in BUDGET_KEEPERS and viewer.role != role


def can_set_personal_budget(user: object, employee: Employee) -> bool:
    """Owner, director and administrator, each for everybody but themselves."""
    viewer = viewer_for(user)
    return viewer.role in BUDGET_KEEPERS and employee.user_id is not None and employee.user_id != viewer.user_id


@transaction.atomic
def set_budget(*, actor: User | None, role: str, per_day: int, per_month: int) -> RevealBudget:
    """Say how many contacts a person of a role may open. Locks the budget.

    Raises:
        InvalidInput: An unknown role, a figure out of bounds or more than the actor may give, or a month that does not cover a
            day.
        NotAllowed: The actor's own role, or not the actor's to say.
    """
    if role not in Role.values:
        raise invalid("unknown_role", _("There is no such role."), field="role", value=role, remedy=_("Choose from the list."))
    if actor is not None and not can_set_role_budget(actor, role):
        raise _refused()
    _check(per_day, per_month)
    _refuse_more(actor, DEFAULTS.get(role, DEFAULT), per_day, per_month)
    lock_until_commit(f"accounts.reveal_budget:{role}")
    before = allowed_for(role)
    row, _created = RevealBudget.objects.update_or_create(role=role, defaults={"per_day": per_day, "per_month": per_month})
    record(
        actor=actor,
        action="reveal_budget.changed",
        obj=row,
        before={"role": None, "per_day": before[0], "per_month": before[1]},
        after={"role": role, "per_day": per_day, "per_month": per_month},
    )
    return row


@transaction.atomic
def set_personal_budget(*, actor: User | None, employee: Employee, per_day: int, per_month: int) -> PersonalBudget:
    """Give a person a budget of their own, in place of their role's. Locks the person's budget.

    Raises:
        InvalidInput: A figure out of bounds or more than the actor may give, or a month that does not cover a day.
        NotAllowed: The actor's own, of somebody who cannot sign in, or not the actor's to say.
    """
    user_id = _account(actor, employee)
    _check(per_day, per_month)
    place = current_assignments([employee.pk], clock.today()).get(employee.pk)
    _refuse_more(actor, allowed_for(place.role if place else ""), per_day, per_month)
    before = _locked(user_id)
    values = {"per_day": per_day, "per_month": per_month}
    row: Any
    row, _created = PersonalBudget.all_rows.update_or_create(user_id=user_id, defaults=values)
    record(actor=actor, action="personal_budget.changed", obj=employee, before=before, after=values)
    saved: PersonalBudget = row
    return saved


@transaction.atomic
def remove_personal_budget(*, actor: User | None, employee: Employee) -> None:
    """Let the budget of the role count for a person again; without an own one nothing changes. Locks the person's budget.

    Raises:
        NotAllowed: As for `set_personal_budget`.
    """
    user_id = _account(actor, employee)
    before = _locked(user_id)
    if before:
        PersonalBudget.all_rows.filter(user_id=user_id).delete()
        record(actor=actor, action="personal_budget.removed", obj=employee, before=before)


def _account(actor: User | None, employee: Employee) -> int:
    """The sign-in that a personal budget is for, if the actor may set it."""
    if employee.user_id is None or (actor is not None and not can_set_personal_budget(actor, employee)):
        raise _refused()
    return employee.user_id


def _locked(user_id: int) -> dict[str, object]:
    """What the person's own budget is, held until the transaction ends."""
    lock_until_commit(f"accounts.reveal:{user_id}")
    return PersonalBudget.all_rows.filter(user_id=user_id).values("per_day", "per_month").first() or {}


def _check(per_day: int, per_month: int) -> None:
    for field, value, most in (("per_day", per_day, MOST_PER_DAY), ("per_month", per_month, MOST_PER_MONTH)):
        if not 0 <= value <= most:
            raise invalid(
                "budget_out_of_bounds",
                _("A budget is 0 to %(most)s.") % {"most": most},
                field=field,
                value=value,
                remedy=_("Nobody needs more in good faith; choose less."),
            )
    if per_month < per_day:
        raise invalid(
            "month_below_day",
            _("The month's budget must cover the day's."),
            field="per_month",
            value=per_month,
            remedy=_("Use at least %(day)s.") % {"day": per_day},
        )


def _refuse_more(actor: User | None, most: tuple[int, int], per_day: int, per_month: int) -> None:
    """The administrator lowers budgets, and gives nobody more than `most`: a budget is the last limit on the way to the base."""
    if actor is None or viewer_for(actor).role in TOP_ROLES or not is_owner_known():
        return
    for field, value, allowed in (("per_day", per_day, most[0]), ("per_month", per_month, most[1])):
        if value > allowed:
            raise invalid(
                "above_the_role",
                _("Only the owner or the commercial director gives more than %(most)s.") % {"most": allowed},
                field=field,
                value=value,
                remedy=_("Ask them, or choose less."),
            )


def _refused() -> NotAllowed:
    return NotAllowed(
        Issue(
            "not_your_budget",
            _("Nobody sets the budget that counts for themselves."),
            remedy=_("Ask the owner or an administrator."),
        )
    )
