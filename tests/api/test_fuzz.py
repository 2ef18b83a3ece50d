"""Requests that nobody thought of: made from the API's own description, bounded and the same on every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Caller
from tests.pipeline.money.conftest import Books

CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance)
EXAMPLES = 4
Calls = Callable[..., Caller]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests stay in the test's own transaction, as they do with Django's client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def headers(books: Books, caller: Calls, settings: Any) -> dict[str, str]:
    settings.REST_REQUESTS_PER_MINUTE = 1_000_000
    return caller(books.company.director).headers


@pytest.mark.no_cover
@pytest.mark.usefixtures("_one_connection")
def test_no_request_made_from_the_description_breaks_the_api(headers: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application(), headers=headers)
    broken: list[str] = []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]

        @given(
            case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def run(case: Any) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)

        try:
            run()
        except Exception as error:  # noqa: BLE001 (every operation is asked before the test fails)
            broken.append(f"{operation.label}: {error}")
    assert broken == []
