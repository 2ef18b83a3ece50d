from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from salesys.api.routes import ROUTES
from tests.api.conftest import Caller
from tests.personas import PersonaCompany


def described() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document


def test_description_is_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    document = described()
    assert not GENERATOR_STATS
    assert document["openapi"] == "3.1.0"
    resources = {path.split("/")[3] for path in document["paths"] if path.count("/") > 3}
    assert resources == {prefix for prefix, _viewset, _name in ROUTES}


def test_every_operation_says_what_it_needs_and_how_it_fails() -> None:
    document = described()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method not in {"get", "post", "patch"}:
                continue
            headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
            wanted = {"post": {"Idempotency-Key"}, "patch": {"If-Match"}}.get(method, set())
            assert headers == wanted, (method, path)
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), (method, path)
            assert "application/problem+json" in operation["responses"]["400"]["content"]


def test_root_leads_to_every_resource(company: PersonaCompany, caller: Callable[..., Caller]) -> None:
    found = json.loads(caller(company.seller).get("").content)
    assert {prefix for prefix, _viewset, _name in ROUTES} | {"schema", "docs"} == set(found)


def test_page_of_the_description_keeps_the_content_policy(company: PersonaCompany) -> None:
    response = company.seller.client.get("/api/v1/docs/")
    text = response.content.decode()
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "style=" not in text
    assert text.count("<script") == text.count("<script src=")
