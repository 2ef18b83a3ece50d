"""Who may do what with call lists and calls."""

from __future__ import annotations

from accounts.roles import HEAD_ROLES, SELLING_ROLES, Role
from pipeline.calling.models import CallList
from salesys.db.scope import viewer_for

LIST_MAKERS = HEAD_ROLES | {Role.BASE_MANAGER}
CALLERS = SELLING_ROLES | {Role.TELESALES}
"""Telesales call from lists; who sells also calls clients of their own."""


def can_call(user: object) -> bool:
    """Who calls clients."""
    return viewer_for(user).role in CALLERS | HEAD_ROLES


def can_create_list(user: object) -> bool:
    """Heads and the base manager."""
    return viewer_for(user).role in LIST_MAKERS


def can_change_list(user: object, call_list: CallList) -> bool:
    """Who may make lists, within their reach."""
    return can_create_list(user) and CallList.objects.visible_to(user).filter(pk=call_list.pk).exists()


def can_route_list(user: object, call_list: CallList) -> bool:
    """Whether the user says to whom a list's warm contacts go: the head of its direction, the base manager, the top.

    A warm contact opens the client to the seller. Whose people only call another direction's list keeps their names and their
    script, not the clients. A list of no direction is routed by whoever may change it.
    """
    viewer = viewer_for(user)
    is_theirs = call_list.direction_id is None or call_list.direction_id in viewer.direction_ids
    return can_change_list(viewer, call_list) and (is_theirs or viewer.reach("call_lists") == "all")
