"""Read-only reports from streaming replicas; everything else, and whoever has just written, stays with the primary.

A report reads from one replica at random that answers and is not far behind. No service ever decides on a replica's rows.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger()

LAG = """
SELECT CASE
    WHEN NOT pg_is_in_recovery() THEN 0
    -- An idle primary does not make its replica old: all that came is replayed, and more would come.
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END::float8
"""
LOOKED_AT_EVERY = 5.0  # seconds for which a process relies on what it found out about a replica
WROTE = "replicas.wrote.%s"
_reading: ContextVar[str | None] = ContextVar("replica in use", default=None)
_has_written: ContextVar[bool] = ContextVar("written to the primary", default=False)


@dataclass(frozen=True, slots=True)
class Replica:
    """How a replica stood at an instant: seconds behind the primary, None when it did not answer."""

    alias: str
    lag: float | None = None
    looked_at: float = -math.inf

    @property
    def is_fit(self) -> bool:
        """Whether reports may read from it."""
        return self.lag is not None and self.lag <= settings.REPLICA_MAX_LAG


_known: dict[str, Replica] = {}


def look_at(alias: str) -> Replica:
    """Ask a replica how far it is behind; 1 SQL statement, on the replica."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(LAG)
            (lag,) = cursor.fetchone()
    except (OperationalError, InterfaceError) as error:
        log.warning("replica does not answer", replica=alias, error=str(error))
        connections[alias].close()
        lag = None
    _known[alias] = Replica(alias, lag, time.monotonic())
    return _known[alias]


def choose() -> str | None:
    """A replica that is fit to read from; None when there is none, or when the primary must be read."""
    if _has_written.get() or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return None
    for alias in random.sample(settings.REPLICAS, len(settings.REPLICAS)):  # nosec B311
        known = _known.get(alias, Replica(alias))
        is_fresh = time.monotonic() - known.looked_at < LOOKED_AT_EVERY
        if (known if is_fresh else look_at(alias)).is_fit:
            return alias
    return None


@contextmanager
def reports_from_replica() -> Iterator[None]:
    """Let models, and statements on `router.db_for_read`, be read from a replica inside the block."""
    token = _reading.set(choose())
    try:
        yield
    finally:
        _reading.reset(token)


def report_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Read a page that only reads from a replica; from the primary after own writes, or when the replica fails meanwhile."""

    @wraps(view)
    def reporting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.REPLICAS and not caches["convenience"].get(WROTE % request.user.pk):
            with reports_from_replica():
                alias = _reading.get()
                try:
                    return view(request, *args, **kwargs)
                except (OperationalError, InterfaceError):
                    if alias is None:
                        raise
                    look_at(alias)
        return view(request, *args, **kwargs)

    return reporting


class ReplicaRouter:
    """Django's router: reads of reports to the chosen replica, until something is written."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica of the report under way, else the primary, also for what hangs on a row that a replica gave."""
        is_report = not _has_written.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block
        return _reading.get() or DEFAULT_DB_ALIAS if is_report else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The primary, from which the rest of the request then reads."""
        _has_written.set(True)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Rows of replica and primary are the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Replicas get their schema by streaming."""
        return db == DEFAULT_DB_ALIAS


class ReplicaMiddleware:
    """Begins each request as one that has not written, and remembers for a while who has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _has_written.set(False)
        try:
            response = self.get_response(request)
        finally:
            _has_written.reset(token)
        if settings.REPLICAS and request.method not in {"GET", "HEAD", "OPTIONS"} and request.user.pk:
            caches["convenience"].set(WROTE % request.user.pk, True, settings.REPLICA_MAX_LAG + LOOKED_AT_EVERY)
        return response
