"""Histories at random: whatever people do to schemes, clients, people and money, in whatever order.

The dice alone decide, so rows are chosen by their number: where PostgreSQL puts a row that was changed is its own affair.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Assignment, Department, DepartmentKind, Employee
from accounts.roles import Role
from compensation.engine.newness import NewUntil
from compensation.engine.terms import (
    Basis,
    CreditRole,
    Newness,
    PlanBonus,
    Rate,
    Salary,
    TeamPool,
    Terms,
    Tier,
    TierMode,
    TierOn,
)
from compensation.models import PayPeriod, PoolWeight, Scheme
from compensation.schemes.services import assign_scheme, save_scheme_version
from pipeline.models import Company, Contract, Payment, Product, Relationship
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month
from tests.compensation import world

MONTHS = 4
LAST = Month(2026, MONTHS)
DAYS = (LAST.plus(1).first - world.JANUARY).days
AMOUNT_TIERS = (
    Tier(Decimal(0), Decimal(100_000), Decimal("0.05")),
    Tier(Decimal(100_000), None, Decimal("0.1")),
)
ATTAINMENT_TIERS = (Tier(Decimal(0), Decimal(1), Decimal("0.04")), Tier(Decimal(1), None, Decimal("0.08")))
STEPS = (Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal(15_000)))


@dataclass
class History:
    """A world that changes at random; each change is one that people make."""

    dice: random.Random
    departments: list[Department] = field(default_factory=list)
    people: list[Employee] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)

    def begin(self) -> None:
        self.departments = [
            world.department(kind=kind) for kind in (DepartmentKind.ACTIVE, DepartmentKind.CLIENT, DepartmentKind.CLIENT)
        ]
        self.products = [world.product("0.4", "hardware"), world.product("0.1", "service")]
        for role in (Role.SELLER, Role.SELLER, Role.SELLER, Role.CLIENT_MANAGER, Role.CLIENT_MANAGER, Role.CLIENT_MANAGER):
            where = self.departments[0] if role == Role.SELLER else self.dice.choice(self.departments[1:])
            self.people.append(world.employee(where, role, start=self.any_day() if self.dice.random() < 0.3 else world.JANUARY))
        for _number in range(3):
            self.schemes.append(world.scheme(*self.any_terms(), new_until=self.any_rule()))
        for role, scheme in ((Role.SELLER, self.schemes[0]), (Role.CLIENT_MANAGER, self.schemes[1])):
            assign_scheme(actor=None, scheme=scheme, role=role, from_on=world.JANUARY)
        for _number in range(5):
            self.add_client()

    def any_day(self) -> date:
        return world.JANUARY + timedelta(days=self.dice.randrange(DAYS))

    def any_rule(self) -> NewUntil:
        return NewUntil.parse(self.dice.choice(["first_deal", "first_month", "days:20"]))

    def any_terms(self) -> list[Terms]:
        role, basis = self.dice.choice(list(CreditRole)[:2]), self.dice.choice(list(Basis))
        choices: list[Terms] = [
            Salary(Decimal(self.dice.randrange(1, 90_000))),
            Rate(role, basis, Newness.NEW, Decimal("0.1")),
            Rate(role, basis, Newness.RESIDUAL, Decimal("0.023457")),
            Rate(CreditRole.HUNTER, basis, Newness.ANY, Decimal("0.05"), category="hardware"),
            Rate(role, basis, Newness.ANY, Decimal("0.01"), department_id=self.departments[0].pk),
            Rate(role, basis, product_id=self.products[1].pk, rate=Decimal("0.03"), cap=Decimal(4_000)),
            Rate(role, basis, rate=Decimal("0.07"), floor=Decimal(2_000)),
            Rate(role, basis, tiers=AMOUNT_TIERS, tier_mode=self.dice.choice(list(TierMode))),
            Rate(role, basis, tiers=ATTAINMENT_TIERS, tier_on=TierOn.ATTAINMENT),
            PlanBonus(STEPS),
            TeamPool(Decimal("0.1"), Decimal(self.dice.randrange(0, 200_000))),
            TeamPool(Decimal("0.05"), Decimal(0)),
        ]
        return self.dice.sample(choices, self.dice.randrange(2, 7))

    def add_client(self) -> None:
        company = world.client()
        self.companies.append(company)
        for kind in self.dice.sample(["hunter", "account_manager", "telesales"], self.dice.randrange(0, 3)):
            world.hold(company, self.dice.choice(self.people), kind=kind, start=self.any_day())
        self.sign()

    def sign(self) -> None:
        cost = Decimal(self.dice.randrange(1, 300_000)) if self.dice.random() < 0.4 else None
        signed = world.contract(
            self.dice.choice(self.companies),
            self.dice.choice(self.people),
            signed_on=self.any_day(),
            product=self.dice.choice(self.products),
            amount=Decimal(500_000),
            direct_cost=cost,
        )
        self.contracts.append(signed)

    def pay(self) -> None:
        world.pay(self.dice.choice(self.contracts), f"{self.dice.randrange(1, 20_000_000) / 100:.2f}", self.any_day())

    def refund(self) -> None:
        paid = self.dice.choice([*Payment.all_rows.filter(amount__gt=0, refunds=None).order_by("pk")] or [None])
        if paid is not None:
            on = paid.paid_on + timedelta(days=self.dice.randrange(40))
            if on < LAST.plus(1).first:
                world.pay(paid.contract, -paid.amount if self.dice.random() < 0.5 else "-0.01", on, refund_of=paid)

    def reassign(self) -> None:
        held = self.dice.choice([*Relationship.all_rows.filter(valid__endswith=None).order_by("pk")] or [None])
        on = self.any_day()
        if held is None or on <= held.valid_from:
            return
        held.close_on(on)
        held.save()
        if self.dice.random() < 0.8:
            world.hold(held.company, self.dice.choice(self.people), kind=held.kind, start=on)

    def drop_relationship(self) -> None:
        held = self.dice.choice([*Relationship.all_rows.order_by("pk")] or [None])
        if held is not None and self.dice.random() < 0.3:
            held.delete()

    def take_over(self) -> None:
        company, kind = self.dice.choice(self.companies), self.dice.choice(["hunter", "account_manager"])
        if not company.relationships.filter(kind=kind).exists():
            world.hold(company, self.dice.choice(self.people), kind=kind, start=self.any_day())

    def move_person(self) -> None:
        held = self.dice.choice(list(Assignment.all_rows.filter(valid__endswith=None).order_by("pk")))
        on = self.any_day()
        if on > held.valid_from:
            held.close_on(on)
            held.save()
            if self.dice.random() < 0.8:
                person, where = held.employee, self.dice.choice(self.departments)
                role = self.dice.choice([Role.SELLER, Role.CLIENT_MANAGER])
                Assignment.all_rows.create(employee=person, department=where, role=role, valid=(on, None))

    def change_scheme(self) -> None:
        terms = world.terms_of(self.any_terms(), self.any_rule())
        with suppress(InvalidInput):  # a version begins on that date already
            save_scheme_version(actor=None, scheme=self.dice.choice(self.schemes), terms=terms, from_on=self.any_day())

    def give_scheme(self) -> None:
        with suppress(InvalidInput):  # another scheme is in the way
            assign_scheme(
                actor=None, scheme=self.dice.choice(self.schemes), employee=self.dice.choice(self.people), from_on=self.any_day()
            )

    def change_cost(self) -> None:
        row = self.dice.choice(self.contracts)
        row.direct_cost = Decimal(self.dice.randrange(1, 400_000))
        row.save(update_fields=["direct_cost"])

    def change_product(self) -> None:
        row = self.dice.choice(self.products)
        row.cost_rate = Decimal(self.dice.randrange(1, 900_000)) / 1_000_000
        row.save()

    def set_weights(self) -> None:
        where, month = self.dice.choice(self.departments[1:]), Month.of(self.any_day())
        if not PoolWeight.all_rows.filter(department=where, month_on=month.first).exists():
            for person, weight in zip(self.dice.sample(self.people, 3), ("0.5", "0.3", "0.2"), strict=True):
                PoolWeight.all_rows.create(department=where, month_on=month.first, employee=person, weight=Decimal(weight))

    def settle(self) -> None:
        """Approve the earliest month that is still open, never the last."""
        period = PayPeriod.all_rows.filter(status__in=["open", "calculated"]).order_by("month_on").first()
        if period is not None and period.month < LAST:
            period.status, period.approved_at = PayPeriod.Status.APPROVED, clock.now()
            period.save()

    def step(self) -> None:
        changes: list[Callable[[], None]] = [
            *[self.pay] * 6,
            *[self.refund] * 2,
            *[self.reassign] * 2,
            self.sign,
            self.add_client,
            self.drop_relationship,
            self.take_over,
            self.move_person,
            self.change_scheme,
            self.give_scheme,
            self.change_cost,
            self.change_product,
            self.set_weights,
        ]
        self.dice.choice(changes)()
