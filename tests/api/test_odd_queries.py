"""Every list of the API with every parameter, whatever is written into it: an answer or a problem, never a fault."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from salesys.api.routes import ROUTES
from salesys.rest.pagination import Cursor
from tests.api.conftest import Caller, issues
from tests.pipeline.money.conftest import Books

Calls = Callable[..., Caller]
ODD = (
    "", "\x00", "9" * 4400, "-1", "1e9999999", "NaN", "9223372036854775808", "0001-01-01", "9999-12-31", "9999-12",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "true", "[", "\u202e",
)  # fmt: skip
CURSORS = (
    '["f","\\ud800","1"]', '["f","a\\u0000","1"]', '[["f"],"a","1"]', '{"f":1,"b":2,"c":3}', "[" * 2900,
    '["f","a","b"]', '["f","a",1]',
    '["x","a","1"]', '["f","a","9223372036854775808"]', '["f","a","' + "9" * 2000 + '"]', '["f"]', "[]", "null", "1",
)  # fmt: skip


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.fixture
def owner(books: Books, caller: Calls, settings: Any) -> Caller:
    settings.REST_REQUESTS_PER_MINUTE = 1_000_000
    return caller(books.company.owner)


@pytest.mark.parametrize("resource", [prefix for prefix, _viewset, _name in ROUTES])
def test_no_parameter_is_a_fault(owner: Caller, resource: str) -> None:
    described = json.loads(owner.get("schema/?format=json").content)["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]
    names = [each["name"] for each in described if each["in"] == "query"]
    broken = []
    for name in names:
        for value in ODD:
            response = owner.get(f"{resource}/?{name}={quote(value)}")
            if response.status_code not in {200, 400}:
                broken.append(f"{name}={value[:20]!r}: {response.status_code}")
    assert broken == []


YES_OR_NO = ("payments/?is_refund", "contracts/?is_paid", "contracts/?is_losing", "companies/?is_corporate",
             "contacts/?is_decision_maker", "employees/?is_working")  # fmt: skip


@pytest.mark.parametrize("asked", YES_OR_NO)
def test_what_is_neither_yes_nor_no_is_refused_and_never_the_whole_list(owner: Caller, asked: str) -> None:
    response = owner.get(f"{asked}=maybe")
    assert response.status_code == 400
    assert [(field, value) for _code, field, value in issues(response)] == [(asked.rpartition("?")[2], "maybe")]
    for answer in ("true", "false", "True", "0", ""):
        assert owner.get(f"{asked}={answer}").status_code == 200


def test_yes_and_no_divide_the_list(owner: Caller) -> None:
    def found(query: str) -> set[int]:
        return {row["id"] for row in json.loads(owner.get(f"employees/?page_size=200{query}").content)["results"]}

    working, gone = found("&is_working=1"), found("&is_working=false")
    assert working
    assert (working & gone, working | gone) == (set(), found(""))


@pytest.mark.parametrize("text", CURSORS, ids=lambda text: text[:24])
def test_a_cursor_that_no_list_has_given_is_named(owner: Caller, text: str) -> None:
    for resource in ("companies", "deals", "payments", "plans"):
        response = owner.get(f"{resource}/?cursor={packed(text)}")
        assert response.status_code == 400
        assert [(code, field) for code, field, _value in issues(response)] == [("not_a_cursor", "cursor")]


def test_a_cursor_of_the_longest_name_is_read(owner: Caller) -> None:
    text = Cursor(("\N{CYRILLIC SMALL LETTER ZHE}" * 300, "17")).text()
    assert owner.get(f"companies/?cursor={text}").status_code == 200
