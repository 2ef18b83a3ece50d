"""A worker that is killed in the middle of a run, with a real broker and a real database, leaves no trace in the ledger."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest
from celery import Celery
from django.conf import settings
from django.db import connections
from redis import Redis

from bench.harness import Scratch, scratch_database
from compensation.ledger import ahead
from compensation.ledger.ahead import load_month
from compensation.ledger.credits import JOB, month_lock
from compensation.ledger.tasks import compute_commissions
from compensation.models import CreditLine, EarningLine, StaleMark
from salesys.db.runs import Run
from salesys.kernel.periods import Month
from tests.compensation.ledger.checks import check_ledger, ledger_bytes
from tests.compensation.ledger.histories import LAST, History

# The mark asks for the database of the tests, whose copy the ground is: a run of this file alone would copy the demo's instead.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]
QUEUE = f"killed_{os.getpid()}"
PATIENCE_SECONDS = 240.0
MARCH = Month(2026, 3)


@pytest.fixture
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scratch]:
    """A database of its own, because the worker sees only what is committed; a copy of the tests' empty one."""
    tested = str(connections["default"].settings_dict["NAME"])
    with django_db_blocker.unblock(), scratch_database("killed", template=tested) as scratch:
        history = History(random.Random(1))
        history.begin()
        for _change in range(60):
            history.step()
        yield scratch
        with Redis.from_url(settings.REDIS_URL) as broker:
            for key in broker.scan_iter(f"{QUEUE}:*"):
                broker.delete(key)


def address_of(scratch: Scratch) -> str:
    """The database's address for another process; the socket's folder as an option keeps its letters as they are."""
    values = connections["default"].settings_dict
    secret = quote(values["PASSWORD"], safe="")
    host = quote(values["HOST"], safe="")
    return f"postgresql://{values['USER']}:{secret}@/{scratch.name}?host={host}&port={values['PORT'] or 5432}"


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look until something holds; fail when it does not for long."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    pause = Event()
    while not holds():
        assert time.monotonic() < give_up, what
        pause.wait(0.05)


@contextmanager
def worker(scratch: Scratch, *, connections_at_once: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker of one process; killed in the end if it still lives."""
    environment = os.environ | {
        "DATABASE_URL": address_of(scratch),
        "REDIS_URL": settings.REDIS_URL,
        "SALESYS_ENV": "test",
        "SALESYS_TEST_DB": QUEUE,
        "PYTEST_XDIST_WORKER": "",
        "SALESYS_COMMISSION_CONNECTIONS": str(connections_at_once),
    }
    command = [sys.executable, "-m", "celery", "-A", "salesys.celery", "worker", "-P", "solo", "-l", "warning"]
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"], cwd=ROOT, env=environment
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def enqueue(run: Run) -> None:
    """Send the task, as the service and the sweeper do, to the queue of this test's worker."""
    with Celery(broker=settings.CELERY_BROKER_URL, set_as_current=False) as app:
        app.conf.broker_transport_options = {"global_keyprefix": f"{QUEUE}:"}
        app.send_task(compute_commissions.name, args=[run.pk])


def waiting_backends(cursor: Any) -> int:
    """Connections that wait for a lock in this database."""
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    return int(cursor.fetchone()[0])


def periods_posted() -> set[Month]:
    """Months with a line of either kind."""
    found = {on for model in (CreditLine, EarningLine) for on in model.all_rows.values_list("period_on", flat=True)}
    return {Month.of(on) for on in found}


def kill_at(scratch: Scratch, run: Run, lock: str, *, connections_at_once: int = 1) -> None:
    """Hold a lock that the run needs, let a worker run into it, kill the worker there."""
    holder, watcher = scratch.connect(), scratch.connect()
    watcher.autocommit = True
    try:
        holder.cursor().execute(lock)
        with worker(scratch, connections_at_once=connections_at_once) as process:
            enqueue(run)
            wait_until(lambda: waiting_backends(watcher.cursor()) == 1, "the worker did not come to the lock")
            process.send_signal(signal.SIGKILL)
            process.wait()
    finally:
        holder.close()
        # The killed worker's connection ends as soon as its server notices
        wait_until(lambda: waiting_backends(watcher.cursor()) == 0, "the killed worker's connection stayed")
        watcher.close()


def undisturbed(scratch: Scratch, run: Run) -> list[Any]:
    """The ledger that the same run writes into a copy of the database when nothing disturbs it."""
    connections["default"].close()
    usual = connections["default"].settings_dict["NAME"]
    copy = f"{scratch.name}_copy"
    administrator = Scratch("postgres").connect()
    administrator.autocommit = True
    try:
        administrator.cursor().execute(f"CREATE DATABASE {copy} TEMPLATE {scratch.name}")
        connections["default"].settings_dict["NAME"] = copy
        compute_commissions(run.pk)
        return ledger_bytes()
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = usual
        administrator.cursor().execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        administrator.close()


def test_killed_between_and_inside_months_the_run_ends_in_the_same_bytes(ground: Scratch) -> None:
    run = Run.all_rows.create(job=JOB, business_date=LAST.last, key="asked-test")
    expected = undisturbed(ground, run)
    assert len(expected) > 20
    assert not periods_posted()

    # Between two months: January and February are committed, March is not begun
    kill_at(ground, run, f"SELECT pg_advisory_lock(hashtextextended('{month_lock(MARCH)}', 0))")
    assert periods_posted() == {Month(2026, 1), Month(2026, 2)}
    assert StaleMark.all_rows.exists()

    # Inside March: its credits are written, its sums wait, nothing is committed
    kill_at(ground, run, "LOCK TABLE compensation_measure IN SHARE MODE")
    assert periods_posted() == {Month(2026, 1), Month(2026, 2)}

    with worker(ground):
        enqueue(run)
        wait_until(lambda: Run.all_rows.get(pk=run.pk).status == Run.Status.DONE, "the run was not taken over")
    assert ledger_bytes() == expected
    assert not StaleMark.all_rows.exists()
    check_ledger(LAST)


def test_months_written_at_once_end_in_the_same_bytes(ground: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Month] = []

    def noted(run_id: int, month: Month) -> int:
        begun.append(month)
        return load_month(run_id, month)

    run = Run.all_rows.create(job=JOB, business_date=LAST.last, key="asked-test")
    expected = undisturbed(ground, run)
    monkeypatch.setattr(settings, "COMMISSION_CONNECTIONS", 3)
    monkeypatch.setattr(ahead, "load_month", noted)
    compute_commissions(run.pk)
    assert len(begun) > 2
    assert ledger_bytes() == expected
    check_ledger(LAST)


def test_killed_while_months_are_written_at_once_the_run_ends_in_the_same_bytes(ground: Scratch) -> None:
    run = Run.all_rows.create(job=JOB, business_date=LAST.last, key="asked-test")
    expected = undisturbed(ground, run)

    kill_at(ground, run, f"SELECT pg_advisory_lock(hashtextextended('{month_lock(MARCH)}', 0))", connections_at_once=2)
    assert MARCH not in periods_posted()
    assert StaleMark.all_rows.exists()

    with worker(ground, connections_at_once=2):
        enqueue(run)
        wait_until(lambda: Run.all_rows.get(pk=run.pk).status == Run.Status.DONE, "the run was not taken over")
    assert ledger_bytes() == expected
    check_ledger(LAST)
