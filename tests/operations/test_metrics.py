from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from salesys.db.runs import claimed_run
from salesys.operations import heartbeat

pytestmark = pytest.mark.django_db


def test_this_machine_reads_queue_heartbeat_runs_and_requests(client: Client) -> None:
    heartbeat.beat()
    with claimed_run(job="count_stars", business_date=date(2026, 3, 2)):
        pass
    text = client.get("/metrics").content.decode()
    assert 'salesys_runs{job="count_stars",status="done"} 1.0' in text
    assert "salesys_queue_length 0.0" in text
    assert "salesys_heartbeat_age_seconds 0." in text
    assert "django_http_requests_before_middlewares_total" in text


@pytest.mark.parametrize("headers", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}])
def test_others_do_not_find_the_metrics(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/metrics", **headers).status_code == 404  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "status"), [("Bearer a-long-token", 200), ("Bearer another", 404), ("", 404)])
def test_with_a_token_set_only_the_token_counts(client: Client, settings: Settings, given: str, status: int) -> None:
    settings.METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics", headers={"authorization": given}).status_code == status
