"""Fixtures that every test may use; the embedded servers run before the first of them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

from salesys.db.organisation import forget_organisation
from salesys.embedded.servers import start_if_needed

# A busy machine is no fault of the code: examples have no deadline. The usual run takes the same ones each time, so that it
# fails for what has been changed alone; `HYPOTHESIS_PROFILE=exploring` looks for others.
settings.register_profile("usual", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("exploring", settings.get_profile("usual"), derandomize=False, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

pytest_plugins = ["tests.personas", "tests.real_data"]


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, unless others are named or nothing is going to be run."""
    if not config.option.collectonly:
        start_if_needed()


def pytest_collection_finish() -> None:
    """What has been imported and collected stays to the end: no search for garbage need look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def _clear_own_keys(cache: RedisCache) -> bool:
    """Forget what this process has cached; Redis's own way would empty the other processes' tests too."""
    client = cache._cache.get_client(None, write=True)
    keys = list(client.scan_iter(match=f"{cache.key_prefix}:*", count=10_000))
    if keys:
        client.delete(*keys)
    return True


@pytest.fixture(scope="session", autouse=True)
def _caches_of_parallel_runs() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RedisCache, "clear", _clear_own_keys)
        yield


@pytest.fixture(autouse=True)
def _nothing_is_remembered(_caches_of_parallel_runs: None) -> Iterator[None]:
    """No test sees what an earlier one left in the cache, or the company that this process has read last."""
    cache.clear()
    forget_organisation()
    yield


SEEDED = ("pipeline_stage", "django_migrations", "django_content_type", "auth_permission")
"""Tables that migrations fill; they reference nothing that others hold, so emptying the others leaves them whole."""

EMPTY = f"""
DO $$
DECLARE filled regclass;
BEGIN
    -- append-only triggers and foreign keys rest in this transaction alone: no other code may empty an append-only table
    SET LOCAL session_replication_role = replica;
    FOR filled IN
        SELECT oid FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname NOT IN {SEEDED}
          AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM ONLY %s', filled);
    END LOOP;
    SET LOCAL session_replication_role = origin;
END
$$
"""


@pytest.fixture(scope="session", autouse=True)
def _flush_of_transactional_tests() -> Any:
    """Let the flush after a transactional test empty the tables that were written to, append-only ones and partitions among
    them, and keep what migrations fill: a hundredth of the time that truncating all of them takes.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", lambda *_args, **_options: [EMPTY])
        yield
