"""Callers of the API: by token, as a person who is signed in, and with the headers that every request needs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.access.tokens import SCOPES, issue_token
from tests.personas import Persona
from tests.pipeline.money.conftest import books

__all__ = ["books"]


class Caller:
    """An integration that speaks JSON."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.browser = Client()
        self.headers = headers or {}

    def get(self, path: str, **headers: str) -> HttpResponse:
        response: Any = self.browser.get(f"/api/v1/{path}", headers={**self.headers, **headers})
        return response  # type: ignore[no-any-return]

    def post(self, path: str, data: Any = None, *, key: str | None = None, **headers: str) -> HttpResponse:
        keyed = {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.send("post", path, data, {**keyed, **headers})

    def patch(self, path: str, data: Any, **headers: str) -> HttpResponse:
        return self.send("patch", path, data, headers)

    def send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> HttpResponse:
        body = data if isinstance(data, (str, bytes)) else json.dumps(data or {})
        request: Any = getattr(self.browser, method)
        response: HttpResponse = request(
            f"/api/v1/{path}", body, content_type="application/json", headers={**self.headers, **headers}
        )
        return response


@pytest.fixture(autouse=True)
def _limits_start_anew() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """`caller(persona)` with every scope, `caller(persona, "payments:read")` with some, `caller()` with no token."""

    def make(persona: Persona | None = None, *scopes: str) -> Caller:
        if persona is None:
            return Caller()
        issued = issue_token(actor=None, user=persona.user, name="test", scopes=scopes or sorted(SCOPES))
        return Caller({"Authorization": f"Bearer {issued.text}"})

    return make


def issues(response: HttpResponse) -> list[tuple[str, str, str]]:
    """(code, field, value) of each issue."""
    return [(issue["code"], issue["field"], issue["value"]) for issue in json.loads(response.content).get("issues", [])]
