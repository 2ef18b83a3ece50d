"""Rendering, sorting and paging of lists: what every view needs between its query and its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from salesys.kernel.numbers import whole_number

PAGE_SIZE = 50
LAST_PAGE = 200
COUNT_LIMIT = 10_000

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; its own history restore wants the whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and not (
        headers.get("HX-Boosted") == "true" or headers.get("HX-History-Restore-Request") == "true"
    )


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page, or only `partial` when htmx asks for it.

    Without a `partial` the whole page is rendered always; the context is the same for both.
    """
    name = partial if partial and is_partial(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list. `total` is None when it was not counted, `COUNT_LIMIT` + 1 stands for more."""

    rows: Sequence[Row]
    number: int
    first: int
    has_next: bool
    total: int | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def next_number(self) -> int | None:
        """Number of the next page; None at the end and where only a filter helps further."""
        return self.number + 1 if self.has_next and self.number < LAST_PAGE else None

    @property
    def previous_number(self) -> int | None:
        """Number of the page before; None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def is_cut(self) -> bool:
        """Whether more rows exist than pages are given out for."""
        return self.has_next and self.number >= LAST_PAGE

    @property
    def is_total_cut(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.total is not None and self.total > COUNT_LIMIT


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for; nonsense means the first, too deep means the last that is given out."""
    number = whole_number(request.GET.get("page", "1"), most=99_999)
    return min(max(number or 1, 1), LAST_PAGE)


def paginate(
    rows: QuerySet[Any, Row] | Sequence[Row],
    request: HttpRequest,
    *,
    per_page: int = PAGE_SIZE,
    count: bool = False,
) -> Page[Row]:
    """Cut one page out of a list: one SQL statement, a second with `count`, which stops at `COUNT_LIMIT`.

    There is no count by default: over a million rows it costs more than the page. Depth is limited for the same
    reason, people narrow by filters instead.
    """
    number = page_number(request)
    start = (number - 1) * per_page
    found = list(rows[start : start + per_page + 1])
    total = _bounded_count(rows) if count else None
    return Page(found[:per_page], number, start + 1, len(found) > per_page, total)


def _bounded_count(rows: QuerySet[Any, Any] | Sequence[Any]) -> int:
    if isinstance(rows, QuerySet):
        return rows.order_by()[: COUNT_LIMIT + 1].count()
    return len(rows)


@dataclass(frozen=True, slots=True)
class Sort:
    """How a list is ordered now: the key in the address and the direction."""

    key: str
    is_descending: bool
    fields: tuple[str, ...]

    def next_for(self, key: str) -> str:
        """What the header of `key` asks for when it is clicked."""
        return f"-{key}" if key == self.key and not self.is_descending else key


def sort_order(request: HttpRequest, allowed: Mapping[str, str | tuple[str, ...]], *, default: str) -> Sort:
    """Read `?sort=key` or `?sort=-key`; what is not allowed falls back to the default.

    `allowed` maps the key in the address to the field or fields of `order_by`, ascending; `default` is a key with an
    optional minus.
    """
    asked = request.GET.get("sort", default)
    if asked.removeprefix("-") not in allowed:
        asked = default
    key, is_descending = asked.removeprefix("-"), asked.startswith("-")
    fields = allowed[key]
    ascending = (fields,) if isinstance(fields, str) else fields
    ordered = tuple(_turned(field) for field in ascending) if is_descending else ascending
    return Sort(key, is_descending, (*ordered, "pk"))


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def rows_of(queryset: QuerySet[M, M], sort: Sort) -> QuerySet[M, M]:
    """The queryset in the order of the address."""
    return queryset.order_by(*sort.fields)
