from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, connections

from salesys.db.runs import Run, advisory_lock, advisory_unlock, claimed_run
from salesys.db.tasks import MONTHS_AHEAD, partitioned_tables, prepare_partitions
from salesys.kernel.periods import Month

DAY = date(2026, 11, 20)


@pytest.mark.django_db
def test_a_run_is_done_once_per_job_and_date() -> None:
    with claimed_run(job="nightly", business_date=DAY) as first:
        assert first is not None
        first.report(done=3, total=5)
    with claimed_run(job="nightly", business_date=DAY) as second:
        assert second is None
    run = Run.all_rows.get()
    assert (run.status, run.rows_done, run.rows_total, run.attempts, run.error) == ("done", 3, 5, 1, "")
    assert run.started_at
    assert run.finished_at
    assert run.started_at <= run.finished_at


@pytest.mark.django_db
def test_a_done_run_can_be_asked_for_again() -> None:
    for _ in range(2):
        with claimed_run(job="nightly", business_date=DAY, again=True) as run:
            assert run is not None
    assert Run.all_rows.get().attempts == 2


@pytest.mark.django_db
def test_another_date_or_key_is_another_run() -> None:
    for day, key in ((DAY, ""), (DAY, "2026-10"), (date(2026, 11, 21), "")):
        with claimed_run(job="nightly", business_date=day, key=key) as run:
            assert run is not None
    assert Run.all_rows.count() == 3


@pytest.mark.django_db
def test_a_failure_is_kept_raised_and_can_be_tried_again() -> None:
    with pytest.raises(ValueError, match="no rate"), claimed_run(job="nightly", business_date=DAY):
        raise ValueError("no rate")
    failed = Run.all_rows.get()
    assert (failed.status, failed.error) == ("failed", "ValueError")
    with claimed_run(job="nightly", business_date=DAY) as run:
        assert run is not None
    again = Run.all_rows.get()
    assert (again.status, again.error, again.attempts) == ("done", "", 2)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_another_worker_holds_is_left_to_it() -> None:
    worker = connections.create_connection("default")
    try:
        with worker.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"run:nightly:{DAY}:"])
        with claimed_run(job="nightly", business_date=DAY) as run:
            assert run is None
        assert Run.all_rows.count() == 0
        with worker.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        with claimed_run(job="nightly", business_date=DAY) as run:
            assert run is not None
    finally:
        worker.close()


@pytest.mark.django_db(transaction=True)
def test_a_lock_ends_with_its_connection_or_when_given_back() -> None:
    other = connections.create_connection("default")
    try:
        assert advisory_lock("one") is True
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('one', 0))")
            assert cursor.fetchone() == (False,)
            advisory_unlock("one")
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('one', 0))")
            assert cursor.fetchone() == (True,)
    finally:
        other.close()


@pytest.mark.django_db
def test_partitions_are_made_ahead_for_every_bulk_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesys.db.clock.today", lambda: date(2031, 12, 31))
    prepare_partitions()
    prepare_partitions()
    tables = partitioned_tables()
    assert "pipeline_call" in tables
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")
        made = {name for (name,) in cursor.fetchall()}
    for offset in range(MONTHS_AHEAD + 1):
        month = Month(2031, 12).plus(offset)
        assert f"pipeline_call_y{month.year}m{month.number:02d}" in made
    run = Run.all_rows.get()
    assert (run.status, run.rows_done, run.rows_total) == ("done", len(tables), len(tables))
