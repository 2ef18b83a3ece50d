"""Who decides about rows that an import could not place."""

from __future__ import annotations

from accounts.roles import Role

DECIDERS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.BASE_MANAGER)
