from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from pipeline.money.models import Payment
from pipeline.money.services import record_payment
from salesys.rest.pagination import Cursor
from tests.api.conftest import Caller, books, caller, issues
from tests.pipeline.money.conftest import Books

__all__ = ["books", "caller"]
Calls = Callable[..., Caller]


@pytest.fixture
def references(books: Books) -> list[str]:
    """Seven payments, three of them on one day; in the order of the list."""
    for number, day in enumerate([1, 2, 3, 3, 3, 4, 5]):
        record_payment(
            actor=None, contract=books.contract, values=books.values(reference=f"B-{number}", paid_on=date(2026, 4, day))
        )
    return ["B-6", "B-5", "B-4", "B-3", "B-2", "B-1", "B-0"]


def page(caller: Caller, url: str) -> tuple[list[str], str | None, str | None]:
    body = json.loads(caller.get(url.removeprefix("http://testserver/api/v1/")).content)
    return [row["reference"] for row in body["results"]], body["next"], body["previous"]


def test_pages_go_through_the_whole_list_and_back(books: Books, caller: Calls, references: list[str]) -> None:
    accountant = caller(books.company.accountant)
    forward: list[list[str]] = []
    url: str | None = "payments/?page_size=2"
    last = ""
    while url:
        last = url
        rows, url, _previous = page(accountant, url)
        forward.append(rows)
    assert forward == [references[at : at + 2] for at in range(0, 7, 2)]
    backward = []
    _rows, _next, url = page(accountant, last)
    while url:
        rows, _next, url = page(accountant, url)
        backward.append(rows)
    assert backward == forward[-2::-1]


def test_rows_that_come_meanwhile_shift_nothing(books: Books, caller: Calls, references: list[str]) -> None:
    accountant = caller(books.company.accountant)
    _first, url, _previous = page(accountant, "payments/?page_size=3")
    assert url is not None
    record_payment(actor=None, contract=books.contract, values=books.values(reference="NEW", paid_on=date(2026, 4, 9)))
    rows, _next, previous = page(accountant, url)
    assert rows == references[3:6]
    assert previous is not None
    assert page(accountant, previous)[0] == references[:3]


def test_filters_stay_in_the_addresses(books: Books, caller: Calls, references: list[str]) -> None:
    accountant = caller(books.company.accountant)
    _rows, url, _previous = page(accountant, "payments/?page_size=1&paid_before=2026-04-03")
    assert url is not None
    assert "paid_before=2026-04-03" in url
    assert page(accountant, url)[0] == ["B-0"]


@pytest.mark.parametrize("size", ["0", "201", "-1", "ten", "1.5", "٣", ""])
def test_size_beyond_the_bounds_is_refused(books: Books, caller: Calls, size: str) -> None:
    response = caller(books.company.accountant).get(f"payments/?page_size={size}")
    assert response.status_code == 400
    assert issues(response) == [("page_size", "page_size", size)]


@pytest.mark.parametrize(
    "cursor",
    ["x", "ü", "W10", Cursor(("2026-04-03",)).text(), Cursor(("no date", "1")).text(), Cursor(("2026-04-03", "9" * 30)).text()],
)
def test_cursor_that_is_none_is_refused(books: Books, caller: Calls, cursor: str) -> None:
    response = caller(books.company.accountant).get(f"payments/?cursor={cursor}")
    assert response.status_code == 400
    assert [(code, field) for code, field, _value in issues(response)] == [("not_a_cursor", "cursor")]


def test_names_are_ordered_by_their_key(books: Books, caller: Calls) -> None:
    body = json.loads(caller(books.company.owner).get("companies/?page_size=1").content)
    assert [row["name"] for row in body["results"]] == ["Nordwind"]
    body = json.loads(caller(books.company.owner).get(body["next"].removeprefix("http://testserver/api/v1/")).content)
    assert [row["name"] for row in body["results"]] == ["Southside Retail"]
    assert not Payment.all_rows.exists()
