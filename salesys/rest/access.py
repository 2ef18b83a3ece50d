"""What a token may do, and how often. Who sees which row is decided by the same scopes as on pages."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from salesys.kernel.errors import Issue, NotAllowed

WINDOW_SECONDS = 60


class HasScope(BasePermission):
    """A token reaches `<resource>` to read or write only when its scopes say so; a signed-in person has no such limit."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or `NotAllowed` naming the scope that is missing."""
        scopes = getattr(request.auth, "scopes", None)
        resource = getattr(view, "resource", "")
        if scopes is None or not resource:
            return True
        needed = f"{resource}:{'read' if request.method in SAFE_METHODS else 'write'}"
        if needed not in scopes:
            problem = _("This token lacks the scope %s.") % needed
            raise NotAllowed(Issue("missing_scope", problem, "scope", needed, _("Issue a token with this scope.")))
        return True


class PerCaller(BaseThrottle):
    """So many requests a minute for each person, with all their tokens together; counted in Redis, for all web processes."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this one and say whether it is still within the limit."""
        now = time.time()
        self.left_of_window = WINDOW_SECONDS - now % WINDOW_SECONDS
        return self._count(f"rest:{request.user.pk}:{int(now // WINDOW_SECONDS)}") <= limit_per_minute()

    def _count(self, key: str) -> int:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        try:
            return int(cache.incr(key))
        except ValueError:
            return 1

    def wait(self) -> float | None:
        """Seconds until the next minute begins."""
        return self.left_of_window


def limit_per_minute() -> int:
    """`settings.REST_REQUESTS_PER_MINUTE`."""
    limit: Any = getattr(settings, "REST_REQUESTS_PER_MINUTE", 600)
    return int(limit)
