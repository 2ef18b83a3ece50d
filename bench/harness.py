"""What every bench needs: a scratch database, a clock, and one form for the result."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement: what was reached, what the machine allows, and how they relate (`ratio` = value / limit)."""

    bench: str
    value: float
    unit: str
    limit: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        """Value per limit."""
        return self.value / self.limit

    @property
    def is_reached(self) -> bool:
        """Whether the ratio is within what the design asks for."""
        return (self.at_most is None or self.ratio <= self.at_most) and (self.at_least is None or self.ratio >= self.at_least)

    def line(self) -> str:
        """The result as one line of JSON."""
        figures = {"value": self.value, "limit": self.limit, "ratio": self.ratio}
        rounded = {name: float(f"{figure:.4g}") for name, figure in figures.items()}
        return json.dumps(
            {
                "bench": self.bench,
                "value": rounded["value"],
                "unit": self.unit,
                "limit": rounded["limit"],
                "ratio": rounded["ratio"],
            }
        )


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database that exists for one bench; Django's default connection points at it meanwhile."""

    name: str

    def connect(self) -> Connection:
        """A bare connection of its own, for threads, for COPY and for the limit's statements."""
        return _connect(self.name)


@contextmanager
def scratch_database(purpose: str, *, template: str = "template1") -> Iterator[Scratch]:
    """Make a database, migrate it, point Django at it, and drop it in the end whatever happened.

    Args:
        purpose: What its name tells.
        template: A database to copy, to which nobody else is connected; one that is migrated already saves ten seconds.
    """
    name = f"bench_{purpose}_{os.getpid()}"
    usual = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        _point_django_at(name)
        if template == "template1":
            with told("migrating"):
                call_command("migrate", verbosity=0, interactive=False)
        yield Scratch(name)
    finally:
        _point_django_at(usual)
        _administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say on standard error what is being done, and how long it took."""
    print(f"  {what} ...", file=sys.stderr, end=" ", flush=True)
    begin = time.perf_counter()
    yield
    print(f"{time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)


def _point_django_at(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def _connect(name: str) -> Connection:
    settings = connections["default"].settings_dict
    return psycopg2.connect(
        host=settings["HOST"], port=settings["PORT"] or 5432, user=settings["USER"], password=settings["PASSWORD"], dbname=name
    )


def _administer(statement: sql.Composable) -> None:
    connection = _connect("postgres")
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()
