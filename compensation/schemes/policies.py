"""Who decides how people are paid."""

from __future__ import annotations

from accounts.access.viewer import viewer_of
from accounts.roles import TOP_ROLES


def can_edit_schemes(user: object) -> bool:
    """The owner and the commercial director."""
    return viewer_of(user).role in TOP_ROLES
