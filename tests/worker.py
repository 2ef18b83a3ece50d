"""A real worker, or a scheduler, on the test's own database and queue, in a process of its own that can be killed.

Tests that use it are transactional (`django_db(transaction=True)`), so that the other process sees their rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def environment() -> dict[str, str]:
    """The environment of a process that works on the test's database."""
    known = connection.settings_dict
    where = urlencode({"host": known["HOST"], "port": known["PORT"] or 5432})
    address = f"postgresql://{quote(known['USER'])}:{quote(known['PASSWORD'])}@/{quote(known['NAME'])}?{where}"
    return {**os.environ, "SALESYS_ENV": "test", "DATABASE_URL": address, "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "INFO"}


def empty_queue() -> None:
    """Throw away the jobs that earlier tests left in this test run's queue."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*", count=1000):
            if not key.startswith(f"{settings.REDIS_PREFIX}:1:".encode()):
                client.delete(key)


@contextmanager
def celery(*arguments: str, more: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run `celery -A salesys ...`; its output can be read from `stdout`. It is killed with all its children in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "salesys", *arguments],
        cwd=ROOT,
        env=environment() | dict(more or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)


@contextmanager
def worker(*, concurrency: int = 1, more: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A worker that is ready for jobs."""
    arguments = ("worker", "--concurrency", str(concurrency), "--without-mingle", "--without-gossip", "--without-heartbeat")
    with celery(*arguments, more=more) as process:
        wait_for(process, "ready.")
        yield process


def wait_for(process: subprocess.Popen[str], text: str, *, patience: float = 60) -> str:
    """Read what the process says until a line holds `text`; that line.

    Raises:
        AssertionError: The process ended, or was killed after `patience` seconds, before it said so.
    """
    said: list[str] = []
    watch = threading.Timer(patience, os.killpg, (process.pid, 9))
    watch.start()
    try:
        for line in process.stdout or ():
            said.append(line)
            if text in line:
                return line
    finally:
        watch.cancel()
    raise AssertionError(f"The process ended without saying {text!r}:\n{''.join(said[-30:])}")


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process and its children, as a machine that loses power does.

    Children may outlive the process; each of them that did would keep the pipe open for ever.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.communicate(timeout=60)
