"""What real sales files lack to run the loop: the people around the sellers, their calls, leads, pay; all of it demo data.

Deals, contracts and payments stay those of the files. Of what was imported, only what the files leave empty is filled in:
who heads the heads, sign-ins, what products cost, which companies are corporate clients.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from faker import Faker

from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment, Direction
from pipeline.clients.models import Company, Contact, Industry, Relationship
from pipeline.clients.relationships import Holding, open_relationships
from pipeline.deals.models import Product
from salesys.db.copying import copy_rows, reserve_ids
from salesys.demo.clients import companies_of, contacts_of
from salesys.demo.keeping import keep_clients
from salesys.demo.logins import DOMAIN, PASSWORD, email_of
from salesys.demo.past import write_past
from salesys.demo.people import departments_of, pairs_of, support_of
from salesys.demo.rows import CompanyRow, Department
from salesys.demo.setting import Setting
from salesys.demo.writing import Writer
from salesys.intake.report import lines_of
from salesys.intake.services import import_sales_data

LEADS_SIZE = 0.5
SOURCE = "Demo"
CORPORATE = 6
HANDED_OVER_EVERY = 3
HANDED_OVER_AFTER = timedelta(days=60)
COST_RATES = ("0.62", "0.58", "0.40", "0.55", "0.60", "0.57", "0.66")


def last_sunday(today: date) -> date:
    """The Sunday before today: the newest event of the files falls in its week, so that nothing is in the future."""
    return today - timedelta(days=today.isoweekday())


def load_around(setting: Setting, folder: Path, say: Callable[[str], None]) -> str:
    """Load the files up to the last whole week, and put a department around them; returns a digest of the files.

    Raises:
        InvalidInput: The files are malformed.
    """
    outcome = import_sales_data(actor=None, folder=folder, newest_on=last_sunday(setting.today))
    for line in lines_of(outcome, asked_for=None):
        say(line)
    fake = Faker(setting.words.locale)
    fake.seed_instance(setting.seed)
    imported = list(Company.all_rows.order_by("-annual_revenue", "pk"))
    writer = _write_people(setting, fake)
    _give_sign_ins(setting)
    contacts = _complete_companies(setting, fake, imported)
    kept = _handed_over(setting, [company.pk for company in imported[:CORPORATE]])
    open_relationships(actor=None, holdings=kept)
    write_past(setting, writer, (imported, contacts), kept)
    keep_clients(setting, kept)
    return hashlib.sha256(f"demo {outcome.batch.digest}".encode()).hexdigest()


def _write_people(setting: Setting, fake: Faker) -> Writer:
    """The people around the sellers and the leads, written; telesales report to the heads of the files."""
    directions = list(Direction.all_rows.order_by("pk"))
    industries = list(Industry.all_rows.order_by("pk").values_list("pk", flat=True))
    writer = Writer(setting, _surroundings(setting, fake, directions=len(directions), industries=len(industries)))
    writer.ids.directions, writer.ids.industries = list(directions), industries
    for name, write in writer.steps():
        if name in {"people", "companies"}:
            write()
    for head in Assignment.all_rows.filter(role=Role.INDUSTRY_HEAD, employee__user=None):
        callers = Assignment.all_rows.filter(role=Role.TELESALES, direction=head.direction)
        callers.update(manager=head.employee_id)
    return writer


def _surroundings(setting: Setting, fake: Faker, *, directions: int, industries: int) -> Department:
    people = support_of(replace(setting, size=1.0), fake, directions=directions)
    small = replace(setting, size=LEADS_SIZE)
    companies = tuple(_lead(number, row, directions, industries) for number, row in enumerate(companies_of(small, fake)))
    return Department(
        departments=departments_of(setting),
        directions=(),
        industries=(),
        people=people,
        pairs=pairs_of(people),
        products=(),
        companies=companies,
        contacts=contacts_of(small, fake, companies),
        calls=(),
        tasks=(),
        cards=(),
        deals=(),
        contracts=(),
        payments=(),
        holds=(),
        entries=(),
    )


def _lead(number: int, row: CompanyRow, directions: int, industries: int) -> CompanyRow:
    return row.placed(direction=number % directions, industry=number % industries, source=SOURCE)


def _give_sign_ins(setting: Setting) -> None:
    """Imported people sign in too; one head and the seller below who has most clients stand for their roles."""
    imported: Any = Employee.all_rows.filter(user=None).order_by("pk")
    heads = Assignment.all_rows.filter(employee__in=imported, role=Role.INDUSTRY_HEAD, manager=None)
    director = Employee.all_rows.get(user__email=email_of(Role.COMMERCIAL_DIRECTOR))
    heads.update(manager=director)
    head = heads.model.all_rows.filter(employee__in=imported, role=Role.INDUSTRY_HEAD).order_by("pk")[0].employee
    chosen = {_most_clients(head): email_of(Role.SELLER), head.pk: email_of(Role.INDUSTRY_HEAD)}
    people = list(imported)
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=chosen.get(person.pk, f"person{person.pk}@{DOMAIN}"), password=password, language=setting.language)
        for person in people
    )
    for person, user in zip(people, users, strict=True):
        person.user = user
    Employee.all_rows.bulk_update(people, ["user"])


def _most_clients(head: Employee) -> int:
    below = Assignment.all_rows.filter(manager=head, role=Role.SELLER).values_list("employee_id", flat=True)
    clients = Relationship.all_rows.filter(employee__in=below).values_list("employee_id", flat=True)
    held: list[int] = list(clients) or list(below)
    return max(sorted(set(held)), key=held.count)


def _complete_companies(setting: Setting, fake: Faker, imported: list[Company]) -> list[int]:
    """A contact at each imported company, corporate ones, costs of products; returns the contacts in the same order."""
    dice = setting.dice("around")
    words = setting.words
    contacts = reserve_ids(Contact, len(imported))
    copy_rows(
        Contact,
        ("id", "company_id", "full_name", "position", "phone", "email", "is_decision_maker", "note"),
        (
            (
                key,
                company.pk,
                f"{fake.first_name()} {fake.last_name()}",
                dice.one_of(words.positions),
                words.phone.format(code=words.cities[0].code, number=100 + number),
                f"contact{company.pk}@clients.example",
                True,
                SOURCE,
            )
            for number, (key, company) in enumerate(zip(contacts, imported, strict=True))
        ),
    )
    Company.all_rows.filter(pk__in=[company.pk for company in imported[:CORPORATE]]).update(is_corporate=True)
    for number, product in enumerate(Product.all_rows.order_by("pk")):
        Product.all_rows.filter(pk=product.pk).update(cost_rate=Decimal(COST_RATES[number % len(COST_RATES)]))
    return list(contacts)


def _handed_over(setting: Setting, corporate: list[int]) -> list[Holding]:
    """Corporate clients to VIP managers, some others to the client department after a while; the hunters stay."""
    hunters: Any = Relationship.all_rows.filter(kind=Relationship.Kind.HUNTER).order_by("company")
    farmers, vips = _with_role(Role.CLIENT_MANAGER), _with_role(Role.VIP_MANAGER)
    found = []
    for number, hunter in enumerate(hunters):
        from_on = hunter.valid_from + HANDED_OVER_AFTER
        if hunter.company_id in corporate:
            found.append(Holding(hunter.company_id, vips[number % len(vips)], Relationship.Kind.VIP, hunter.valid_from))
        elif number % HANDED_OVER_EVERY == 0 and from_on < setting.today:
            farmer = farmers[len(found) % len(farmers)]
            found.append(Holding(hunter.company_id, farmer, Relationship.Kind.ACCOUNT_MANAGER, from_on))
    return found


def _with_role(role: Role) -> list[int]:
    return list(Assignment.all_rows.filter(role=role).order_by("pk").values_list("employee_id", flat=True))
