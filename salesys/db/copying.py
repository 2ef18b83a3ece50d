"""Bulk rows through PostgreSQL's COPY: a hundred thousand rows a second where the ORM writes ten thousand.

What a model fills in by itself (defaults, `auto_now`) is filled in here too; constraints and triggers hold as always.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from salesys.db import clock

NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
BUFFER_ROWS = 20_000


def reserve_ids(model: type[models.Model], count: int) -> tuple[int, ...]:
    """Draw `count` primary keys from the table's sequence, so that rows can refer to each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [model._meta.db_table, count]
        )
        return tuple(found for (found,) in cursor.fetchall())


def count_anew(*tables: type[models.Model]) -> None:
    """Let the database know how large the tables have become; call it after a load, in the transaction of the load.

    Until then it plans as if they were as small as before, and may join them row by row.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(table._meta.db_table for table in tables))


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Append rows to a model's table; returns how many.

    Args:
        model: The table; the caller's transaction decides whether the rows stay.
        names: Column names (`company_id`, not `company`), in the order of the values. Columns that are left out get the
            model's default, or the instant of now where the model says so, else NULL.
        rows: Values per row: None, text, numbers, booleans, dates, instants with a time zone, and date ranges.

    Raises:
        ValueError: A name is no column of the model, or a row has another number of values than there are names.
        django.db.Error: A constraint or a trigger refuses a row; then none of this call's rows stays.
    """
    rest = _constants(model, set(names))
    columns = [*names, *rest]
    tail = "".join("\t" + _text(value) for value in rest.values())
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"
    written = 0
    with connection.cursor() as cursor:
        for part, count in _buffers(rows, len(names), tail):
            with connection.wrap_database_errors:
                cursor.copy_expert(statement, part)
            written += count
    return written


def _constants(model: type[models.Model], given: set[str]) -> dict[str, object]:
    fields = {str(field.column): field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)}
    if unknown := given - set(fields):
        raise ValueError(f"{model._meta.label} has no column {sorted(unknown)}.")
    return {
        column: _default(field)
        for column, field in fields.items()
        if column not in given and not field.primary_key and not field.has_db_default()
    }


def _default(field: models.Field[Any, Any]) -> object:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return clock.now() if isinstance(field, models.DateTimeField) else clock.today()
    return field.get_default() if field.has_default() else None


def _buffers(rows: Iterable[Sequence[object]], width: int, tail: str) -> Iterator[tuple[io.StringIO, int]]:
    lines: list[str] = []
    for row in rows:
        if len(row) != width:
            raise ValueError(f"A row has {len(row)} values for {width} columns: {row!r}")
        lines.append("\t".join(map(_text, row)) + tail + "\n")
        if len(lines) == BUFFER_ROWS:
            yield io.StringIO("".join(lines)), len(lines)
            lines = []
    if lines:
        yield io.StringIO("".join(lines)), len(lines)


def _range_text(value: Any) -> str:
    return f"[{value.lower or ''},{value.upper or ''})"


TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: NULL,
    str: lambda value: value.translate(ESCAPES),
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
}


def _text(value: object) -> str:
    kind = type(value)
    if (known := TEXTS.get(kind)) is not None:
        return known(value)
    if hasattr(value, "upper_inc"):
        return _range_text(value)
    return str(value).translate(ESCAPES)
