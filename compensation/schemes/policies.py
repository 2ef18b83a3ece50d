"""Who decides how people are paid."""

from __future__ import annotations

from accounts.access.gate import has_role
from accounts.roles import TOP_ROLES


def can_edit_schemes(user: object) -> bool:
    """The owner and the commercial director."""
    return has_role(user, *TOP_ROLES)
