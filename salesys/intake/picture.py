"""The files as one consistent picture of a sales department, with all that had to be repaired or left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from salesys.intake.files import Line
from salesys.intake.opportunities import Opportunity, OpportunityReader
from salesys.intake.repairs import SECTORS, TIME_ZONES, Finding, Findings, Names, name_key, repaired_word
from salesys.intake.rows import AccountRow, AgentRow, ProductRow, SourceFiles, newest_event

COUNTRIES = (*TIME_ZONES, "United States")


@dataclass(frozen=True, slots=True)
class Person:
    """A seller or a manager; a manager who sells is one person, the head of the team."""

    name: str
    manager: str | None
    team: str
    office: str

    @property
    def is_head(self) -> bool:
        """Whether the team is this person's."""
        return self.name == self.team


@dataclass(frozen=True, slots=True)
class Account:
    """A company, and the seller who won it first: its hunter from that day on."""

    line: Line
    name: str
    industry: str
    parent: str | None
    office: str
    time_zone: str
    founded_year: int | None
    employees: int | None
    revenue: Decimal | None
    team: str | None
    hunter: str | None
    hunter_from_on: date | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be loaded: dates are shifted already. `listed_only` are rows that can only be listed, by file."""

    products: tuple[ProductRow, ...]
    agents: tuple[AgentRow, ...]
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    opportunities: tuple[Opportunity, ...]
    findings: tuple[Finding, ...]
    listed_only: Mapping[str, int]
    works_from_on: date
    shifted_weeks: int


def draw(files: SourceFiles, *, newest_on: date | None, today: date) -> Picture:
    """Turn rows into the picture.

    Args:
        files: The typed rows.
        newest_on: All dates are shifted by whole weeks so that the newest falls in the week (from Monday) of this date;
            None leaves them.
        today: Stands in for dates when the files have none at all.
    """
    findings = Findings()
    products = _once(files.products, "product", findings)
    agents = _spelt_alike(_once(files.agents, "sales_agent", findings), findings)
    accounts = _once(files.accounts, "account", findings)
    newest = newest_event(files.opportunities)
    shift = _whole_weeks(newest, newest_on)
    prices = {row.name: row.price for row in products}
    reader = OpportunityReader(
        prices=prices,
        products=Names.of(prices),
        agents=Names.of(row.name for row in agents),
        accounts=Names.of(row.name for row in accounts),
        undated_on=newest or today,
        shift=shift,
        findings=findings,
    )
    opportunities = reader.read(files.opportunities)
    people = _people(agents)
    _note_idle(agents, opportunities, findings)
    dates = [step.on for row in opportunities for step in row.steps]
    return Picture(
        products,
        agents,
        people,
        _accounts(accounts, opportunities, people, findings),
        opportunities,
        tuple(findings.found.values()),
        _listed_only(files, (products, agents, accounts, opportunities)),
        min(dates, default=today).replace(day=1),
        shift.days // 7,
    )


def _whole_weeks(newest: date | None, newest_on: date | None) -> timedelta:
    if newest is None or newest_on is None:
        return timedelta(0)
    return _monday(newest_on) - _monday(newest)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _listed_only(files: SourceFiles, loaded: tuple[tuple[object, ...], ...]) -> dict[str, int]:
    return {table.name: len(table.lines) - len(rows) for table, rows in zip(files.tables, loaded, strict=True)}


AnyRow = TypeVar("AnyRow", ProductRow, AgentRow, AccountRow)


def _once(rows: Iterable[AnyRow], column: str, findings: Findings) -> tuple[AnyRow, ...]:
    """Rows with a name that no row before them has; names that differ in spelling alone are one name."""
    first: dict[str, AnyRow] = {}
    for row in rows:
        key = name_key(row.name) or row.name
        if key in first:
            problem = _("The name is in line %d already; this row was not loaded.") % first[key].line.number
            findings.listed(row.line, column, "doubled_name", problem, remedy=_("Rename one of them, or dismiss this row."))
        else:
            first[key] = row
    return tuple(first.values())


def _spelt_alike(agents: Iterable[AgentRow], findings: Findings) -> tuple[AgentRow, ...]:
    """One spelling for each manager and office: the first; a manager who sells is spelt as the seller is."""
    rows = list(agents)
    managers = {name_key(row.name): row.name for row in rows}
    offices: dict[str, str] = {}
    found = []
    for row in rows:
        manager = managers.setdefault(name_key(row.manager), row.manager)
        office = offices.setdefault(name_key(row.office), row.office)
        for column, was, became in (("manager", row.manager, manager), ("regional_office", row.office, office)):
            if was != became:
                findings.repaired(row.line, column, f"{column}_spelling", became)
        found.append(replace(row, manager=manager, office=office))
    return tuple(found)


def _people(agents: Iterable[AgentRow]) -> tuple[Person, ...]:
    """Managers first, each in the office of the team's first row."""
    found: dict[str, Person] = {}
    rows = list(agents)
    for row in rows:
        found.setdefault(row.manager, Person(row.manager, None, row.manager, row.office))
    for row in rows:
        found.setdefault(row.name, Person(row.name, row.manager, row.manager, row.office))
    return tuple(found.values())


