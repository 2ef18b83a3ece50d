"""What a token may do, and how often. Who sees which row is decided by the same scopes as on pages."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from salesys.kernel.errors import Issue, NotAllowed

WINDOW_SECONDS = 60


def reaches(request: Request, scope: str) -> bool:
    """Whether the caller's token has the scope; a signed-in person needs none."""
    scopes = getattr(request.auth, "scopes", None)
    return scopes is None or scope in scopes


class HasScope(BasePermission):
    """A token reaches `<resource>` to read or write only when its scopes say so; a signed-in person has no such limit."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or `NotAllowed` naming the scopes that are missing."""
        resource = getattr(view, "resource", "")
        rights = ["read"] if request.method in SAFE_METHODS else ["write"]
        if getattr(view, "action", "") in getattr(view, "read_by", ()):
            rights = ["read", "write"]
        missing = [f"{resource}:{right}" for right in rights if resource and not reaches(request, f"{resource}:{right}")]
        if missing:
            remedy = _("Issue a token with this scope.")
            raise NotAllowed(
                *(
                    Issue("missing_scope", _("This token lacks the scope %s.") % scope, "scope", scope, remedy)
                    for scope in missing
                )
            )
        return True


class PerCaller(BaseThrottle):
    """So many requests a minute for each person, with all their tokens together; counted in Redis, for all web processes."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this one and say whether it is still within the limit."""
        now = time.time()
        self.left_of_window = WINDOW_SECONDS - now % WINDOW_SECONDS
        return self._count(f"rest:{request.user.pk}:{int(now // WINDOW_SECONDS)}") <= limit_per_minute()

    def _count(self, key: str) -> int:
        try:
            cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
            return int(cache.incr(key))
        except (ValueError, RedisError):
            # Nobody guesses a token: that none is counted while Redis is away is better than that none is answered
            return 1

    def wait(self) -> float | None:
        """Seconds until the next minute begins."""
        return self.left_of_window


def limit_per_minute() -> int:
    """`settings.REST_REQUESTS_PER_MINUTE`."""
    limit: Any = getattr(settings, "REST_REQUESTS_PER_MINUTE", 600)
    return int(limit)
