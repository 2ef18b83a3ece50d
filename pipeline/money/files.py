"""CSV files of payments as people export them: which column is what, what each cell says, what cannot be read.

Nothing here touches the database.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from pipeline.money.amounts import PaymentValues
from pipeline.money.loading import LineIssue, PaymentRow
from salesys.kernel.errors import InvalidInput, Issue, invalid
from salesys.kernel.money import parse_money
from salesys.kernel.numbers import decimal_number

FIELDS = ("reference", "contract", "paid_on", "amount", "currency", "currency_rate", "vat_rate", "refund_of", "note")
REQUIRED = ("reference", "contract", "paid_on", "amount")
ERROR_COLUMNS = ("line", "field", "value", "problem", "remedy")
NAMES: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "bank reference", "document", "document number", "номер документа", "референс", "номер платежа"),
    "contract": ("contract", "contract number", "договор", "номер договора"),
    "paid_on": ("paid on", "date", "payment date", "дата", "дата платежа", "дата оплаты"),
    "amount": ("amount", "sum", "amount with vat", "сумма", "сумма с ндс"),
    "currency": ("currency", "валюта"),
    "currency_rate": ("currency rate", "rate", "exchange rate", "курс", "курс валюты"),
    "vat_rate": ("vat rate", "vat", "ндс", "ставка ндс"),
    "refund_of": ("refund of", "refunded reference", "возврат платежа", "возврат по"),
    "note": ("note", "purpose", "comment", "назначение платежа", "комментарий", "примечание"),
}
LONGEST_CELL = 1000
ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
"""What spreadsheets take for the beginning of a formula; apostrophes before it count, so that one of ours can be told from it."""
PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9\s.,]*%?")
LOCAL_DATE = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be opened: its text after the header, and which column holds which field."""

    text: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, int]

    @property
    def is_ours(self) -> bool:
        """Whether it is a file of `error_lines` that has been corrected."""
        return self.header[: len(ERROR_COLUMNS)] == ERROR_COLUMNS

    def lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Line number in the file and cells of each row that is not blank; raises `csv.Error` where quotes do not close.

        Cells of a corrected file are as they were before `error_lines` made them harmless.
        """
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        next(reader, None)
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, [_as_it_was(cell) for cell in cells] if self.is_ours else cells
            start = reader.line_num + 1


@dataclass
class Reading:
    """The rows of a table, one at a time; lines that cannot be read gather in `issues` on the way."""

    table: Table
    issues: list[LineIssue] = field(default_factory=list)

    def rows(self) -> Iterator[PaymentRow]:
        """The rows that can be read, in order."""
        line = 1
        try:
            for line, cells in self.table.lines():
                row = self._row(line, cells)
                if row is not None:
                    yield row
        except csv.Error as error:
            remedy = _("Close the quotes, or save the file as CSV again.")
            self.issues.append(
                LineIssue(line + 1, Issue("broken_csv", _("From here on this is not CSV: %s.") % error, "file", "", remedy))
            )

    def _row(self, line: int, cells: Sequence[str]) -> PaymentRow | None:
        try:
            return _row_of(line, _named(self.table, cells))
        except InvalidInput as error:
            self.issues += [LineIssue(line, issue) for issue in error.issues]
            return None


def open_table(content: bytes) -> Table:
    """Read encoding, delimiter and header.

    Raises:
        InvalidInput: The file is empty, is no text, has no row, or lacks a required column; every missing one is named.
    """
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise invalid("empty_file", _("The file has no header."), field="file", remedy=_("Its first line names the columns."))
    delimiter = max(";,\t", key=first.count)
    try:
        header = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise invalid("broken_csv", _("The header is not CSV: %s.") % error, field="file", value=first[:100]) from None
    if header[: len(ERROR_COLUMNS)] == ERROR_COLUMNS:
        header = tuple(_as_it_was(cell) for cell in header)
    columns = _columns(header)
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InvalidInput(*(_missing(name, header) for name in missing))
    if not text[len(first) :].strip():
        remedy = _("Export it again with its rows.")
        raise invalid("no_rows", _("The file has a header and no rows."), field="file", remedy=remedy)
    return Table(text, delimiter, header, columns)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise invalid("not_text", _("This is not a text file."), field="file", remedy=_("Save it as CSV in UTF-8."))


def _columns(header: Sequence[str]) -> dict[str, int]:
    keys = [" ".join(name.lower().replace("_", " ").replace("ё", "е").split()) for name in header]
    by_name = {name: field_name for field_name, names in NAMES.items() for name in names}
    columns: dict[str, int] = {}
    for index, key in enumerate(keys):
        if key in by_name:
            columns.setdefault(by_name[key], index)
    return columns


def _missing(name: str, header: Sequence[str]) -> Issue:
    remedy = _("Name a column %(name)s (or %(others)s).") % {"name": name, "others": ", ".join(NAMES[name][1:3])}
    return Issue("missing_column", _("The file has no column for this."), name, ", ".join(header)[:200], remedy)


def _named(table: Table, cells: Sequence[str]) -> dict[str, str]:
    if len(cells) < len(table.header) and any(index >= len(cells) for index in table.columns.values()):
        problem = _("This line has %(found)s cells, the header %(wanted)s.") % {"found": len(cells), "wanted": len(table.header)}
        raise invalid(
            "too_few_cells", problem, field="line", value=table.delimiter.join(cells)[:200], remedy=_("Complete the line.")
        )
    named = {name: cells[index].strip() for name, index in table.columns.items()}
    for name, value in named.items():
        if len(value) > LONGEST_CELL:
            raise invalid("too_long", _("This text is too long."), field=name, value=value[:100], remedy=_("Shorten it."))
    return named


def _row_of(line: int, cells: Mapping[str, str]) -> PaymentRow:
    """The typed row; raises with every cell that cannot be read."""
    issues: list[Issue] = []

    def read(name: str, reader: object) -> object:
        try:
            return reader(cells[name], name) if cells.get(name) else None  # type: ignore[operator]
        except InvalidInput as error:
            issues.extend(error.issues)
            return None

    paid_on, amount = read("paid_on", read_date), read("amount", lambda text, name: parse_money(text, field=name))
    rate, vat = read("currency_rate", read_number), read("vat_rate", read_share)
    issues += [
        Issue("required", _("This cell is empty."), name, "", _("Fill it in.")) for name in REQUIRED if not cells.get(name)
    ]
    if issues or not isinstance(paid_on, date) or not isinstance(amount, Decimal):
        raise InvalidInput(*issues)
    values = PaymentValues(
        paid_on=paid_on,
        amount=amount,
        reference=cells["reference"],
        currency=cells.get("currency", "").upper(),
        currency_rate=rate if isinstance(rate, Decimal) else None,
        vat_rate=vat if isinstance(vat, Decimal) else None,
        note=cells.get("note", ""),
    )
    return PaymentRow(line, cells["contract"], values, cells.get("refund_of", ""))


def read_date(text: str, name: str) -> date:
    """`2026-04-06` or `06.04.2026`; dates with slashes are read differently in different countries, so they are refused."""
    parts = ISO_DATE.fullmatch(text) or LOCAL_DATE.fullmatch(text)
    try:
        if parts is not None:
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        pass
    raise invalid("not_a_date", _("This is not a date."), field=name, value=text, remedy=_("Write it like 2026-04-06."))


def read_number(text: str, name: str) -> Decimal:
    """`92.5031` or `92,5031`; infinite where it is beyond anything that is counted, for the rules of payments to refuse."""
    number = decimal_number("".join(text.split()).replace(",", "."))
    if number is None:
        raise invalid("not_a_number", _("This is not a number."), field=name, value=text, remedy=_("Write it like 92.5031."))
    return number


def read_share(text: str, name: str) -> Decimal:
    """`0.2`, `20` and `20 %` are all 20 %."""
    share = read_number(text.replace("%", ""), name)
    return share / 100 if "%" in text or (share.is_finite() and share >= 1) else share


def error_lines(table: Table, issues: Sequence[LineIssue]) -> Iterator[list[str]]:
    """The rows with errors as they were, with what is wrong beside them: corrected, the file can be loaded again.

    The first five columns are ours and are not read back; several problems of one line are joined by ` | `. No cell begins like
    a formula: what a bank's customer writes into a note would otherwise be run by the spreadsheet of whoever opens the file.
    """
    by_line: dict[int, list[Issue]] = {}
    for found in issues:
        by_line.setdefault(found.line, []).append(found.issue)
    yield [*ERROR_COLUMNS, *map(_harmless, table.header)]
    try:
        for line, cells in table.lines():
            if line in by_line:
                yield [str(line), *_joined(by_line.pop(line)), *map(_harmless, cells)]
    except csv.Error:
        pass
    for line, wrong in by_line.items():
        yield [str(line), *_joined(wrong)]


def _joined(issues: Sequence[Issue]) -> list[str]:
    parts = ([issue.field for issue in issues], [issue.value for issue in issues])
    words = ([_(issue.problem) for issue in issues], [_(issue.remedy) for issue in issues])
    return [_harmless(" | ".join(part)) for part in (*parts, *words)]


def _harmless(text: str) -> str:
    """A cell that a spreadsheet does not run as a formula; a negative amount is none."""
    return f"'{text}" if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def _as_it_was(cell: str) -> str:
    """A cell without the apostrophe of `_harmless`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