def _note_idle(agents: Iterable[AgentRow], opportunities: Iterable[Opportunity], findings: Findings) -> None:
    busy = {row.agent for row in opportunities}
    for agent in agents:
        if agent.name not in busy:
            problem = _("This seller has no opportunity in %s.") % "sales_pipeline.csv"
            remedy = _("Check that the person still works here; dismiss them if not.")
            findings.listed(agent.line, "sales_agent", "agent_without_opportunities", problem, remedy=remedy)


def _accounts(
    rows: tuple[AccountRow, ...], opportunities: Iterable[Opportunity], people: Iterable[Person], findings: Findings
) -> tuple[Account, ...]:
    parents = _parents(rows, Names.of(row.name for row in rows), findings)
    team_of = {person.name: person.team for person in people}
    first_won, first_seller = _first_sellers(opportunities)
    found = []
    for row in rows:
        won = first_won.get(row.name)
        office = repaired_word(row.line, "office_location", COUNTRIES, findings)
        found.append(
            Account(
                line=row.line,
                name=row.name,
                industry=_industry(row, findings),
                parent=parents[row.name],
                office=office,
                time_zone=TIME_ZONES.get(office, ""),
                founded_year=row.founded_year,
                employees=row.employees,
                revenue=row.revenue,
                team=team_of.get(first_seller.get(row.name, "")),
                hunter=won.agent if won else None,
                hunter_from_on=won.closed_on if won else None,
            )
        )
    return tuple(found)


def _industry(row: AccountRow, findings: Findings) -> str:
    sector = repaired_word(row.line, "sector", SECTORS, findings)
    return sector[:1].upper() + sector[1:]


def _first_sellers(opportunities: Iterable[Opportunity]) -> tuple[dict[str, Opportunity], dict[str, str]]:
    """By company: its first won opportunity, and the seller of it (of the first opportunity where none was won)."""
    first_won: dict[str, Opportunity] = {}
    first_opened: dict[str, Opportunity] = {}
    for row in sorted(opportunities, key=lambda row: (row.closed_on or date.max, row.line.number)):
        if row.account is not None and row.is_won:
            first_won.setdefault(row.account, row)
    for row in sorted(opportunities, key=lambda row: (row.steps[0].on, row.line.number)):
        if row.account is not None:
            first_opened.setdefault(row.account, row)
    return first_won, {name: row.agent for name, row in {**first_opened, **first_won}.items()}


def _parents(rows: Iterable[AccountRow], names: Names, findings: Findings) -> dict[str, str | None]:
    """The parent of each company; one that is unknown or leads round in a circle is listed and left out."""
    parents: dict[str, str | None] = {}
    for row in rows:
        parents[row.name] = None
        parent = names.find(row.line, "subsidiary_of", findings)
        if parent is None and row.parent:
            problem = _("There is no account of this name.")
            findings.listed(row.line, "subsidiary_of", "unknown_parent", problem, remedy=_("Choose the parent company by hand."))
        elif parent is not None and _leads_to(parent, row.name, parents):
            problem = _("The company would be its own parent, directly or by others.")
            findings.listed(
                row.line, "subsidiary_of", "parent_in_circle", problem, remedy=_("Choose the parent company by hand.")
            )
        else:
            parents[row.name] = parent
    return parents


def _leads_to(start: str, goal: str, parents: Mapping[str, str | None]) -> bool:
    at: str | None = start
    while at is not None and at != goal:
        at = parents.get(at)
    return at == goal
