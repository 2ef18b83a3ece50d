"""No address and no form, whatever is written into it, ends in a fault of the product."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.roles import Role
from tests.access.rows import Row
from tests.access.test_matrix import ROWS, Ask, Asking, ask, company, everybody
from tests.factories import CompanyFactory
from tests.personas import PersonaCompany

__all__ = ["ask", "company", "everybody"]

ROOT = Path(__file__).resolve().parents[2]
STREETS = ("salesys", "accounts", "pipeline", "planning", "compensation", "vip")
READ = re.compile(r"""GET(?:\.get|\.getlist)?[(\[]"([a-z_]+)\"""")
USUAL = {
    "q",
    "page",
    "sort",
    "month",
    "status",
    "kind",
    "role",
    "on",
    "year",
    "before",
    "after",
    "company",
    "employee",
    "direction",
}


def place(text: str) -> str:
    """What says where a page of a list begins, with something in it that no list has said."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


PLACES = (
    '["\\ud800",1]',
    '["a","b"]',
    '["abc",1]',
    '["9999-99-99",1]',
    "[true,true]",
    '{"a":1}',
    "[" * 1200,
    "9" * 900,
    "[1e999,1]",
)
QUERIES = ("%00", "9" * 25, "9" * 4400, "9999-12", "0001-01-01", "1e9999999", "%ED%A0%80", *map(place, PLACES[:1]))
NUMBERS = ("99999999999999999999", "9223372036854775808")
TEXTS = ("\x00", "9" * 4400)


def parameters() -> Iterator[str]:
    """Every name that a page reads from its address."""
    found = set(USUAL)
    for street in STREETS:
        for path in (ROOT / street).rglob("*.py"):
            found |= set(READ.findall(path.read_text()))
    return iter(sorted(found))


PARAMETERS = tuple(parameters())


def pages(method: str) -> list[Row]:
    """One row of each page, such that somebody gets it."""
    by_url: dict[str, Row] = {}
    for row in ROWS:
        if row.method == method and not row.url.startswith(("api:", "/api/")) and welcome(row):
            by_url.setdefault(row.url, row)
    return list(by_url.values())


def welcome(row: Row) -> list[Role]:
    """Who gets the page."""
    return [role for role in Role if row.status(role) < 400]


def asked(asking: Asking, path: str, company: PersonaCompany, data: object = None) -> int:
    """The status of another address, or of another body, for somebody who gets the page."""
    user = company.by_role(welcome(asking.row)[0]).user
    return Asking(asking.row, path, asking.data if data is None else data, asking.sessions)(user).status_code


@pytest.mark.parametrize("row", pages("get"), ids=str)
def test_no_query_is_a_fault(row: Row, company: PersonaCompany, ask: Ask) -> None:
    asking = ask(row)
    bare = asking.path.split("?")[0]
    for value in QUERIES:
        query = "&".join(f"{name}={value}" for name in PARAMETERS)
        assert asked(asking, f"{bare}?{query}", company) in {200, 302, 400, 404}, value


@pytest.mark.parametrize("row", [row for row in pages("get") if not row.is_path], ids=str)
def test_no_number_is_a_fault(row: Row, company: PersonaCompany, ask: Ask) -> None:
    asking = ask(row)
    for number in NUMBERS if re.search(r"/\d+/", asking.path) else ():
        assert asked(asking, re.sub(r"/\d+/", f"/{number}/", asking.path), company) in {200, 302, 400, 404}, number


@pytest.mark.parametrize("row", pages("post"), ids=str)
def test_no_form_is_a_fault(row: Row, company: PersonaCompany, ask: Ask) -> None:
    asking = ask(row)
    for field in asking.data:
        for text in TEXTS:
            status = asked(asking, asking.path, company, {**asking.data, field: text})
            assert status in {200, 204, 302, 400, 403, 404, 409}, (field, text[:12])


@pytest.mark.parametrize("text", PLACES, ids=lambda text: text[:20])
@pytest.mark.parametrize("path", ["/companies/", "/calls/log/"])
def test_a_place_that_no_list_has_leaves_nothing_out(company: PersonaCompany, path: str, text: str) -> None:
    CompanyFactory(name="First of all")
    first, odd = (company.owner.client.get(f"{path}?after={after}") for after in ("", place(text)))
    assert odd.status_code == 200
    assert [row.pk for row in odd.context["slice"].rows] == [row.pk for row in first.context["slice"].rows]
