"""CSV files read strictly: each fault is named with file, line, column and value, and nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from salesys.kernel.errors import Issue, raise_if_any

MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_VALUE_LENGTH = 300
MAX_ISSUES = 20
"""More than these are not shown at once: the twenty first say what is wrong with the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file as it was: its line number and its values by column."""

    file: str
    number: int
    values: dict[str, str]

    def where(self, column: str) -> str:
        """The place of a value as people look for it: `file.csv:17:column`."""
        return f"{self.file}:{self.number}:{column}"


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be read: its rows in order."""

    name: str
    digest_source: bytes
    lines: tuple[Line, ...]


def read_table(folder: Path, name: str, columns: Sequence[str]) -> Table:
    """Read one CSV file with a header.

    Args:
        folder: Where the file lies.
        name: Its name in the folder.
        columns: Columns that must be there, in any order; others are kept with the row.

    Raises:
        InvalidInput: Missing, empty or unreadable file, wrong encoding, NUL bytes, a missing or doubled column, a row with
            another number of values than the header, or an overlong value. Carries up to twenty faults.
    """
    content = _bytes_of(folder / name, name)
    text = _text_of(content, name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(reader, name, columns)
    issues: list[Issue] = []
    lines: list[Line] = []
    for number, values in _rows(reader, name, issues):
        fault = _fault_of(values, header, f"{name}:{number}")
        issues += fault
        if not fault:
            lines.append(Line(name, number, {column: value.strip() for column, value in zip(header, values, strict=True)}))
        if len(issues) >= MAX_ISSUES:
            break
    if not lines and not issues:
        issues.append(Issue("no_rows", _("The file has a header and no rows."), name, "", _("Export it again with its rows.")))
    raise_if_any(issues)
    return Table(name, content, tuple(lines))


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise_if_any(
            [
                Issue(
                    "no_file",
                    _("The file cannot be read: %s.") % error.strerror,
                    name,
                    str(path),
                    _("Put the file there, readable, and start again."),
                )
            ]
        )
        raise
    if size > MAX_FILE_BYTES:
        raise_if_any([Issue("too_big", _("The file is too big."), name, str(size), _("Divide it: at most 256 MiB in one file."))])
    if not content.strip():
        raise_if_any([Issue("empty_file", _("The file is empty."), name, "", _("Export it again with its rows."))])
    return content


def _text_of(content: bytes, name: str) -> str:
    if (at := content.find(b"\0")) >= 0:
        where = f"{name}:{content.count(10, 0, at) + 1}"
        remedy = _("Save the file as CSV in UTF-8; this is no text file or a damaged one.")
        raise_if_any([Issue("nul_byte", _("There is a NUL byte in the file."), where, "\\0", remedy)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{name}:{content.count(10, 0, error.start) + 1}"
        value = content[error.start : error.start + 1].hex()
        raise_if_any(
            [Issue("wrong_encoding", _("The file is not UTF-8."), where, f"0x{value}", _("Save the file as CSV in UTF-8."))]
        )
        raise


def _header(reader: Iterator[list[str]], name: str, columns: Sequence[str]) -> list[str]:
    try:
        header = [column.strip() for column in next(reader)]
    except csv.Error as error:
        raise_if_any([_not_csv(f"{name}:1", error)])
        raise
    issues = [
        Issue(
            "missing_column",
            _("The column is missing."),
            f"{name}:1:{column}",
            ", ".join(header)[:MAX_VALUE_LENGTH],
            _("Name it in the first line; columns are separated by commas."),
        )
        for column in columns
        if column not in header
    ]
    twice = sorted({column for column in header if header.count(column) > 1})
    issues += [
        Issue("doubled_column", _("The column is there twice."), f"{name}:1:{column}", column, _("Remove or rename one."))
        for column in twice
    ]
    raise_if_any(issues)
    return header


def _rows(reader: Iterator[list[str]], name: str, issues: list[Issue]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their first line; blank lines are no rows."""
    while True:
        number = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            issues.append(_not_csv(f"{name}:{number}", error))
            return
        if values:
            yield number, values


def _not_csv(where: str, error: csv.Error) -> Issue:
    return Issue(
        "not_csv", _("This line cannot be read as CSV."), where, str(error), _("Close each quotation mark; keep values short.")
    )


def _fault_of(values: list[str], header: list[str], where: str) -> list[Issue]:
    if len(values) != len(header):
        problem = _("The row has %(found)d values, the header has %(wanted)d.") % {"found": len(values), "wanted": len(header)}
        return [Issue("wrong_width", problem, where, ",".join(values)[:MAX_VALUE_LENGTH], _("Quote values that contain commas."))]
    return [
        Issue("too_long", _("The value is too long."), f"{where}:{column}", value[:40] + "…", _("Keep it under 300 characters."))
        for column, value in zip(header, values, strict=True)
        if len(value) > MAX_VALUE_LENGTH
    ]
