from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from salesys.celery import app
from salesys.operations import heartbeat
from tests.worker import celery, empty_queue, wait_for, worker


@pytest.fixture(autouse=True)
def no_heartbeat_yet() -> None:
    empty_queue()
    cache.delete(heartbeat.KEY)


def test_every_job_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()
    assert [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] not in app.tasks] == []


def test_jobs_are_not_lost_with_their_worker() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
    assert str(app.conf.timezone) == "UTC"
    assert app.conf.enable_utc


@pytest.mark.django_db(transaction=True)
def test_a_worker_proves_the_way_through_the_queue_as_soon_as_it_is_ready() -> None:
    assert heartbeat.age() is None
    with worker() as process:
        wait_for(process, "succeeded")
    age = heartbeat.age()
    assert age is not None
    assert age < heartbeat.STALE_AFTER


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_sends_what_is_due(tmp_path: Path) -> None:
    with celery("beat", "--schedule", str(tmp_path / "schedule"), "--pidfile=", more={"HEARTBEAT_SECONDS": "1"}) as process:
        assert "beat_heartbeat" in wait_for(process, "Sending due task")
