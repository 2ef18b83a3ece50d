"""The lag that reports are routed by, asked of a real streaming replica."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from salesys.db.replicas import LAG
from salesys.embedded import postgres, servers
from salesys.embedded.account import server_account
from salesys.embedded.places import Places
from salesys.embedded.processes import run

PATIENCE = 20.0


def dsn(places: Places) -> str:
    """How to connect to the database of a server."""
    known = places.database()
    return make_dsn(host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=known["NAME"])


def ask(places: Places, statement: str) -> object:
    """The first value of an answer; None where there is none."""
    connection = psycopg2.connect(dsn(places))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]
    finally:
        connection.close()


def lag(places: Places) -> float:
    """Seconds behind."""
    return float(str(ask(places, LAG)))


def wait_until(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so in time."""
    give_up = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < give_up:
        Event().wait(0.05)
    return is_so()


@pytest.fixture
def replica(places: Places, tmp_path: Path) -> Iterator[Places]:
    """A standby that streams from the server of `places`."""
    servers.start(places, with_valkey=False)
    found = Places(tmp_path / "replica")
    found.home.mkdir()
    account = servers.prepare(found)
    (found.home / "password").write_text(places.password())
    source = make_dsn(dsn(places), dbname="replication")
    copied = run(
        [postgres.programs() / "pg_basebackup", "-d", source, "-D", found.postgres_data, "-c", "fast"],
        server_account(places.home, [postgres.programs()]),
    )
    assert copied.returncode == 0, copied.stdout
    postgres.configure(found, account)
    with (found.postgres_data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{source.replace(chr(39), chr(39) * 2)}'\n")
    (found.postgres_data / "standby.signal").touch()
    postgres.launch(found, account)
    yield found
    postgres.stop(found, account)


def test_a_replica_tells_how_far_it_is_behind(places: Places, replica: Places) -> None:
    assert lag(places) == 0
    ask(places, "CREATE TABLE note (id int)")
    assert wait_until(lambda: ask(replica, "SELECT to_regclass('note')") is not None)
    assert wait_until(lambda: lag(replica) == 0)
    ask(replica, "SELECT pg_wal_replay_pause()")
    ask(places, "INSERT INTO note VALUES (1)")
    assert wait_until(lambda: lag(replica) > 0.2)
    ask(replica, "SELECT pg_wal_replay_resume()")
    assert wait_until(lambda: lag(replica) == 0)
    assert ask(replica, "SELECT count(*) FROM note") == 1
    servers.stop(places, even_if_used=True)
    assert wait_until(lambda: lag(replica) > 0.2)
