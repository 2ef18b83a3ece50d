"""What real sales files lack to run the loop: the people around the sellers, leads to call, pay; all marked as demo data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from faker import Faker

from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment, Direction
from pipeline.clients.models import Company, Contact, Industry, Relationship
from pipeline.clients.relationships import Holding, open_relationships
from pipeline.deals.models import Deal, Product
from pipeline.tasks.models import Task
from salesys.db.copying import copy_rows
from salesys.demo.clients import companies_of, contacts_of, first_contacts
from salesys.demo.logins import DOMAIN, PASSWORD, email_of
from salesys.demo.people import departments_of, pairs_of, support_of
from salesys.demo.rows import CompanyRow, Department, EntryRow
from salesys.demo.setting import Setting
from salesys.demo.words import Words
from salesys.demo.writing import Writer
from salesys.intake.report import lines_of
from salesys.intake.services import import_sales_data

LEADS_SIZE = 0.12
SOURCE = "Demo"
CORPORATE = 6
HANDED_OVER_EVERY = 3
HANDED_OVER_AFTER = timedelta(days=60)
TASKS_EACH = 6
COST_RATES = ("0.62", "0.58", "0.40", "0.55", "0.60", "0.57", "0.66")


def words_of_files(words: Words) -> Words:
    """The same language; the company that the published files are about, its currency and calendar."""
    name = _("Computer hardware sales (demo)")
    return replace(words, organisation=name, currency="USD", country="US", vat_rate=Decimal(0))


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
    directions = list(Direction.all_rows.order_by("pk"))
    industries = list(Industry.all_rows.order_by("pk").values_list("pk", flat=True))
    made = _surroundings(setting, fake, directions=len(directions), industries=len(industries))
    writer = Writer(setting, made)
    writer.ids.directions, writer.ids.industries = list(directions), industries
    for name, write in writer.steps():
        if name in {"people", "companies", "call lists"}:
            write()
    _give_sign_ins(setting)
    _complete_companies(setting, fake)
    _plan_today(setting)
    return hashlib.sha256(f"demo {outcome.batch.digest}".encode()).hexdigest()


def _surroundings(setting: Setting, fake: Faker, *, directions: int, industries: int) -> Department:
    people = support_of(replace(setting, size=1.0), fake, directions=directions)
    small = replace(setting, size=LEADS_SIZE)
    companies = tuple(_lead(number, row, directions, industries) for number, row in enumerate(companies_of(small, fake)))
    contacts = contacts_of(small, fake, companies)
    deciders = first_contacts(contacts)
    return Department(
        departments=departments_of(setting),
        directions=(),
        industries=(),
        people=people,
        pairs=pairs_of(people),
        products=(),
        companies=companies,
        contacts=contacts,
        calls=(),
        tasks=(),
        cards=(),
        deals=(),
        contracts=(),
        payments=(),
        holds=(),
        entries=tuple(EntryRow(number, deciders[number], "waiting", 20, 0, None, None) for number in range(len(companies))),
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
    below = Assignment.all_rows.filter(manager=head).values_list("employee_id", flat=True)
    clients = Relationship.all_rows.filter(employee__in=below).values_list("employee_id", flat=True)
    held: list[int] = list(clients) or list(below)
    return max(sorted(set(held)), key=held.count)


def _complete_companies(setting: Setting, fake: Faker) -> None:
    """A contact at each imported company, corporate ones, some handed over to the client department, costs of products."""
    dice = setting.dice("around")
    words = setting.words
    imported = list(Company.all_rows.exclude(source=SOURCE).order_by("-annual_revenue", "pk"))
    copy_rows(
        Contact,
        ("company_id", "full_name", "position", "phone", "email", "is_decision_maker", "note"),
        (
            (
                company.pk,
                f"{fake.first_name()} {fake.last_name()}",
                dice.one_of(words.positions),
                words.phone.format(code=words.cities[0].code, number=100 + number),
                f"contact{company.pk}@clients.example",
                True,
                SOURCE,
            )
            for number, company in enumerate(imported)
        ),
    )
    corporate = [company.pk for company in imported[:CORPORATE]]
    Company.all_rows.filter(pk__in=corporate).update(is_corporate=True)
    for number, product in enumerate(Product.all_rows.order_by("pk")):
        Product.all_rows.filter(pk=product.pk).update(cost_rate=Decimal(COST_RATES[number % len(COST_RATES)]))
    open_relationships(actor=None, holdings=list(_handed_over(setting, corporate)))


def _handed_over(setting: Setting, corporate: list[int]) -> Iterable[Holding]:
    hunters: Any = Relationship.all_rows.filter(kind=Relationship.Kind.HUNTER).order_by("company")
    farmers = _with_role(Role.CLIENT_MANAGER)
    vips = _with_role(Role.VIP_MANAGER)
    for number, hunter in enumerate(hunters):
        from_on = hunter.valid_from + HANDED_OVER_AFTER
        if hunter.company_id in corporate:
            yield Holding(hunter.company_id, vips[number % len(vips)], Relationship.Kind.VIP, hunter.valid_from)
        elif number % HANDED_OVER_EVERY == 0 and from_on < setting.today:
            yield Holding(hunter.company_id, farmers[number % len(farmers)], Relationship.Kind.ACCOUNT_MANAGER, from_on)


def _with_role(role: Role) -> list[int]:
    return list(Assignment.all_rows.filter(role=role).order_by("pk").values_list("employee_id", flat=True))


def _plan_today(setting: Setting) -> None:
    """A few steps to take this week for every seller with open deals."""
    dice = setting.dice("today")
    words = setting.words
    by_seller: dict[int, list[Deal]] = {}
    for deal in Deal.all_rows.filter(status="open", company__isnull=False).select_related("company").order_by("-opened_on", "pk"):
        by_seller.setdefault(deal.seller_id, []).append(deal)
    rows = []
    for seller, deals in by_seller.items():
        for deal in deals[:TASKS_EACH]:
            due_on = setting.next_working_day(setting.today, least=dice.between(0, 4))
            title = words.tasks["follow_up"].format(company=deal.company.name if deal.company else "")
            rows.append(("follow_up", title, dice.one_of(words.next_steps["engaged"]), seller, seller, deal.company_id, due_on))
            Deal.all_rows.filter(pk=deal.pk).update(next_step=rows[-1][2], next_step_on=due_on)
    copy_rows(Task, ("kind", "title", "request", "author_id", "assignee_id", "company_id", "due_on"), rows)
