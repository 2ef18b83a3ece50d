"""Paging and sorting take whatever an address says."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from salesys.shell.pages import LAST_PAGE, is_partial, page_number, paginate, sort_order

ALLOWED: dict[str, str | tuple[str, ...]] = {"name": "name_key", "amount": ("-amount", "name_key")}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("?page=3", 3),
        ("?page=0", 1),
        ("?page=-1", 1),
        ("?page=x", 1),
        ("?page=99999", LAST_PAGE),
        ("?page=999999999999", 1),
        ("?page=³", 1),
    ],
)
def test_page_number_is_always_a_page(query: str, number: int) -> None:
    assert page_number(RequestFactory().get(f"/{query}")) == number


def test_page_knows_its_place_in_the_list() -> None:
    page = paginate(list(range(25)), RequestFactory().get("/?page=2"), per_page=10, count=True)

    assert list(page) == list(range(10, 20))
    assert (page.first, page.last, page.total, page.previous_number, page.next_number) == (11, 20, 25, 1, 3)


def test_last_page_has_no_next() -> None:
    page = paginate(list(range(25)), RequestFactory().get("/?page=3"), per_page=10)

    assert (len(page), page.next_number, page.total, page.is_cut) == (5, None, None, False)


def test_list_that_is_deeper_than_pages_are_given_out_says_so() -> None:
    page = paginate(list(range(LAST_PAGE * 2)), RequestFactory().get(f"/?page={LAST_PAGE}"), per_page=1)

    assert page.is_cut
    assert page.next_number is None


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ("name_key", "pk")),
        ("?sort=-name", ("-name_key", "pk")),
        ("?sort=amount", ("-amount", "name_key", "pk")),
        ("?sort=-amount", ("amount", "-name_key", "pk")),
        ("?sort=password", ("name_key", "pk")),
    ],
)
def test_only_allowed_fields_sort(query: str, fields: tuple[str, ...]) -> None:
    assert sort_order(RequestFactory().get(f"/{query}"), ALLOWED, default="name").fields == fields


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_a_true_part_is_partial(headers: dict[str, str], expected: bool) -> None:
    assert is_partial(RequestFactory().get("/", headers=headers)) is expected
