"""A small believable company with one person per role, and a second direction whose people are outsiders to the first.

    def test_seller_sees_own_clients(company):
        ...company.seller.user, company.seller.employee, company.seller.client...

The fixture is known to every test (`tests/conftest.py` names this module as a plugin). It takes a dozen SQL statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import Assignment, Department, DepartmentKind, Direction, Employee, Pair, User
from accounts.roles import Role
from salesys.db.effective import from_date
from salesys.db.organisation import Organisation, forget_organisation

PASSWORD = "quiet-harbour-41"
START = date(2025, 1, 9)

Kind = DepartmentKind
DEPARTMENTS: tuple[tuple[str, Kind], ...] = (
    ("sales", Kind.ACTIVE),
    ("second_sales", Kind.ACTIVE),
    ("inbound", Kind.INBOUND),
    ("clients", Kind.CLIENT),
    ("vip", Kind.VIP),
    ("interregional", Kind.INTERREGIONAL),
    ("telesales", Kind.TELESALES),
    ("assistants", Kind.ASSISTANTS),
    ("office", Kind.BACK_OFFICE),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a persona stands: names of other personas, departments and directions."""

    name: str
    role: Role
    department: str
    direction: str = ""
    manager: str = ""


PLACES: dict[str, Place] = {
    "owner": Place("Olga Orlova", Role.OWNER, "root"),
    "director": Place("Denis Dolin", Role.COMMERCIAL_DIRECTOR, "root", manager="owner"),
    "head": Place("Helena Holt", Role.INDUSTRY_HEAD, "sales", "machinery", "director"),
    "seller": Place("Sergei Sokolov", Role.SELLER, "sales", "machinery", "head"),
    "second_seller": Place("Sofia Stern", Role.SELLER, "sales", "machinery", "head"),
    "rival_head": Place("Roman Reznik", Role.INDUSTRY_HEAD, "second_sales", "retail", "director"),
    "rival_seller": Place("Rita Rossi", Role.SELLER, "second_sales", "retail", "rival_head"),
    "telesales": Place("Tatiana Titova", Role.TELESALES, "telesales", "machinery", "head"),
    "rival_telesales": Place("Timur Tolin", Role.TELESALES, "telesales", "retail", "rival_head"),
    "assistant": Place("Alina Amber", Role.ASSISTANT, "assistants", "machinery", "telesales"),
    "rival_assistant": Place("Anton Aksel", Role.ASSISTANT, "assistants", "retail", "rival_telesales"),
    "client_manager": Place("Karina Kern", Role.CLIENT_MANAGER, "clients", "machinery", "head"),
    "vip_manager": Place("Viktor Voss", Role.VIP_MANAGER, "vip", manager="director"),
    "base_manager": Place("Boris Baum", Role.BASE_MANAGER, "office", manager="director"),
    "marketer": Place("Marina Moss", Role.MARKETER, "office", manager="director"),
    "accountant": Place("Nina Nord", Role.ACCOUNTANT, "office", manager="owner"),
    "hr": Place("Irina Ives", Role.HR, "office", manager="owner"),
    "administrator": Place("Ada Adler", Role.ADMINISTRATOR, "office", manager="owner"),
}

ROLE_PERSONAS: dict[Role, str] = {place.role: name for name, place in reversed(PLACES.items())}
"""The first persona of each role."""


class Persona:
    """One person: `user` signs in, `employee` works, `client` is a browser that is signed in."""

    def __init__(self, user: User, employee: Employee) -> None:
        self._user = user
        self.employee = employee

    @property
    def user(self) -> User:
        """The user, as at the beginning of a request: what was known of the structure is looked up again."""
        self._user.__dict__.pop("_viewer", None)
        return self._user

    @property
    def client(self) -> Client:
        """A new browser, signed in."""
        browser = Client()
        browser.force_login(self._user)
        return browser


