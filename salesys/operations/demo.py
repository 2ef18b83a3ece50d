"""`make demo` and `make demo-check`: the whole installation on this machine, with data to look at, until Ctrl+C."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from salesys.embedded import servers
from salesys.embedded.places import EMBEDDED, ServerFailed
from salesys.operations import prepared
from salesys.operations.children import ChildEnded, Family
from salesys.operations.rounds import Login, RoundFailed, past_proxies, visit_all

FOLDER = EMBEDDED.home.parent / "demo"
LOGINS = FOLDER / "logins.json"
PREPARED = FOLDER / "prepared.json"
PATIENCE = 240.0


class Stopped(BaseException):
    """Somebody asked this process to end."""


class NotStarted(RuntimeError):
    """The demo cannot start; says why and what to do."""


def say(text: str = "") -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    sys.stdout.write(f"{what} ... ")
    sys.stdout.flush()
    begin = time.monotonic()
    yield
    say(f"{time.monotonic() - begin:.1f} s")


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that no other program holds."""
    for port in (*range(wanted, min(wanted + 100, 65536)), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotStarted("No port of this machine is free.")


def environment(language: str) -> dict[str, str]:
    """The environment of every process of the demo: its own secret key, its language, its folder for metrics."""
    key = FOLDER / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    metrics = FOLDER / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    return {
        **compiled_once(os.environ),
        "SALESYS_ENV": "development",
        "SECRET_KEY": key.read_text(),
        "SALESYS_LANGUAGE": language,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
    }


def compiled_once(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment, such that three processes need not compile all of Django and of the project at every start.

    Where bytecode is not wanted beside the sources, it lies among the demo's own files.
    """
    kept = {name: value for name, value in inherited.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept if kept == dict(inherited) else {"PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode"), **kept}


@contextmanager
def only_demo() -> Iterator[None]:
    """Refuse to run twice in one project; the kernel frees the lock however this process ends."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotStarted("The demo of this project runs already. Stop it with Ctrl+C in its window first.") from None
        yield


def prepare(family: Family, options: argparse.Namespace) -> None:
    """Bring the database to the newest schema, collect the static files, load the data when there are none."""
    command = ["manage.py", "prepare_demo", "--size", options.size, "--language", options.language]
    command += ["--logins", str(LOGINS)] + (["--data", options.data] if options.data else [])
    child = family.start("prepare", command)
    said = 0
    while child.process.poll() is None:
        said = follow(child.log, said)
        time.sleep(0.1)
    follow(child.log, said)
    family.children.remove(child)
    if child.process.returncode:
        raise NotStarted(f"The data could not be prepared; all of the output is in {child.log}")
    prepared.note(PREPARED, prepared.present(asked_for(options)))


def asked_for(options: argparse.Namespace) -> str:
    """What the preparation depends on among the options."""
    return f"{options.data} {options.size} {options.language}"


def follow(log: Path, said: int) -> int:
    """Pass on what a log has more than `said` bytes of; how many it has now."""
    with log.open("rb") as file:
        file.seek(said)
        more = file.read()
    sys.stdout.write(more.decode(errors="replace"))
    sys.stdout.flush()
    return said + len(more)


def start_processes(family: Family, port: int) -> None:
    """Start worker, web and scheduler; the first two together take longest to become ready."""
    address = ["--host", "127.0.0.1", "--port", str(port)]
    workers = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "8", "--no-ws"]
    family.start(
        "worker", ["-m", "celery", "-A", "salesys", "worker", "--concurrency", "2", "--without-mingle", "--without-gossip"]
    )
    family.start("web", ["-m", "granian", *workers, *address, "salesys.wsgi:application"])
    family.start("scheduler", ["-m", "celery", "-A", "salesys", "beat", "--schedule", str(FOLDER / "schedule"), "--pidfile="])


def wait_until_ready(family: Family, address: str, patience: float = PATIENCE) -> None:
    """Wait for the installation to say that all of it works, the way through the queue included."""
    give_up = time.monotonic() + patience
    answer = "no answer"
    while time.monotonic() < give_up:
        family.check()
        try:
            with past_proxies().open(f"{address}/health/ready", timeout=5):
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode(errors="replace")
        except (OSError, urllib.error.URLError) as error:
            answer = str(error)
        time.sleep(0.2)
    raise NotStarted(f"The installation did not become ready in {patience:.0f} seconds: {answer}")


def logins() -> list[Login]:
    """One sign-in per role, as the data were loaded with."""
    return [Login(**row) for row in json.loads(LOGINS.read_text())]


def announce(address: str) -> None:
    """Say where to go and who to be."""
    rows = logins()
    width = max(len(row.email) for row in rows)
    roles = max(len(row.role_name) for row in rows)
    say(f"\nsalesys runs at {address}\n")
    for row in rows:
        say(f"  {row.role_name:<{roles}}  {row.email:<{width}}  {row.password}")
    say("\nCtrl+C stops it; the data stay for the next start.")


def end_on_signals() -> None:
    """Let Ctrl+C, a closed terminal and a stopped make end this process in good order."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def bring_up(family: Family, options: argparse.Namespace, port: int) -> None:
    """Prepare what is not prepared yet, and start the processes: beside it, when only a new day is to be prepared."""
    now, before = prepared.present(asked_for(options)), prepared.noted(PREPARED)
    is_new_day = LOGINS.exists() and now.is_for_another_day(before)
    if not is_new_day and (now != before or not LOGINS.exists()):
        prepare(family, options)
    start_processes(family, port)
    if is_new_day:
        prepare(family, options)
    with step("Starting web, worker and scheduler"):
        wait_until_ready(family, f"http://127.0.0.1:{port}")


def run(options: argparse.Namespace) -> None:
    """Start all, show or check it, stop all."""
    begin = time.monotonic()
    port = free_port(options.port)
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(only_demo())
        with step("Starting PostgreSQL and Redis"):
            stack.callback(servers.stop)
            servers.start_if_needed()
        family = Family(FOLDER, environment(options.language))
        stack.callback(family.stop)
        bring_up(family, options, port)
        say(f"Started in {time.monotonic() - begin:.0f} s.")
        if options.check:
            visit_all(address, logins(), say)
            return
        announce(address)
        while True:
            family.check()
            time.sleep(0.5)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--data", default="", help="folder of CSV files to load instead of made-up data")
    parser.add_argument("--size", default="1", help="how much made-up data, 1 is a department of some 60 people")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--language", default="en", help="en or ru; a locale such as ru_RU.UTF-8 will do")
    parser.add_argument("--check", action="store_true", help="sign in as each role, then stop")
    options = parser.parse_args(arguments)
    options.language = "ru" if options.language.startswith("ru") else "en"
    if not 1 <= options.port <= 65535:
        parser.error("PORT is a number from 1 to 65535")
    return options


def main() -> int:
    """Run the demo; 0 when it was stopped on purpose or every check passed."""
    options = parse()
    end_on_signals()
    try:
        run(options)
    except Stopped:
        say("\nStopped.")
    except (NotStarted, ChildEnded, ServerFailed, RoundFailed) as error:
        say(f"\n{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
