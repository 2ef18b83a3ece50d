"""Statements of the `.sql` files and COPY, for the set-based work of the street."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def statement(path: Path) -> str:
    """The text of a `.sql` file."""
    return path.read_text(encoding="utf-8")


def execute(sql: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement and return how many rows it touched; 1 SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def select(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement; 1 SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows of numbers and dates with COPY; 1 SQL statement. Table and columns are names from code, not from input."""
    lines = StringIO()
    for row in rows:
        lines.write("\t".join(r"\N" if value is None else str(value) for value in row) + "\n")
    lines.seek(0)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)


def analyze(*tables: str) -> None:
    """Tell the planner what has just been loaded, so that the next statement of the same transaction joins well."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def drop_scratch(*tables: str) -> None:
    """Drop temporary tables that would live until the transaction ends; two cascades may share one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(tables)}")
