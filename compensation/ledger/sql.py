"""The engine's SQL files, run with bound parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

import compensation.engine

FOLDER = Path(compensation.engine.__file__).parent / "sql"


@cache
def text_of(name: str) -> str:
    """The text of `engine/sql/<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def execute(name: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Run a file; the number of rows that its last statement wrote."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(name), parameters or {})
        return int(cursor.rowcount)


def first_row(name: str, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """Run a file that answers with one row."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(name), parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def rows(statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a short statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or {})
        return list(cursor.fetchall())
