"""Writes the past that `salesys.demo.history` makes up around the deals of published files."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from accounts.structure.models import Direction
from pipeline.clients.models import Company
from pipeline.clients.relationships import Holding, open_relationships
from pipeline.deals.models import Deal
from salesys.demo.clients import first_contacts
from salesys.demo.deals import DealMaker
from salesys.demo.generate import entries_of
from salesys.demo.history import Care, ColdFloor, Opening
from salesys.demo.rows import CompanyRow
from salesys.demo.setting import Setting
from salesys.demo.support import Support
from salesys.demo.writing import Writer

UNDATED_DAYS = 25
STEPS = {"call lists", "calls", "tasks and cards"}


def write_past(setting: Setting, writer: Writer, clients: tuple[list[Company], list[int]], kept: Sequence[Holding]) -> None:
    """Calls, cards, lists and telesales relationships since the first deal of the files.

    Args:
        setting: Day, seed, language.
        writer: Has written people and leads.
        clients: Companies of the files, and a contact at each.
        kept: Who has taken over which of them.
    """
    made, ids = writer.made, writer.ids
    imported, contacts = clients
    rows = (*made.companies, *(_row(company) for company in imported))
    support = Support(setting, made.people, made.pairs, rows)
    own = {len(made.companies) + number: len(made.contacts) + number for number in range(len(imported))}
    support.contact_of = first_contacts(made.contacts) | own
    support.deciders = {company: made.contacts[number].name for company, number in first_contacts(made.contacts).items()}
    place = {company.pk: len(made.companies) + number for number, company in enumerate(imported)}
    deals, openings = _openings(setting, place)
    floor = ColdFloor(setting, made.people, made.pairs, rows, support.contact_of, DealMaker(setting, made.people, rows), support)
    floor.know(len(made.companies))
    floor.call_since(min((opening.on for opening in openings), default=setting.today))
    holds = floor.warm_up(openings)
    numbers = {employee.pk: number for number, employee in enumerate(ids.people)}
    floor.care([Care(place[each.company_id], numbers[each.employee_id], each.from_on) for each in kept])
    writer.made = replace(
        made,
        calls=tuple(sorted(floor.calls, key=lambda call: (call.at, call.person))),
        tasks=tuple(support.tasks),
        cards=tuple(support.cards),
        entries=tuple(entries_of(setting, floor, made.people)),
    )
    ids.companies = (*ids.companies, *(company.pk for company in imported))
    ids.contacts, ids.deals = (*ids.contacts, *contacts), deals
    for name, write in writer.steps():
        if name in STEPS:
            write()
    wanted = [Holding(ids.companies[hold.company], ids.people[hold.person].pk, hold.kind, hold.from_on) for hold in holds]
    open_relationships(actor=None, holdings=wanted)


def _row(company: Company) -> CompanyRow:
    return CompanyRow(
        name=company.name,
        industry=0,
        direction=0,
        city=company.city,
        time_zone=company.time_zone,
        website="",
        founded_year=company.founded_year or 0,
        employees=company.employee_count or 0,
        revenue=company.annual_revenue or Decimal(0),
        is_corporate=company.is_corporate,
        source=company.source,
        entered_on=company.created_at.date(),
    )


def _openings(setting: Setting, place: dict[int, int]) -> tuple[list[int], list[Opening]]:
    """Deals of known companies, and the day of a call before each; 2 SQL statements.

    Deals of the first stage have no date in the files and were given the newest: their calls spread over the weeks before.
    """
    dice, days = setting.dice("openings"), setting.working_days
    directions = {pk: number for number, pk in enumerate(Direction.all_rows.order_by("pk").values_list("pk", flat=True))}
    rows = Deal.all_rows.filter(company__in=list(place), seller__assignments__direction__isnull=False).order_by("pk")
    names = ("pk", "company_id", "seller__assignments__direction_id", "opened_on", "stage__code")
    deals, found = [], []
    for number, (pk, company, direction, opened_on, stage) in enumerate(rows.values_list(*names)):
        deals.append(pk)
        on, outcome = opened_on, "meeting"
        if stage == "new":
            on, outcome = days[max(0, bisect_right(days, opened_on) - 1 - dice.between(0, UNDATED_DAYS))], "warm"
        found.append(Opening(number, place[company], directions[direction], on, outcome))
    return deals, found
