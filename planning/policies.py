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


PLAN_ROLES = (*TOP_ROLES, Role.INDUSTRY_HEAD, Role.SELLER, Role.CLIENT_MANAGER, Role.VIP_MANAGER, Role.TELESALES, Role.ASSISTANT)
"""Who has a part in plans at all."""


def can_see_work_of(user: object, employee_id: int) -> bool:
    """Days and norms of an employee: the whole company for the top, heads their people, everyone the own."""
    viewer = viewer_for(user)
    reach = viewer.reach("plans")
    return (
        reach == "all"
        or (reach == "team" and employee_id in viewer.team_ids)
        or (reach == "own" and employee_id == viewer.employee_id)
    )
