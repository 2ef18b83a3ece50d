"""Starting, sharing and stopping the two embedded servers.

Any number of processes of one project share them. Each that uses them holds a shared lock while it lives, which the
kernel releases however the process ends; whoever wants to stop the servers asks for the lock alone and leaves them to
the others when it is refused.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salesys.embedded import postgres, valkey
from salesys.embedded.account import Account, server_account
from salesys.embedded.places import EMBEDDED, Places, ServerFailed

_held: dict[Path, int] = {}


def start_if_needed(places: Places = EMBEDDED) -> None:
    """Start those servers that the environment does not name, and hold them as long as this process lives."""
    needs_postgres, needs_valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if needs_postgres or needs_valkey:
        start(places, with_postgres=needs_postgres, with_valkey=needs_valkey)


def start(places: Places = EMBEDDED, *, with_postgres: bool = True, with_valkey: bool = True) -> None:
    """Start the servers that do not run yet, and hold them as long as this process lives.

    Raises:
        ServerFailed: A server did not start.
        Unreachable: Root runs this in a folder that no other account can reach.
    """
    try:
        places.home.mkdir(parents=True, exist_ok=True)
        with exclusive(places.lock):
            hold(places)
            account = prepare(places)
            if with_postgres:
                postgres.start(places, account)
            if with_valkey:
                valkey.start(places, account)
    except PermissionError as error:
        remedy = f"{places.home} was made by another account. Remove it as that account, or set SALESYS_VAR to another folder."
        raise ServerFailed(f"{error}. {remedy}") from error


def stop(places: Places = EMBEDDED, *, even_if_used: bool = False) -> bool:
    """Stop the servers, unless another process uses them; whether they were stopped."""
    if not places.home.exists():
        return True
    with exclusive(places.lock):
        release(places)
        if not even_if_used and not is_free(places):
            return False
        account = prepare(places)
        valkey.stop(places)
        postgres.stop(places, account)
        with suppress(OSError):
            places.sockets.rmdir()
        return True


def status(places: Places = EMBEDDED) -> dict[str, bool]:
    """Which of the servers accept connections."""
    return {"PostgreSQL": postgres.is_running(places), "Valkey": valkey.is_running(places)}


def prepare(places: Places) -> Account | None:
    """Make the folders, and find the account to run as."""
    places.sockets.mkdir(mode=0o700, exist_ok=True)
    programs = postgres.programs()
    account = server_account(places.home, [programs, programs / "postgres", programs.parent / "share", valkey.program()])
    if account:
        account.own(places.home, places.sockets)
    if places.sockets.lstat().st_uid != (account.user_id if account else os.geteuid()):
        raise PermissionError(f"{places.sockets} belongs to somebody else")
    return account


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file at `path` alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hold(places: Places) -> None:
    """Count this process among those that use the servers."""
    if places.users not in _held:
        descriptor = os.open(places.users, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[places.users] = descriptor


def release(places: Places) -> None:
    """No longer count this process among those that use the servers."""
    descriptor = _held.pop(places.users, None)
    if descriptor is not None:
        os.close(descriptor)


def is_free(places: Places) -> bool:
    """Whether no process uses the servers."""
    descriptor = os.open(places.users, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
