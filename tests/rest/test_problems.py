from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from rest_framework import exceptions

from pipeline.models import Company
from salesys.kernel.errors import Conflict, InvalidInput, Issue, NotAllowed, NotVisible
from salesys.rest.problems import handle
from tests.api.conftest import Caller, books, caller, issues
from tests.pipeline.money.conftest import Books

__all__ = ["books", "caller"]
Calls = Callable[..., Caller]
ISSUE = Issue("code", "Problem.", "field", "value", "Remedy.")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidInput(ISSUE), 400, "invalid"),
        (NotAllowed(ISSUE), 403, "not_allowed"),
        (NotVisible(ISSUE), 404, "not_found"),
        (Conflict(ISSUE), 409, "conflict"),
        (Http404("secret"), 404, "not_found"),
        (PermissionDenied("secret"), 403, "not_allowed"),
        (SuspiciousOperation("secret"), 400, "invalid"),
        (RequestDataTooBig("secret"), 413, "too_large"),
        (DataError("secret"), 400, "out_of_range"),
        (IntegrityError("secret"), 409, "conflict"),
        (OperationalError("secret"), 500, "internal_error"),
        (KeyError("secret"), 500, "internal_error"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
    ],
)
def test_every_error_becomes_a_problem_that_tells_no_secret(error: Exception, status: int, code: str) -> None:
    response = handle(error, {})
    assert (response.status_code, response.data["code"], response.content_type) == (status, code, "application/problem+json")
    assert "secret" not in json.dumps(response.data)
    assert ("issues" in response.data) == (isinstance(error, (InvalidInput, NotAllowed, Conflict)))


def test_nested_fields_are_named_by_their_path() -> None:
    error = exceptions.ValidationError({"lines": [{}, {"amount": ["Too much."]}], "non_field_errors": ["No."]})
    found = [(issue["field"], issue["problem"]) for issue in handle(error, {}).data["issues"]]
    assert found == [("lines.1.amount", "Too much."), ("", "No.")]


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "NaN", b"\xff\xfe", "[" * 100_000, ""])
def test_broken_body_is_a_problem_of_the_sender(books: Books, caller: Calls, body: str | bytes) -> None:
    response = caller(books.company.owner).post("companies/", body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert next(field for _code, field, _value in issues(response)) in {"body", "name"}
    assert Company.all_rows.count() == 2


def test_other_media_types_are_refused(books: Books, caller: Calls) -> None:
    owner = caller(books.company.owner)
    response = owner.browser.post(
        "/api/v1/companies/", "name=x", content_type="text/plain", headers={**owner.headers, "Idempotency-Key": "k"}
    )
    assert (response.status_code, json.loads(response.content)["code"]) == (415, "unsupported_media_type")


def test_addresses_and_methods_that_are_not_there_are_problems(books: Books, caller: Calls) -> None:
    owner = caller(books.company.owner)
    assert owner.get("no-such-thing/").status_code == 404
    for method in ("post", "put", "delete"):
        assert owner.send(method, "no-such-thing/", {}, {}).status_code == 404
    assert owner.get("companies/abc/").status_code == 404
    assert owner.get("companies/999999999999999999/").status_code == 404
    response = owner.send("delete", f"companies/{books.client.pk}/", {}, {})
    assert (response.status_code, json.loads(response.content)["code"]) == (405, "method_not_allowed")
    assert Company.all_rows.filter(pk=books.client.pk).exists()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("industry=abc", "industry"),
        ("industry=99999999999999999999", "industry"),
        ("is_corporate=x&updated_from=yesterday", "updated_from"),
        ("name=%00", "name"),
    ],
)
def test_filter_that_cannot_be_read_is_named(books: Books, caller: Calls, query: str, field: str) -> None:
    response = caller(books.company.owner).get(f"companies/?{query}")
    assert response.status_code == 400
    assert field in [name for _code, name, _value in issues(response)]
