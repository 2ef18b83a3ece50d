"""Pages of long lists that go on from the last row shown, so that the thousandth page costs as much as the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from salesys.db.cursors import pack_place, typed_place, unpack_place

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one page; `next_after` goes into the address of the following one, None on the last."""

    rows: list[Any]
    next_after: str | None
    is_first: bool


def keyset_slice(rows: Any, after: str, *fields: str, is_descending: bool = False, per_page: int = PER_PAGE) -> Slice:
    """One page of a queryset in the order of `fields`; one SQL statement.

    Args:
        rows: Any order that it has is replaced.
        after: From the address; nonsense means the first page.
        fields: Without NULLs, the last of them unique. An index over them makes every page equally cheap.
        is_descending: The whole order is turned round.
        per_page: Rows.
    """
    told = unpack_place(after) if after else None
    values = typed_place(rows.model, fields, told) if told is not None else None
    sign = "-" if is_descending else ""
    ordered = rows.order_by(*(f"{sign}{field}" for field in fields))
    if values is not None:
        ordered = ordered.filter(_beyond(fields, values, "lt" if is_descending else "gt"))
    found = list(ordered[: per_page + 1])
    has_more = len(found) > per_page
    last = [getattr(found[per_page - 1], field) for field in fields] if has_more else None
    return Slice(found[:per_page], pack_place(last) if last else None, values is None)


def _beyond(fields: Sequence[str], values: Sequence[Any], comparison: str) -> Q:
    """Rows after `values`: the first field alone bounds the index, the rest decides among equals."""
    bound = Q(**{f"{fields[0]}__{comparison}e": values[0]})
    beyond = Q()
    for place, field in enumerate(fields):
        equal = dict(zip(fields[:place], values[:place], strict=True))
        beyond |= Q(**equal, **{f"{field}__{comparison}": values[place]})
    return bound & beyond
