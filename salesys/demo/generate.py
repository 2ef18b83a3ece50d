"""The whole department from a setting: the same for the same day, seed, size and language."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime

from faker import Faker

from salesys.demo.afterwards import Afterwards, add_key_clients, hand_over
from salesys.demo.cash import Cash
from salesys.demo.clients import companies_of, contacts_of, first_contacts
from salesys.demo.deals import DealMaker, products_of
from salesys.demo.floor import BUSY, CLIENT, Company, Floor
from salesys.demo.people import cast_of, departments_of, pairs_of
from salesys.demo.rows import Department, EntryRow, HoldRow, Person
from salesys.demo.setting import Setting
from salesys.demo.support import Support

OPENS_AT = 9
CALL_BACK_FIRST, FRESH, CALLED_BEFORE = 0, 10, 20


def generate(setting: Setting) -> Department:
    """Make the department.

    Args:
        setting: The day, seed, size and language.

    Returns:
        Rows that refer to each other by position; nothing in it happens today or later, except work that is planned.
    """
    fake = Faker(setting.words.locale)
    fake.seed_instance(setting.seed)
    people = cast_of(setting, fake)
    pairs = pairs_of(people)
    companies = companies_of(setting, fake)
    contacts = contacts_of(setting, fake, companies)
    support = Support(setting, people, pairs, companies)
    support.contact_of = first_contacts(contacts)
    support.deciders = {company: contacts[number].name for company, number in support.contact_of.items()}
    floor = Floor(setting, people, pairs, companies, support.contact_of, DealMaker(setting, people, companies), support)
    floor.known = [Company() for _company in companies]
    add_key_clients(floor)
    floor.run()
    Afterwards(floor).run()
    hand_over(floor)
    cash = Cash(setting, products_of(setting))
    cash.collect(floor.deals)
    markets = setting.words.markets
    return Department(
        departments=departments_of(setting),
        directions=(*(market.name for market in markets), setting.words.existing_clients),
        industries=tuple(industry for market in markets for industry in market.industries),
        people=people,
        pairs=pairs,
        products=products_of(setting),
        companies=companies,
        contacts=contacts,
        calls=tuple(sorted([*floor.calls, *support.calls], key=lambda call: (call.at, call.person))),
        tasks=tuple(support.tasks),
        cards=tuple(support.cards),
        deals=tuple(floor.deals),
        contracts=tuple(cash.contracts),
        payments=cash.payments(),
        holds=tuple(HoldRow(hold.company, hold.person, hold.kind, hold.from_on, hold.until_on) for hold in floor.holds),
        entries=tuple(entries_of(setting, floor, people)),
    )


def entries_of(setting: Setting, floor: Floor, people: tuple[Person, ...]) -> list[EntryRow]:
    """The lists as they stand this morning."""
    found = []
    for number, known in enumerate(floor.known):
        if floor.companies[number].entered_on >= setting.today or (known.state in {BUSY, CLIENT} and not known.was_called):
            continue
        state = "done" if known.state in {BUSY, CLIENT} else "waiting"
        found.append(
            EntryRow(
                number,
                floor.contact_of[number],
                state,
                _priority(known),
                known.attempts,
                _not_before(setting, known) if state == "waiting" else None,
                _reserved_for(setting, known, people) if state == "waiting" else None,
            )
        )
    return found


def _priority(known: Company) -> int:
    if known.reserved_for is not None:
        return CALL_BACK_FIRST
    return CALLED_BEFORE if known.was_called else FRESH


def _not_before(setting: Setting, known: Company) -> datetime | None:
    return setting.at(known.due_on, OPENS_AT) if known.due_on is not None else None


def _reserved_for(setting: Setting, known: Company, people: tuple[Person, ...]) -> int | None:
    if known.reserved_for is None:
        return None
    place = people[known.reserved_for].place_on(setting.today)
    return known.reserved_for if place is not None and place.role == "telesales" else None


def digest(department: Department) -> str:
    """A hash over every value, to tell whether two departments are one."""
    found = hashlib.sha256()
    for part in fields(department):
        for row in getattr(department, part.name):
            found.update(repr(row).encode())
    return found.hexdigest()
