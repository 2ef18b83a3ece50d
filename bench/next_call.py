"""64 callers take companies from one list: `claim_next_entry` beside a bare `UPDATE .. SKIP LOCKED` on the same rows.

Whoever holds an entry is given the same again, so each claim is by somebody who has none in hand: the connections work
through as many people as there are claims. The limit is the loop that one would write for pgbench: the first waiting row by
priority, one statement, no time zones, no promises, no check whether a colleague is calling the same company. Both write one
row and commit each time. The rounds alternate, so that both meet the same machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median
from threading import Barrier
from typing import Any

from django.db import connection, connections

from accounts.access.viewer import viewer_of
from accounts.people.models import User
from bench.harness import Result, Scratch, scratch_database, told
from pipeline.calling.services import claim_next_entry
from salesys.db import clock

ENTRIES = 1_000_000
CALLERS = 64
CLAIMS_PER_CALLER = 30
ROUNDS = 5
TUESDAY = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
"""Half past ten in Moscow: it is between nine and six from Kaliningrad to Irkutsk, and evening beyond."""

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Moscow", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg"),
    *("Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Vladivostok", "Asia/Kamchatka"),
)

FILL = """
INSERT INTO accounts_department (id, name, kind, time_zone) VALUES (1, 'Telesales', 'telesales', '');
INSERT INTO accounts_user
    (id, email, password, is_active, is_superuser, language, theme, has_single_keys, created_at, session_epoch)
SELECT i, 'caller' || i || '@example.org', '', true, false, 'en', 'auto', true, now(), 0 FROM generate_series(1, %(people)s) i;
INSERT INTO accounts_employee (id, user_id, full_name, hired_on)
SELECT i, i, 'Caller ' || i, '2025-01-01' FROM generate_series(1, %(people)s) i;
INSERT INTO accounts_assignment (employee_id, department_id, role, valid)
SELECT i, 1, 'telesales', daterange('2025-01-01', NULL) FROM generate_series(1, %(people)s) i;
INSERT INTO pipeline_calllist (id, name, script, is_active, created_at) VALUES (1, 'Everyone', '', true, now());
INSERT INTO pipeline_calllistmember (call_list_id, employee_id) SELECT 1, i FROM generate_series(1, %(people)s) i;
DROP INDEX company_trigrams;
INSERT INTO pipeline_company (id, name, city, time_zone, website, is_corporate, source, created_at, updated_at)
SELECT i, 'C' || i, '', (%(zones)s::text[])[1 + i %% %(zone_count)s], '', false, '', now(), now()
FROM generate_series(1, %(entries)s) i;
INSERT INTO pipeline_calllistentry (call_list_id, company_id, time_zone, priority, state, attempts)
SELECT 1, id, time_zone, id, 'waiting', 0 FROM pipeline_company;
CREATE INDEX bench_waiting ON pipeline_calllistentry (priority) WHERE state = 'waiting';
"""

BARE = """
UPDATE pipeline_calllistentry SET state = 'claimed', claimed_by_id = %s, claimed_at = now()
WHERE id = (SELECT id FROM pipeline_calllistentry WHERE state = 'waiting' ORDER BY priority LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def run(scale: float) -> Result:
    """Claims per second of the product beside those of the bare statement, the medians of `ROUNDS` rounds."""
    per_round = CALLERS * CLAIMS_PER_CALLER
    people = 2 * per_round * (ROUNDS + 1)
    entries = max(int(ENTRIES * scale), 4 * people)
    with scratch_database("next_call") as scratch:
        with told(f"{entries:,} entries, {people:,} people"):
            _fill(entries, people)
        clock.now = lambda: TUESDAY
        _size_the_pool()
        speeds = _rounds(scratch, _users(), per_round)
        _check(per_round)
    return Result("next_call", median(speeds["product"]), "claims/s", median(speeds["bare"]), at_least=0.5)


def _rounds(scratch: Scratch, users: list[User], per_round: int) -> dict[str, list[float]]:
    """The first round warms both up and does not count."""
    speeds: dict[str, list[float]] = {"product": [], "bare": []}
    waiting = iter(users)
    for place in range(ROUNDS + 1):
        for name, work in (("bare", _bare(scratch)), ("product", _product)):
            shares = [[next(waiting) for _claim in range(CLAIMS_PER_CALLER)] for _caller in range(CALLERS)]
            if work is _product:
                for user in (user for share in shares for user in share):
                    viewer_of(user)
            with told(f"round {place}, {name}"):
                speed = per_round / _at_once(work, shares)
            if place:
                speeds[name].append(speed)
    return speeds


def _at_once(work: Callable[[list[User], Barrier], None], shares: list[list[User]]) -> float:
    """Seconds from the moment when all connections are open to the last claim."""
    barrier = Barrier(len(shares) + 1)
    with ThreadPoolExecutor(len(shares)) as pool:
        running = [pool.submit(work, share, barrier) for share in shares]
        barrier.wait()
        begin = time.perf_counter()
        for one in running:
            one.result()
        return time.perf_counter() - begin


def _product(users: list[User], barrier: Barrier) -> None:
    connection.ensure_connection()
    try:
        barrier.wait()
        for user in users:
            if claim_next_entry(actor=user).entry_id is None:
                raise RuntimeError(f"{user} got nothing from a list that is not empty")
    finally:
        connections.close_all()


def _bare(scratch: Scratch) -> Callable[[list[User], Barrier], None]:
    def work(users: list[User], barrier: Barrier) -> None:
        bare = scratch.connect()
        bare.autocommit = True
        try:
            with bare.cursor() as cursor:
                barrier.wait()
                for user in users:
                    cursor.execute(BARE, [user.pk])
                    if cursor.fetchone() is None:
                        raise RuntimeError(f"{user} got nothing from a list that is not empty")
        finally:
            bare.close()

    return work


def _fill(entries: int, people: int) -> None:
    values: dict[str, Any] = {"entries": entries, "people": people, "zones": list(ZONES), "zone_count": len(ZONES)}
    with connection.cursor() as cursor:
        for statement in filter(None, map(str.strip, FILL.split(";"))):
            cursor.execute(statement, values)
        cursor.execute("VACUUM (ANALYZE)")


def _size_the_pool() -> None:
    """A web process keeps its connections; so do the callers' threads here."""
    connections["default"].settings_dict["CONN_MAX_AGE"] = 600
    connections["default"].settings_dict["CONN_HEALTH_CHECKS"] = False


def _users() -> list[User]:
    """Everyone; their place in the structure is looked up beforehand, as it is in a request before the queue is asked."""
    return list(User.objects.order_by("pk"))


def _check(per_round: int) -> None:
    """Nobody got an entry that somebody else got, and none is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT claimed_by_id), count(DISTINCT company_id) FROM pipeline_calllistentry"
            " WHERE state = 'claimed'"
        )
        counts = cursor.fetchone()
    claims = 2 * per_round * (ROUNDS + 1)
    if counts != (claims, claims, claims):
        raise RuntimeError(
            f"{claims} claims, but {counts[0]} entries of {counts[2]} companies in the hands of {counts[1]} people"
        )
