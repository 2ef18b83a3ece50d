"""Pages of a list by its order, not by its position: rows that come or go meanwhile neither repeat nor get lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from salesys.db.cursors import pack_place, typed_place, unpack_place
from salesys.kernel.errors import InvalidInput, invalid

PAGE_SIZE = 50
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, going back, before) the row with these values of the ordering."""

    values: tuple[str, ...]
    is_back: bool = False

    def text(self) -> str:
        """The cursor as it stands in addresses."""
        return pack_place(["b" if self.is_back else "f", *self.values])

    @classmethod
    def read(cls, text: str, length: int) -> Cursor:
        """Read `text`; raises `InvalidInput` when it is not a cursor of an ordering of `length` fields."""
        way, *values = unpack_place(text) or [""]
        texts = tuple(value for value in values if isinstance(value, str))
        if way not in {"f", "b"} or not len(texts) == len(values) == length:
            raise _not_a_cursor(text)
        return cls(texts, way == "b")


def _not_a_cursor(text: str) -> InvalidInput:
    remedy = _("Take it from `next` or `previous` of an answer, or leave it out.")
    return invalid("not_a_cursor", _("This is not a cursor of this list."), field="cursor", value=text, remedy=remedy)


class KeysetPagination(BasePagination):
    """`?cursor=...&page_size=50`: `next`, `previous` and `results`.

    The view's `ordering` is one field and `pk`, or `pk` alone, both in the same direction, so that one index serves it.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """One page: one SQL statement, whatever its depth."""
        self.request, self.ordering = request, tuple(view.ordering)
        self.size = self._page_size()
        text = request.query_params.get("cursor", "")
        self.cursor = Cursor.read(text, len(self.ordering)) if text else None
        is_back = self.cursor is not None and self.cursor.is_back
        ordering = tuple(_turned(field) for field in self.ordering) if is_back else self.ordering
        rows = queryset.order_by(*ordering)
        if self.cursor is not None:
            rows = rows.filter(_after(queryset.model, ordering, self.cursor, text))
        found = list(rows[: self.size + 1])
        self.has_more = len(found) > self.size
        page = found[: self.size]
        self.page = page[::-1] if is_back else page
        return self.page

    def _page_size(self) -> int:
        text = self.request.query_params.get("page_size", str(PAGE_SIZE))
        if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= LARGEST_PAGE):
            remedy = _("Write a number from 1 to %d.") % LARGEST_PAGE
            raise invalid(
                "page_size", _("There are pages of 1 to %d rows.") % LARGEST_PAGE, field="page_size", value=text, remedy=remedy
            )
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the addresses of its neighbours."""
        is_back = self.cursor is not None and self.cursor.is_back
        has_next = self.has_more if not is_back else True
        has_previous = self.has_more if is_back else self.cursor is not None
        return Response(
            {
                "next": self._address(self.page[-1], is_back=False) if has_next and self.page else None,
                "previous": self._address(self.page[0], is_back=True) if has_previous and self.page else None,
                "results": data,
            }
        )

    def _address(self, row: Model, *, is_back: bool) -> str:
        values = tuple(_text_of(row, field) for field in self.ordering)
        return replace_query_param(
            remove_query_param(self.request.build_absolute_uri(), "cursor"), "cursor", Cursor(values, is_back).text()
        )

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The page in the description of the API."""
        address = {"type": ["string", "null"], "format": "uri", "readOnly": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Its parameters in the description of the API."""
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            _parameter("cursor", _("Where the page begins; from `next` or `previous` of an answer."), {"type": "string"}),
            _parameter("page_size", _("Rows of a page."), size),
        ]


def _parameter(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def _text_of(row: Model, field: str) -> str:
    value = getattr(row, field.removeprefix("-"))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _after(model: type[Model], ordering: Sequence[str], cursor: Cursor, text: str) -> Q:
    """Rows that follow the cursor's row. The bare bound on the first field is what lets its index begin there."""
    names = [field.removeprefix("-") for field in ordering]
    values = typed_place(model, names, cursor.values)
    if values is None:
        raise _not_a_cursor(text)
    sign = "lt" if ordering[0].startswith("-") else "gt"
    if len(names) == 1:
        return Q(**{f"{names[0]}__{sign}": values[0]})
    first, last = names
    tie = Q(**{first: values[0], f"{last}__{sign}": values[1]})
    return Q(**{f"{first}__{sign}e": values[0]}) & (Q(**{f"{first}__{sign}": values[0]}) | tie)
