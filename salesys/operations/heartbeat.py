"""When a job last went the whole way from the scheduler through the queue to a worker."""

from __future__ import annotations

import time

from django.core.cache import cache

KEY = "operations.heartbeat"
STALE_AFTER = 120.0
KEPT_FOR = 7 * 24 * 3600


def beat() -> None:
    """Note the present."""
    cache.set(KEY, time.time(), KEPT_FOR)


def age() -> float | None:
    """Seconds since the last heartbeat; None when there has been none."""
    last = cache.get(KEY)
    return None if last is None else max(0.0, time.time() - last)
