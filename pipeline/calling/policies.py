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
