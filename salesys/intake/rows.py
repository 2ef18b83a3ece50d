"""The four files as typed rows. A value that cannot be what its column says stops the load; a strange one does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from salesys.intake.files import MAX_ISSUES, Line, Table, read_table
from salesys.kernel.errors import InvalidInput, Issue, invalid, raise_if_any
from salesys.kernel.money import parse_money

PRODUCTS = "products.csv"
TEAMS = "sales_teams.csv"
ACCOUNTS = "accounts.csv"
PIPELINE = "sales_pipeline.csv"
FILES = (PRODUCTS, TEAMS, ACCOUNTS, PIPELINE)
COLUMNS = {
    PRODUCTS: ("product", "series", "sales_price"),
    TEAMS: ("sales_agent", "manager", "regional_office"),
    ACCOUNTS: ("account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"),
    PIPELINE: ("opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"),
}

MILLION = Decimal(1_000_000)
YEARS = (1500, 2200)
MAX_EMPLOYEES = 10_000_000

Parsed = TypeVar("Parsed")


class DealStage(StrEnum):
    """How far an opportunity has come, in the words of the file."""

    PROSPECTING = "Prospecting"
    ENGAGING = "Engaging"
    WON = "Won"
    LOST = "Lost"


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product and its price without tax."""

    line: Line
    name: str
    series: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class AgentRow:
    """A seller, the manager of the seller's team, and the office."""

    line: Line
    name: str
    manager: str
    office: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A company; `revenue` is a year's, in units of money (the file has millions)."""

    line: Line
    name: str
    sector: str
    founded_year: int | None
    revenue: Decimal | None
    employees: int | None
    office: str
    parent: str


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity; what was not reached yet is None."""

    line: Line
    key: str
    agent: str
    product: str
    account: str
    stage: DealStage
    engaged_on: date | None
    closed_on: date | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The four files, read and typed."""

    products: tuple[ProductRow, ...]
    agents: tuple[AgentRow, ...]
    accounts: tuple[AccountRow, ...]
    opportunities: tuple[OpportunityRow, ...]
    tables: tuple[Table, ...]


def read_files(folder: Path) -> SourceFiles:
    """Read the folder.

    Raises:
        InvalidInput: Something in the files is no CSV, or no number, date or stage where one must be.
    """
    if not folder.is_dir():
        raise invalid(
            "no_folder",
            _("There is no such folder."),
            field="folder",
            value=folder,
            remedy=_("Name the folder of the CSV files."),
        )
    products, teams, accounts, pipeline = (read_table(folder, name, columns) for name, columns in COLUMNS.items())
    return SourceFiles(
        _typed(products, _product),
        _typed(teams, _agent),
        _typed(accounts, _account),
        _typed(pipeline, _opportunity),
        (products, teams, accounts, pipeline),
    )


def _typed(table: Table, parse: Callable[[Line], Parsed]) -> tuple[Parsed, ...]:
    found: list[Parsed] = []
    issues: list[Issue] = []
    for line in table.lines:
        try:
            found.append(parse(line))
        except InvalidInput as error:
            issues += error.issues
        if len(issues) >= MAX_ISSUES:
            break
    raise_if_any(issues)
    return tuple(found)


def _product(line: Line) -> ProductRow:
    return ProductRow(line, _text(line, "product", 160), _short(line, "series", 80), _money(line, "sales_price"))


def _agent(line: Line) -> AgentRow:
    return AgentRow(line, _text(line, "sales_agent", 200), _text(line, "manager", 180), _text(line, "regional_office", 200))


def _account(line: Line) -> AccountRow:
    return AccountRow(
        line,
        _text(line, "account", 300),
        _short(line, "sector", 120),
        _whole(line, "year_established", YEARS),
        _optional(line, "revenue", _millions),
        _whole(line, "employees", (0, MAX_EMPLOYEES)),
        _short(line, "office_location", 120),
        line.values["subsidiary_of"],
    )


def _opportunity(line: Line) -> OpportunityRow:
    return OpportunityRow(
        line,
        _text(line, "opportunity_id", 50),
        line.values["sales_agent"],
        line.values["product"],
        line.values["account"],
        _stage(line),
        _optional(line, "engage_date", _date),
        _optional(line, "close_date", _date),
        _optional(line, "close_value", _money),
    )


def _text(line: Line, column: str, longest: int) -> str:
    if not line.values[column]:
        raise invalid("empty", _("The value is empty."), field=line.where(column), remedy=_("Fill it in."))
    return _short(line, column, longest)


def _short(line: Line, column: str, longest: int) -> str:
    value = line.values[column]
    if len(value) > longest:
        remedy = _("Keep it to %d characters.") % longest
        raise invalid("too_long", _("The value is too long."), field=line.where(column), value=value[:40] + "…", remedy=remedy)
    return value


def _optional(line: Line, column: str, parse: Callable[[Line, str], Parsed]) -> Parsed | None:
    return parse(line, column) if line.values[column] else None


def _money(line: Line, column: str) -> Decimal:
    amount = parse_money(line.values[column], field=line.where(column))
    if amount < 0:
        remedy = _("Write zero or more; a refund is a payment of its own.")
        raise invalid("negative", _("The amount is negative."), field=line.where(column), value=amount, remedy=remedy)
    return amount


def _millions(line: Line, column: str) -> Decimal:
    value = line.values[column]
    try:
        units = Decimal(value) * MILLION
    except InvalidOperation:
        units = Decimal("NaN")
    if not units.is_finite() or not 0 <= units < Decimal(10) ** 15:
        remedy = _("Write millions like 1100.04.")
        raise invalid(
            "not_a_number", _("This is not an amount in millions."), field=line.where(column), value=value, remedy=remedy
        )
    return units.quantize(Decimal("0.01"))


def _whole(line: Line, column: str, bounds: tuple[int, int]) -> int | None:
    value = line.values[column]
    if not value:
        return None
    lowest, highest = bounds
    if not (value.isascii() and value.isdigit() and lowest <= int(value[:12]) <= highest):
        remedy = _("Write a whole number from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
        raise invalid("not_a_number", _("This is not such a number."), field=line.where(column), value=value, remedy=remedy)
    return int(value)


def _date(line: Line, column: str) -> date:
    value = line.values[column]
    try:
        found = datetime.strptime(value, "%m/%d/%Y").date()  # noqa: DTZ007
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2200:
        remedy = _("Write it like 12/31/2017: month, day, year.")
        raise invalid("not_a_date", _("This is not a date."), field=line.where(column), value=value, remedy=remedy)
    return found


def _stage(line: Line) -> DealStage:
    value = line.values["deal_stage"]
    try:
        return DealStage(value)
    except ValueError:
        remedy = _("Write one of %s.") % ", ".join(DealStage)
        raise invalid(
            "no_such_stage", _("There is no such stage."), field=line.where("deal_stage"), value=value, remedy=remedy
        ) from None


def newest_event(opportunities: Sequence[OpportunityRow]) -> date | None:
    """The latest date of the pipeline: the day on which the files were exported, as far as they tell."""
    return max((on for row in opportunities for on in (row.engaged_on, row.closed_on) if on is not None), default=None)