class PersonaCompany:
    """The company; each persona, department and direction is an attribute."""

    organisation: Organisation
    root: Department
    sales: Department
    second_sales: Department
    inbound: Department
    clients: Department
    vip: Department
    interregional: Department
    telesales_department: Department
    assistants: Department
    office: Department
    machinery: Direction
    retail: Direction
    owner: Persona
    director: Persona
    head: Persona
    seller: Persona
    second_seller: Persona
    rival_head: Persona
    rival_seller: Persona
    telesales: Persona
    rival_telesales: Persona
    assistant: Persona
    rival_assistant: Persona
    client_manager: Persona
    vip_manager: Persona
    base_manager: Persona
    marketer: Persona
    accountant: Persona
    hr: Persona
    administrator: Persona
    unassigned: Persona
    start: date = START

    def by_role(self, role: Role) -> Persona:
        """The first persona of a role; those of the first direction come first."""
        persona: Persona = getattr(self, ROLE_PERSONAS[role])
        return persona

    @property
    def personas(self) -> dict[str, Persona]:
        """Name -> persona, of everyone who has an assignment."""
        return {name: getattr(self, name) for name in PLACES}


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`, computed once."""
    return make_password(PASSWORD)


def make_company() -> PersonaCompany:
    """Write the company and return it; 9 SQL statements."""
    made = PersonaCompany()
    made.organisation = _organisation()
    departments = _departments()
    made.machinery, made.retail = Direction.all_rows.bulk_create([Direction(name="Machinery"), Direction(name="Retail")])
    people = _people()
    _assign(made, departments, people)
    for name, department in departments.items():
        setattr(made, "telesales_department" if name == "telesales" else name, department)
    for name, persona in people.items():
        setattr(made, name, persona)
    return made


def _organisation() -> Organisation:
    row = Organisation(pk=1, name="Harbour Trade", set_up_at=datetime(2025, 1, 9, 8, tzinfo=UTC))
    row.save(force_insert=True)
    forget_organisation()
    return row


def _departments() -> dict[str, Department]:
    root = Department.all_rows.create(name="Harbour Trade", kind=Kind.BACK_OFFICE)
    rows = [Department(name=name.replace("_", " ").capitalize(), kind=kind, parent=root) for name, kind in DEPARTMENTS]
    Department.all_rows.bulk_create(rows)
    return {"root": root, **{name: row for (name, _kind), row in zip(DEPARTMENTS, rows, strict=True)}}


def _people() -> dict[str, Persona]:
    names = {**{key: place.name for key, place in PLACES.items()}, "unassigned": "Ulrika Unplaced"}
    users = User.objects.bulk_create([User(email=f"{key}@example.org", password=password_hash()) for key in names])
    employees = Employee.all_rows.bulk_create(
        Employee(user=user, full_name=full_name, code=key, hired_on=START)
        for user, (key, full_name) in zip(users, names.items(), strict=True)
    )
    return {key: Persona(user, employee) for key, user, employee in zip(names, users, employees, strict=True)}


def _assign(made: PersonaCompany, departments: dict[str, Department], people: dict[str, Persona]) -> None:
    directions = {"machinery": made.machinery, "retail": made.retail, "": None}
    Assignment.all_rows.bulk_create(
        Assignment(
            employee=people[key].employee,
            department=departments[place.department],
            role=place.role,
            direction=directions[place.direction],
            manager=people[place.manager].employee if place.manager else None,
            valid=from_date(START),
        )
        for key, place in PLACES.items()
    )
    pairs = (("telesales", "assistant"), ("rival_telesales", "rival_assistant"))
    Pair.all_rows.bulk_create(
        Pair(telesales=people[caller].employee, assistant=people[helper].employee, valid=from_date(START))
        for caller, helper in pairs
    )


@pytest.fixture
def company(db: None) -> Iterator[PersonaCompany]:
    """The company, and no memory of it in the process afterwards."""
    yield make_company()
    forget_organisation()
