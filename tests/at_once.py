"""Several requests at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed answered, in their order; an error is raised on."""
    start = Barrier(len(deeds), timeout=60)

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def statuses(*requests: Callable[[], Any]) -> list[int]:
    """The statuses that the requests got, sorted."""
    return sorted(response.status_code for response in at_once(*requests))
