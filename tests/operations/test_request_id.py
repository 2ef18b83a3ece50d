from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
import structlog
from django.test import Client

from salesys.celery import app, bind_task, send_request_id, unbind_task
from salesys.operations.logs import logging_settings
from salesys.operations.tasks import beat_heartbeat


def test_an_id_from_the_proxy_is_kept(client: Client) -> None:
    assert client.get("/health/live", headers={"x-request-id": "proxy-0123456789"}).headers["X-Request-ID"] == "proxy-0123456789"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "line\nbreak-in-the-log", "quote\"and'more"])
def test_an_id_that_could_spoil_the_log_is_replaced(client: Client, given: str) -> None:
    answered = client.get("/health/live", headers={"x-request-id": given}).headers["X-Request-ID"]
    assert answered != given
    assert len(answered) == 32


def test_two_requests_have_two_ids(client: Client) -> None:
    assert client.get("/health/live").headers["X-Request-ID"] != client.get("/health/live").headers["X-Request-ID"]


@pytest.mark.django_db
def test_one_line_is_logged_per_request_without_its_query(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="salesys.request"):
        client.get("/?q=Ivanov", headers={"x-request-id": "proxy-0123456789"})
    (line,) = [record.msg for record in caplog.records if record.name == "salesys.request"]
    assert isinstance(line, dict)
    assert (line["event"], line["method"], line["path"], line["request_id"]) == ("request", "GET", "/", "proxy-0123456789")
    assert "Ivanov" not in str(line)


def test_a_line_in_production_is_one_json_object() -> None:
    form: Any = logging_settings(as_json=True, level="INFO")["formatters"]["salesys"]
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=form["foreign_pre_chain"], processors=form["processors"])
    record = logging.LogRecord("salesys.test", logging.WARNING, __file__, 1, "Платёж %s", ("№ 7",), None)
    with structlog.contextvars.bound_contextvars(request_id="proxy-0123456789"):
        line = json.loads(formatter.format(record))
    assert (line["event"], line["level"], line["logger"], line["request_id"]) == (
        "Платёж № 7",
        "warning",
        "salesys.test",
        "proxy-0123456789",
    )


def test_an_error_is_logged_with_its_way_and_without_what_people_typed() -> None:
    def sign_in(password: str) -> None:
        raise ValueError("no")

    form: Any = logging_settings(as_json=True, level="INFO")["formatters"]["salesys"]
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=form["foreign_pre_chain"], processors=form["processors"])
    try:
        sign_in("correct-horse-" + "battery")
    except ValueError:
        record = logging.LogRecord("salesys.test", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    text = formatter.format(record)
    (trace,) = json.loads(text)["exception"]
    assert (trace["exc_type"], trace["frames"][-1]["name"]) == ("ValueError", "sign_in")
    assert "correct-horse-battery" not in text


def test_a_job_is_sent_with_the_id_of_its_request() -> None:
    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(request_id="proxy-0123456789"):
        send_request_id(headers)
    assert headers == {"request_id": "proxy-0123456789"}


def test_a_job_that_nobody_asked_for_has_no_request_id() -> None:
    headers: dict[str, Any] = {}
    send_request_id(headers)
    assert headers == {}


def test_a_job_logs_with_the_id_of_its_request_and_forgets_it() -> None:
    task = app.tasks[beat_heartbeat.name]
    task.push_request(request_id="proxy-0123456789", is_eager=False)
    try:
        bind_task(task, "job-1")
        assert structlog.contextvars.get_contextvars() == {
            "task": beat_heartbeat.name,
            "task_id": "job-1",
            "request_id": "proxy-0123456789",
        }
        unbind_task(task)
        assert structlog.contextvars.get_contextvars() == {}
    finally:
        task.pop_request()
