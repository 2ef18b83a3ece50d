from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from salesys.operations import health, heartbeat
from salesys.operations.tasks import beat_heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_heartbeat_yet() -> None:
    cache.delete(heartbeat.KEY)


def problems(client: Client) -> dict[str, str]:
    """What each check of the ready page says."""
    return {finding["name"]: finding["problem"] for finding in client.get("/health/ready").json()["checks"]}


def test_a_process_that_answers_is_alive_without_a_session(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_machines_ask_by_an_address_and_people_by_the_name(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["crm.example.com"]
    settings.METRICS_TOKEN = "token-of-the-metrics"
    beat_heartbeat()
    for path in ("/health/live", "/health/ready", "/metrics"):
        response = client.get(path, headers={"host": "10.0.0.7:8000", "authorization": "Bearer token-of-the-metrics"})
        assert response.status_code == 200, path
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400
    assert client.get("/account/login/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/account/login/", headers={"host": "crm.example.com"}).status_code == 200


def test_being_alive_needs_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_ready_once_a_job_came_through_the_queue(client: Client) -> None:
    beat_heartbeat()
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert problems(client) == {"database": "", "redis": "", "migrations": "", "queue": ""}


def test_not_ready_before_the_first_job(client: Client) -> None:
    assert client.get("/health/ready").status_code == 503
    assert problems(client)["queue"] == "No job has come through the queue yet."


def test_not_ready_when_the_queue_has_stopped(client: Client) -> None:
    cache.set(heartbeat.KEY, time.time() - 300)
    assert client.get("/health/ready").status_code == 503
    assert problems(client)["queue"].startswith("The last job came through the queue 30")


def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'vip' OR (app, name) = ('sessions', '0001_initial')")
    assert problems(client)["migrations"] == "1 migrations are not applied."


def test_a_check_that_fails_says_nothing_about_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ConnectionError("db.internal.example refused user crm")

    finding = health.examine_one("database", refuse)
    assert (finding.problem, finding.is_well) == ("It cannot be reached.", False)
