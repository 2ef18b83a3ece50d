"""A small world of people, clients and money, built with few rows, for tests of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import Assignment, Department, DepartmentKind, Employee
from accounts.roles import Role
from compensation.engine.terms import Component, SchemeTerms, Terms
from compensation.models import Scheme
from compensation.schemes.services import assign_scheme, create_scheme, save_scheme_version
from pipeline.models import Company, Contract, Deal, Payment, Product, Relationship, Stage
from salesys.db.effective import from_date

JANUARY = date(2026, 1, 1)
_numbers = count(1)


def day(month: int, number: int = 1) -> date:
    """A date of 2026."""
    return date(2026, month, number)


def department(name: str = "", kind: DepartmentKind = DepartmentKind.ACTIVE) -> Department:
    """A department."""
    return Department.all_rows.create(name=name or f"Department {next(_numbers)}", kind=kind)


def employee(where: Department, role: Role = Role.SELLER, *, start: date = JANUARY, end: date | None = None) -> Employee:
    """Somebody who stands in a department from a date on."""
    row = Employee.all_rows.create(full_name=f"Person {next(_numbers):03d}", hired_on=start)
    Assignment.all_rows.create(employee=row, department=where, role=role, valid=from_date(start, end))
    return row


def product(cost_rate: str = "0.4", category: str = "") -> Product:
    """A product."""
    return Product.all_rows.create(
        name=f"Product {next(_numbers)}", category=category, list_price=1000, cost_rate=Decimal(cost_rate)
    )


def client(hunter: Employee | None = None, manager: Employee | None = None, *, start: date = JANUARY) -> Company:
    """A company, held from a date on."""
    row = Company.all_rows.create(name=f"Client {next(_numbers)}")
    for kind, holder in ((Relationship.Kind.HUNTER, hunter), (Relationship.Kind.ACCOUNT_MANAGER, manager)):
        if holder:
            hold(row, holder, kind=kind, start=start)
    return row


def hold(
    company: Company, holder: Employee, *, kind: str = "hunter", start: date = JANUARY, end: date | None = None
) -> Relationship:
    """A relationship."""
    return Relationship.all_rows.create(company=company, employee=holder, kind=kind, valid=from_date(start, end))


def contract(company: Company, seller: Employee, **fields: Any) -> Contract:
    """A contract under a deal won on the date."""
    signed_on = fields.pop("signed_on", JANUARY)
    sold = fields.pop("product", None) or product()
    deal = Deal.all_rows.create(
        title=f"Deal {next(_numbers)}",
        company=company,
        product=sold,
        seller=seller,
        stage=Stage.all_rows.get(code="won"),
        status="won",
        opened_on=signed_on,
        closed_on=signed_on,
    )
    values = {"amount": Decimal(1_000_000)} | fields
    return Contract.all_rows.create(
        number=f"C-{next(_numbers)}", company=company, deal=deal, product=sold, seller=seller, signed_on=signed_on, **values
    )


def pay(under: Contract, net: str | int, on: date, *, refund_of: Payment | None = None) -> Payment:
    """A payment of so much without VAT."""
    amount = Decimal(net)
    return Payment.all_rows.create(
        company=under.company,
        contract=under,
        refund_of=refund_of,
        paid_on=on,
        amount=amount,
        currency="RUB",
        vat_rate=0,
        amount_without_vat=amount,
        source="form",
    )


def scheme(*terms: Terms, start: date = JANUARY, new_until: Any = None) -> Scheme:
    """A scheme whose version begins on the date; its components are named part_0, part_1."""
    row = create_scheme(actor=None, name=f"Scheme {next(_numbers)}")
    save_scheme_version(actor=None, scheme=row, terms=terms_of(terms, new_until), from_on=start)
    return row


def terms_of(terms: Sequence[Terms], new_until: Any = None) -> SchemeTerms:
    """The terms of a scheme."""
    parts = tuple(Component(f"part_{place}", f"Part {place}", part) for place, part in enumerate(terms))
    return SchemeTerms(parts, new_until) if new_until else SchemeTerms(parts)


def paid_by(row: Scheme, *people: Employee, start: date = JANUARY, end: date | None = None) -> None:
    """Pay people by a scheme."""
    for person in people:
        assign_scheme(actor=None, scheme=row, employee=person, from_on=start, until_on=end)
