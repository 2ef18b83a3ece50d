from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from accounts.models import DepartmentKind
from accounts.roles import Role
from compensation.engine.terms import (
    Basis,
    CreditRole,
    Newness,
    PlanBonus,
    Rate,
    Salary,
    StepUnit,
    TeamPool,
    Tier,
    TierMode,
    TierOn,
)
from compensation.ledger.commissions import run_commissions
from compensation.models import CreditLine, PayPeriod, Statement
from compensation.schemes.terms import scheme_terms
from compensation.schemes.wording import component_in_words
from compensation.statements.queries import latest_period, posted_total, statement_of
from compensation.statements.wording import credit_in_words, line_in_words
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.histories import LAST, History
from tests.compensation.oracle import Oracle
from tests.compensation.world import day

pytestmark = pytest.mark.django_db


def words(payee_id: int, month: int = 1) -> list[list[str]]:
    view = statement_of(payee_id, Month(2026, month))
    return [[sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in line_in_words(line)] for line in view.lines]


def test_sum_of_the_ledger_is_the_sum_of_the_statements_and_of_an_independent_computation() -> None:
    history = History(random.Random(11))
    history.begin()
    for _change in range(60):
        history.step()
    run_commissions(actor=None, as_of=LAST.last)
    oracle = Oracle()
    months = [Month(2026, number) for number in range(1, LAST.number + 1)]
    credited = sum((row.amount for month in months for row in oracle.credits(month)), Decimal(0))
    independent = credited + sum((row.amount for month in months for row in oracle.earnings(month)), Decimal(0))
    ledger = sum((posted_total(month) for month in months), Decimal(0))
    by_statement: dict[tuple[int, Month], Decimal] = defaultdict(Decimal)
    for row in Statement.all_rows.all():
        by_statement[row.payee_id, row.month] = row.amount
        view = statement_of(row.payee_id, row.month)
        assert view.total == row.amount
    assert ledger == independent == sum(by_statement.values())
    assert independent > 0


def test_each_kind_of_line_says_in_words_how_it_came_about() -> None:
    hunter = world.employee(world.department())
    tiers = (Tier(Decimal(0), Decimal(50_000), Decimal("0.05")), Tier(Decimal(50_000), None, Decimal("0.1")))
    world.paid_by(
        world.scheme(
            Salary(Decimal(60_000)),
            Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.NEW, Decimal("0.1")),
            Rate(CreditRole.HUNTER, Basis.REVENUE, tiers=tiers, cap=Decimal(5_000)),
            PlanBonus((Tier(Decimal(0), None, Decimal(1)),)),
        ),
        hunter,
    )
    world.pay(world.contract(world.client(hunter), hunter), 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    assert words(hunter.pk) == [
        ["Salary ₽60,000.00 a month, 15 of 15 working days = ₽60,000.00."],
        ["1 line of a payment, margin ₽60,000.00 × 10 %, each rounded on its own"],
        [
            "Tier from 0.00 to under 50,000.00: ₽50,000.00 × 5 % = ₽2,500.00.",
            "Tier from 50,000.00: ₽50,000.00 × 10 % = ₽5,000.00.",
            "Lowered by ₽2,500.00 to the cap of ₽5,000.00.",
        ],
        ["There is no agreed plan for this month, so there is no bonus."],
    ]
    credit = CreditLine.all_rows.filter(rate__isnull=False).select_related("component").get()
    assert credit_in_words(credit).replace("\N{NO-BREAK SPACE}", " ") == (
        "₽100,000.00 without VAT - direct cost ₽40,000.00 = margin ₽60,000.00; × 10 % (new client) = ₽6,000.00."
    )


def test_a_pool_says_what_was_collected_and_how_it_was_divided() -> None:
    farmers = world.department(kind=DepartmentKind.CLIENT)
    anna, boris = (world.employee(farmers, Role.CLIENT_MANAGER) for _number in range(2))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(100_000))), anna, boris)
    world.pay(world.contract(world.client(manager=anna), anna), 200_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    assert words(boris.pk) == [
        [
            "The department collected ₽200,000.00; the pool is divided among 2 members by days worked.",
            "Above the breakeven of ₽100,000.00: ₽100,000.00 × 10 % = ₽10,000.00 for the department.",
            "Own part: ₽10,000.00 × 50.00 % = ₽5,000.00.",
        ]
    ]
    assert statement_of(anna.pk, Month(2026, 1)).lines[0].credit_count == 1


def test_adjustments_come_last_and_name_their_month() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Rate(CreditRole.HUNTER, rate=Decimal("0.1"))), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.update(status="approved")
    world.pay(deal, 50_000, day(1, 21))
    world.pay(deal, 10_000, day(2, 1))
    run_commissions(actor=None, as_of=day(2, 28))
    view = statement_of(hunter.pk, Month(2026, 2))
    assert [(line.is_adjustment, str(line.origin), line.amount) for line in view.lines] == [
        (False, "2026-02", Decimal("600.00")),
        (True, "2026-01", Decimal("3000.00")),
    ]
    row = Statement.all_rows.get(payee=hunter, period_on=day(2))
    assert (row.amount, row.adjustment_amount, row.line_count) == (Decimal("3600.00"), Decimal("3000.00"), 2)
    assert latest_period(hunter.pk) == Month(2026, 2)
    assert latest_period(0) is None


def test_a_scheme_says_in_words_what_it_promises() -> None:
    made = world.scheme(
        Salary(Decimal(60_000)),
        Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.NEW, Decimal("0.125"), floor=Decimal(10), cap=Decimal(20)),
        Rate(CreditRole.HUNTER, tiers=(Tier(Decimal(0), None, Decimal("0.1")),)),
        Rate(
            CreditRole.HUNTER,
            tiers=(Tier(Decimal(0), None, Decimal("0.1")),),
            tier_on=TierOn.ATTAINMENT,
            tier_mode=TierMode.WHOLE,
        ),
        PlanBonus((Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal(15_000)))),
        PlanBonus((Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal("0.25"))), StepUnit.SALARY_SHARE),
        TeamPool(Decimal("0.03"), Decimal(1_000_000)),
    )
    terms = scheme_terms(made.versions.get())
    assert [component_in_words(part).replace("\N{NO-BREAK SPACE}", " ") for part in terms.components] == [
        "₽60,000.00 a month, by days worked",
        "12.5 % of margin, payments of new clients, as hunter, at least ₽10.00, at most ₽20.00",
        "tiers (₽0: 10 %) of margin, all payments, as hunter",
        "tiers (0 %: 10 %) of margin, all payments, as hunter",
        "from 100 % of the plan ₽15,000.00",
        "from 100 % of the plan 25 % of the salary",
        "3 % of what the department collects above ₽1,000,000.00, divided among its members",
    ]
