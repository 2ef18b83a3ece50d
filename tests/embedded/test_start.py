from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from salesys.embedded import postgres, servers
from salesys.embedded.places import Places, ServerFailed


def ask(places: Places, statement: str, *, password: str | None = None) -> object:
    """The first value that the embedded database answers with."""
    settings = places.database()
    connection = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        dbname=settings["NAME"],
        password=password or settings["PASSWORD"],
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def test_both_servers_answer_in_a_folder_with_an_odd_name(places: Places) -> None:
    servers.start(places)
    assert servers.status(places) == {"PostgreSQL": True, "Valkey": True}
    assert ask(places, "SELECT upper('Ёлка и сын')") == "ЁЛКА И СЫН"
    with redis.Redis.from_url(places.redis_url()) as client:
        assert client.set("greeting", "hello")
        assert client.get("greeting") == b"hello"


def test_neither_server_lets_anyone_in_with_a_wrong_password(places: Places) -> None:
    servers.start(places)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(places, "SELECT 1", password="wrong")
    stranger = redis.Redis(unix_socket_path=str(places.valkey_socket), password="wrong", retry=Retry(NoBackoff(), 0))
    with stranger as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_neither_server_listens_on_a_port(places: Places) -> None:
    servers.start(places)
    assert ask(places, "SHOW listen_addresses") == ""
    with redis.Redis.from_url(places.redis_url()) as client:
        assert client.config_get("port") == {"port": "0"}


def test_starting_twice_leaves_the_servers_as_they_are(places: Places) -> None:
    servers.start(places)
    begun = ask(places, "SELECT pg_postmaster_start_time()")
    servers.start(places)
    assert ask(places, "SELECT pg_postmaster_start_time()") == begun


def test_data_outlive_a_stop_and_a_start(places: Places) -> None:
    servers.start(places)
    ask(places, "CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(places.redis_url()) as client:
        client.rpush("queue", "job")
    assert servers.stop(places)
    servers.start(places)
    assert ask(places, "SELECT answer FROM kept") == 42
    with redis.Redis.from_url(places.redis_url()) as client:
        assert client.lrange("queue", 0, -1) == [b"job"]


def test_two_installations_run_side_by_side(tmp_path: Path) -> None:
    pairs = [Places(tmp_path / name / "embedded") for name in ("one", "two")]
    try:
        for places in pairs:
            servers.start(places)
        ask(pairs[0], "CREATE TABLE only_here ()")
        assert ask(pairs[0], "SELECT to_regclass('only_here')::text") == "only_here"
        assert ask(pairs[1], "SELECT to_regclass('only_here')::text") is None
    finally:
        for places in pairs:
            servers.stop(places, even_if_used=True)


def test_an_interrupted_first_start_is_made_good_by_the_next(places: Places) -> None:
    half = places.home / "postgres.new-1"
    (half / "base").mkdir(parents=True)
    servers.start(places)
    assert ask(places, "SELECT 1") == 1
    assert not half.exists()


def test_a_first_start_that_fails_leaves_no_cluster_by_halves(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    places.home.mkdir(parents=True)
    places.sockets.mkdir()
    with monkeypatch.context() as patch, pytest.raises(ServerFailed, match="no space"):
        patch.setattr(postgres, "run", lambda command, _account: CompletedProcess(command, 1, b"no space"))
        postgres.initialise(places, None)
    assert [path.name for path in places.home.iterdir() if path.name.startswith("postgres")] == []
    assert list(places.sockets.iterdir()) == []
    places.sockets.rmdir()
