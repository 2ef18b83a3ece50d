from __future__ import annotations

import os
import signal
import time
from threading import Event

import redis

from salesys.embedded import servers
from salesys.embedded.places import Places
from salesys.embedded.processes import runs_with
from tests.embedded.test_start import ask


def postmaster(places: Places) -> int:
    """The process that PostgreSQL's pid file names."""
    return int((places.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])


def valkey(places: Places) -> int:
    """The process that Valkey's pid file names."""
    return int((places.valkey_data / "valkey.pid").read_text())


def kill(number: int, words: str) -> None:
    """Kill a server and wait until it is gone: on a busy machine it answers for a while yet."""
    os.kill(number, signal.SIGKILL)
    pause, give_up = Event(), time.monotonic() + 60
    while runs_with(number, words):
        assert time.monotonic() < give_up, f"process {number} outlived its death"
        pause.wait(0.01)


def test_a_killed_postgresql_is_started_again_with_its_data(places: Places) -> None:
    servers.start(places)
    ask(places, "CREATE TABLE kept AS SELECT 42 AS answer")
    kill(postmaster(places), "postgres")
    servers.start(places)
    assert ask(places, "SELECT answer FROM kept") == 42


def test_a_killed_valkey_is_started_again(places: Places) -> None:
    servers.start(places)
    kill(valkey(places), "valkey")
    servers.start(places)
    with redis.Redis.from_url(places.redis_url()) as client:
        assert client.ping()


def test_a_pid_file_that_names_a_process_of_another_kind_is_no_obstacle(places: Places) -> None:
    servers.start(places)
    left = (places.postgres_data / "postmaster.pid").read_text()
    servers.stop(places, even_if_used=True)
    own = str(os.getppid())
    (places.postgres_data / "postmaster.pid").write_text(left.replace(left.split("\n", 1)[0], own, 1))
    servers.start(places)
    assert ask(places, "SELECT 1") == 1
    assert postmaster(places) != os.getppid()


def test_sockets_left_behind_are_no_servers(places: Places) -> None:
    servers.start(places)
    kill(postmaster(places), "postgres")
    kill(valkey(places), "valkey")
    servers.start(places)
    assert servers.status(places) == {"PostgreSQL": True, "Valkey": True}
