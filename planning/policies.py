"""Who may change what in the plan."""

from __future__ import annotations

from accounts.roles import TOP_ROLES, Role
from salesys.db.scope import viewer_for


def can_set_goal(user: object) -> bool:
    """The owner and the commercial director set goals, distribute and agree plans."""
    return viewer_for(user).role in TOP_ROLES


def can_correct_calendar(user: object) -> bool:
    """Who runs the company or its settings."""
    return viewer_for(user).role in TOP_ROLES | {Role.ADMINISTRATOR, Role.HR}


def can_set_norm(user: object) -> bool:
    """Who runs the company, and the marketer, whose trade norms are."""
    return viewer_for(user).role in TOP_ROLES | {Role.MARKETER}
