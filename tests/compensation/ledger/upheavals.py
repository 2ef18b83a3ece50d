"""Histories with everything that goes wrong besides: deals that are lost again, plans, calendars, money of months long past."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Assignment
from accounts.roles import Role
from compensation.models import PayPeriod, PoolWeight, SchemeAssignment, SchemeVersion
from compensation.schemes.services import end_scheme_assignment
from pipeline.models import Deal, Payment, Relationship, Stage
from planning.calendar.models import CalendarCorrection
from planning.goals.models import PlanAmount, PlanNode, YearPlan
from salesys.kernel.errors import InvalidInput
from tests.compensation import world
from tests.compensation.ledger.histories import LAST, History

LONG_AGO = date(2025, 10, 1)
BEFORE = date(2025, 11, 1)
DAYS_BEFORE = 61


@dataclass
class Upheaval(History):
    """What History does, and what people do more seldom; `is_early` lets money and changes be of months before the ledger."""

    is_early: bool = False

    def begin(self) -> None:
        super().begin()
        dated: list[Any] = [Assignment, Relationship, SchemeAssignment, SchemeVersion]
        for model in dated:
            for row in model.all_rows.filter(valid__startswith=world.JANUARY):
                row.valid = (LONG_AGO, row.valid.upper)
                row.save()

    def any_day(self) -> date:
        if self.is_early and self.dice.random() < 0.2:
            return BEFORE + timedelta(days=self.dice.randrange(DAYS_BEFORE))
        return super().any_day()

    def refund(self) -> None:
        """All or a part, again and again, up to the whole."""
        paid = self.dice.choice([*Payment.all_rows.filter(amount__gt=0)] or [None])
        if paid is None:
            return
        left = paid.amount + sum((row.amount for row in paid.refunds.all()), Decimal(0))
        on = paid.paid_on + timedelta(days=self.dice.randrange(70))
        if on < LAST.plus(1).first and left > 0:
            part = left if self.dice.random() < 0.5 else min(left, Decimal(self.dice.randrange(1, 5_000_000)) / 100)
            world.pay(paid.contract, -part, on, refund_of=paid)

    def take_over_vip(self) -> None:
        company = self.dice.choice(self.companies)
        if not company.relationships.filter(kind="vip").exists():
            world.hold(company, self.dice.choice(self.people), kind="vip", start=self.any_day())

    def win_deal(self) -> None:
        on, stage = self.any_day(), Stage.all_rows.get(code="won")
        company, seller = self.dice.choice(self.companies), self.dice.choice(self.people)
        Deal.all_rows.create(title="Won", company=company, seller=seller, stage=stage, status="won", opened_on=on, closed_on=on)

    def change_deal(self) -> None:
        row = self.dice.choice(list(Deal.all_rows.all()))
        match self.dice.randrange(3):
            case 0:
                row.status, row.closed_on = "won", max(self.any_day(), row.opened_on)
            case 1:
                row.company = self.dice.choice(self.companies)
            case _:
                row.status, row.closed_on, row.lost_reason = "lost", max(self.any_day(), row.opened_on), "Price"
                row.stage = Stage.all_rows.get(code="lost")
        row.save()

    def change_contract(self) -> None:
        row = self.dice.choice(self.contracts)
        row.refresh_from_db()
        match self.dice.randrange(3):
            case 0:
                row.seller = self.dice.choice([*self.people, None])
            case 1:
                row.amount, row.direct_cost = (
                    Decimal(self.dice.choice([0, 1, 700_000])),
                    self.dice.choice([None, Decimal(100_000)]),
                )
            case _:
                row.product = self.dice.choice([*self.products, None])
        row.save()

    def change_category(self) -> None:
        row = self.dice.choice(self.products)
        row.category = self.dice.choice(["hardware", "service", ""])
        row.save()

    def change_calendar(self) -> None:
        on = self.any_day()
        held = CalendarCorrection.all_rows.filter(on=on).first()
        if held:
            held.delete()
        else:
            CalendarCorrection.all_rows.create(on=on, hours=self.dice.choice([0, 8]), reason="Moved")

    def agree_plan(self) -> None:
        plan = YearPlan.all_rows.create(year=LAST.year, version=YearPlan.all_rows.count() + 1, goal=Decimal(10_000_000))
        top = PlanNode.all_rows.create(plan=plan, level=0)
        middle = PlanNode.all_rows.create(plan=plan, level=1, parent=top)
        for person in self.dice.sample(self.people, 4):
            own = PlanNode.all_rows.create(plan=plan, level=2, parent=middle, employee=person)
            for number in range(1, LAST.number + 1):
                amount = Decimal(self.dice.choice([0, 50_000, 100_000]))
                PlanAmount.all_rows.create(node=own, month=date(LAST.year, number, 1), amount=amount)
        YearPlan.all_rows.filter(year=LAST.year, status="agreed").update(status="superseded")
        plan.status, plan.agreed_at = "agreed", datetime(LAST.year, 1, 1, tzinfo=UTC)
        plan.save()

    def end_scheme(self) -> None:
        row = self.dice.choice([*SchemeAssignment.all_rows.all()] or [None])
        on = self.any_day()
        if row is not None and (row.valid_to is None or on < row.valid_to):
            with suppress(InvalidInput):
                end_scheme_assignment(actor=None, assignment=row, on=on)

    def change_place(self) -> None:
        row = self.dice.choice(list(Assignment.all_rows.all()))
        if self.dice.random() < 0.5:
            row.department = self.dice.choice(self.departments)
        else:
            row.role = self.dice.choice([Role.SELLER, Role.CLIENT_MANAGER])
        row.save()

    def move_person(self) -> None:
        if Assignment.all_rows.filter(valid__endswith=None).exists():
            super().move_person()

    def drop_weights(self) -> None:
        row = PoolWeight.all_rows.first()
        if row:
            PoolWeight.all_rows.filter(department=row.department, month_on=row.month_on).delete()

    def reopen(self) -> None:
        row = self.dice.choice([*PayPeriod.all_rows.filter(status="approved")] or [None])
        if row is not None:
            row.status = PayPeriod.Status.CALCULATED
            row.save()

    def step(self) -> None:
        if self.dice.random() < 0.5:
            super().step()
            return
        changes: list[Callable[[], None]] = [
            *[self.pay] * 2,
            *[self.refund] * 2,
            *[self.change_contract] * 2,
            self.take_over_vip,
            self.win_deal,
            self.change_deal,
            self.change_category,
            self.change_calendar,
            self.agree_plan,
            self.end_scheme,
            self.change_place,
            self.drop_weights,
        ]
        self.dice.choice(changes)()
