"""Single rows for tests that need one more than the company of `tests/personas.py` has."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import Assignment, Department, DepartmentKind, Direction, Employee, Pair, User
from accounts.roles import Role
from pipeline.models import Company, Contact, Relationship
from salesys.db.effective import from_date

PASSWORD = "quiet-harbour-41"
START = date(2025, 1, 9)


class UserFactory(DjangoModelFactory):
    """Somebody who may sign in with `PASSWORD`."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class EmployeeFactory(DjangoModelFactory):
    """Somebody who works here; `EmployeeFactory(user=None)` has no sign-in."""

    class Meta:
        model = Employee

    user = factory.SubFactory(UserFactory)
    full_name = factory.Sequence(lambda number: f"Person {number:03d}")
    hired_on = START


class DepartmentFactory(DjangoModelFactory):
    """A department at the top of the tree."""

    class Meta:
        model = Department

    name = factory.Sequence(lambda number: f"Department {number}")
    kind = DepartmentKind.ACTIVE


class DirectionFactory(DjangoModelFactory):
    """An industry direction."""

    class Meta:
        model = Direction

    name = factory.Sequence(lambda number: f"Direction {number}")


class AssignmentFactory(DjangoModelFactory):
    """A seller from `START` on; `AssignmentFactory(start=..., end=..., role=...)`."""

    class Meta:
        model = Assignment

    class Params:
        start = START
        end = None

    employee = factory.SubFactory(EmployeeFactory)
    department = factory.SubFactory(DepartmentFactory)
    role = Role.SELLER
    valid: Any = factory.LazyAttribute(lambda row: from_date(row.start, row.end))


class PairFactory(DjangoModelFactory):
    """A telesales person and their assistant from `START` on."""

    class Meta:
        model = Pair

    class Params:
        start = START
        end = None

    telesales = factory.SubFactory(EmployeeFactory)
    assistant = factory.SubFactory(EmployeeFactory)
    valid: Any = factory.LazyAttribute(lambda row: from_date(row.start, row.end))


class CompanyFactory(DjangoModelFactory):
    """A client or lead that nobody holds yet."""

    class Meta:
        model = Company

    name = factory.Sequence(lambda number: f"Client {number:04d}")


class ContactFactory(DjangoModelFactory):
    """A person at a company."""

    class Meta:
        model = Contact

    company = factory.SubFactory(CompanyFactory)
    full_name = factory.Sequence(lambda number: f"Contact {number:04d}")
    phone = "+74955550123"
    email = "contact@example.org"


class RelationshipFactory(DjangoModelFactory):
    """A hunter's relationship from `START` on."""

    class Meta:
        model = Relationship

    class Params:
        start = START
        end = None

    company = factory.SubFactory(CompanyFactory)
    employee = factory.SubFactory(EmployeeFactory)
    kind = Relationship.Kind.HUNTER
    valid: Any = factory.LazyAttribute(lambda row: from_date(row.start, row.end))
