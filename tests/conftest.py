"""Fixtures that every test may use; the embedded servers run before the first of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

from salesys.db.tasks import partitioned_tables
from salesys.embedded.servers import start_if_needed

# A busy machine is no fault of the code: examples have no deadline.
settings.register_profile("salesys", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("salesys")

pytest_plugins = ["tests.personas", "tests.real_data"]


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, unless others are named or nothing is going to be run."""
    if not config.option.collectonly:
        start_if_needed()


def _clear_own_keys(cache: RedisCache) -> bool:
    """Forget what this process has cached; Redis's own way would empty the other processes' tests too."""
    client = cache._cache.get_client(None, write=True)
    keys = list(client.scan_iter(match=f"{cache.key_prefix}:*"))
    if keys:
        client.delete(*keys)
    return True


@pytest.fixture(scope="session", autouse=True)
def _caches_of_parallel_runs() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RedisCache, "clear", _clear_own_keys)
        yield


SEEDED = {"pipeline_stage", "django_migrations"}
"""Tables that migrations fill; they reference nothing, so emptying the others leaves them whole."""


@pytest.fixture(scope="session", autouse=True)
def _flush_of_transactional_tests() -> Any:
    """Let the flush after a transactional test empty append-only and unmanaged tables too, and keep what migrations fill.

    Triggers are off for the flush alone: no other code may empty an append-only table.
    """
    original = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
        wanted = (set(tables) | set(partitioned_tables())) - SEEDED
        truncate = original(self, style, sorted(wanted), **options)
        return ["SET session_replication_role = replica", *truncate, "SET session_replication_role = origin"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield
