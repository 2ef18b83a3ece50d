from __future__ import annotations

import subprocess
import sys

from salesys.embedded import servers
from salesys.embedded.places import Places

USER = """
import sys
from pathlib import Path
from salesys.embedded import servers
from salesys.embedded.places import Places
servers.start(Places(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


def test_servers_that_another_process_uses_go_on_running(places: Places) -> None:
    command = [sys.executable, "-c", USER, str(places.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert not servers.stop(places)
        assert servers.status(places) == {"PostgreSQL": True, "Valkey": True}
        other.communicate()
    assert servers.stop(places)
    assert servers.status(places) == {"PostgreSQL": False, "Valkey": False}


def test_a_user_that_was_killed_does_not_count(places: Places) -> None:
    command = [sys.executable, "-c", USER, str(places.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    assert servers.stop(places)


def test_a_stop_leaves_no_socket_folder_behind(places: Places) -> None:
    servers.start(places)
    assert servers.stop(places)
    assert not places.sockets.exists()


def test_stopping_what_never_ran_is_no_error(places: Places) -> None:
    assert servers.stop(places)
    assert not places.home.exists()
