"""Is this process alive, and is the installation ready to serve: database, Redis, migrations, the way through the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as cache_result

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from salesys.db.replicas import Replica, look_at
from salesys.operations import heartbeat

log = structlog.get_logger()


class Unready(Exception):
    """A check found that the installation cannot serve; the message may be shown to anyone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `problem` is empty when all is well."""

    name: str
    problem: str
    milliseconds: float

    @property
    def is_well(self) -> bool:
        """Whether there is no problem."""
        return not self.problem


def check_database() -> None:
    """Ask PostgreSQL something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_redis() -> None:
    """Write to Redis and read back."""
    token = str(time.time())
    cache.set("operations.ready", token, 30)
    if cache.get("operations.ready") is None:
        raise Unready("What was written could not be read back.")


def check_migrations() -> None:
    """Look for migrations that have not been applied."""
    missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise Unready(f"{len(missing)} migrations are not applied.")


@cache_result
def known_migrations() -> frozenset[tuple[str, str]]:
    """App and name of every migration in the code, which does not change while a process lives."""
    return frozenset(MigrationLoader(None).disk_migrations)


def check_queue() -> None:
    """Look at the last job that went from the scheduler through the queue to a worker."""
    age = heartbeat.age()
    if age is None:
        raise Unready("No job has come through the queue yet.")
    if age > heartbeat.STALE_AFTER:
        raise Unready(f"The last job came through the queue {age:.0f} seconds ago.")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "redis": check_redis,
    "migrations": check_migrations,
    "queue": check_queue,
}


def examine() -> list[Finding]:
    """Run every check; a failure is a finding, its details go to the log alone."""
    return [examine_one(name, check) for name, check in CHECKS.items()]


@dataclass(frozen=True, slots=True)
class ReplicaFinding:
    """How far a replica is behind, in seconds; with a problem, reports are read from the primary."""

    name: str
    lag_seconds: float | None
    problem: str


def examine_replicas() -> list[ReplicaFinding]:
    """Ask each replica; none is needed for the installation to serve."""
    found = [look_at(alias) for alias in settings.REPLICAS]
    return [ReplicaFinding(replica.alias, replica.lag, replica_problem(replica)) for replica in found]


def replica_problem(replica: Replica) -> str:
    """Why nothing is read from a replica; empty when all is well."""
    if replica.lag is None:
        return "It does not answer."
    return "" if replica.is_fit else f"It is more than {settings.REPLICA_MAX_LAG} seconds behind."


def examine_one(name: str, check: Callable[[], None]) -> Finding:
    """Run one check and say what it found."""
    begin = time.perf_counter()
    problem = ""
    try:
        check()
    except Unready as unready:
        problem = str(unready)
    except Exception as error:  # noqa: BLE001 - whatever fails, the answer is "not ready", and the log says why
        log.warning("health check failed", check=name, error=f"{type(error).__name__}: {error}")
        problem = "It cannot be reached."
    return Finding(name, problem, round((time.perf_counter() - begin) * 1000, 1))
