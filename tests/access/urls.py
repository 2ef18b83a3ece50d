"""Every address that the product answers, read off its resolver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.access.rows import Row


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: its whole route and its name with namespace (empty for one without a name)."""

    route: str
    name: str

    def __str__(self) -> str:
        return self.name or f"/{self.route}"


def addresses(resolver: URLResolver | None = None, route: str = "", namespace: str = "") -> Iterator[Address]:
    """Every pattern below `resolver`, the whole product by default."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + (str(entry.pattern).removeprefix("^") if route else str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield Address(here, f"{namespace}{entry.name}" if entry.name else "")
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, here, inner)


def unlisted(rows: Iterable[Row], among: Iterable[Address] | None = None) -> list[Address]:
    """Patterns that no row asks for."""
    rows = list(rows)
    names = {row.url for row in rows if not row.is_path}
    routes = {resolve(row.url).route for row in rows if row.is_path}
    return [address for address in (among or addresses()) if address.name not in names and address.route not in routes]


def unknown_names(rows: Iterable[Row]) -> list[str]:
    """Names in rows that no pattern has: rows of pages that are gone."""
    known = {address.name for address in addresses()}
    return sorted({row.url for row in rows if not row.is_path and row.url not in known})
