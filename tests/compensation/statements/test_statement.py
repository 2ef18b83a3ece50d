from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import DepartmentKind, Employee
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
from compensation.models import CreditLine, PayPeriod, PoolWeight, SchemeAssignment, Statement
from compensation.schemes.services import end_scheme_assignment
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
            "Own part: ₽10,000.00 × 15 / 30 days worked = ₽5,000.00.",
        ]
    ]
    assert statement_of(anna.pk, Month(2026, 1)).lines[0].credit_count == 1


def test_an_own_part_of_a_pool_says_numbers_that_make_the_amount() -> None:
    farmers = world.department(kind=DepartmentKind.CLIENT)
    people = [world.employee(farmers, Role.CLIENT_MANAGER) for _number in range(3)]
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), *people)
    world.pay(world.contract(world.client(manager=people[0]), people[0]), 9_000_000, day(1, 20))
    said = []
    for parts in (("0.333333", "0.333333", "0.333334"), ("0.25", "0.25", "0")):
        PoolWeight.all_rows.all().delete()
        for person, part in zip(people, parts, strict=True):
            PoolWeight.all_rows.create(department=farmers, month_on=day(1), employee=person, weight=Decimal(part))
        run_commissions(actor=None, as_of=day(1, 31))
        said += [words(people[0].pk)[0][-1]]
    PoolWeight.all_rows.all().delete()
    run_commissions(actor=None, as_of=day(1, 31))
    assert [*said, words(people[0].pk)[0][-1]] == [
        "Own part: ₽900,000.00 × 33.3333 % = ₽299,999.70.",
        "Own part: ₽900,000.00 × 25 % / 50 % of the parts given = ₽450,000.00.",
        "Own part: ₽900,000.00 × 15 / 45 days worked = ₽300,000.00.",
    ]


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


@pytest.fixture
def approved() -> Employee:
    """January was approved with a salary of 60 000 for all of its 15 working days."""
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Salary(Decimal(60_000))), hunter)
    world.pay(world.contract(world.client(hunter), hunter), 1, day(1, 15))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.update(status="approved")
    return hunter


def test_an_adjustment_says_what_was_paid_and_what_stands_now(approved: Employee) -> None:
    end_scheme_assignment(actor=None, assignment=SchemeAssignment.all_rows.get(), on=day(1, 19))
    world.paid_by(world.scheme(Salary(Decimal(66_000))), approved, start=day(1, 19))
    run_commissions(actor=None, as_of=day(2, 28))
    adjusted = [line for line in statement_of(approved.pk, Month(2026, 2)).lines if line.is_adjustment]
    assert [(line.amount, line.was, line.now) for line in adjusted] == [
        (Decimal("-40000.00"), Decimal("60000.00"), Decimal("20000.00")),
        (Decimal("44000.00"), Decimal(0), Decimal("44000.00")),
    ]
    assert words(approved.pk, 2)[1:] == [
        ["Was ₽60,000.00, now ₽20,000.00.", "Salary ₽60,000.00 a month, 5 of 15 working days = ₽20,000.00."],
        ["Salary ₽66,000.00 a month, 10 of 15 working days = ₽44,000.00."],
    ]


def test_a_month_that_is_opened_again_makes_up_for_what_later_periods_have(approved: Employee) -> None:
    """February took 40,000 back, for January: what January has by itself is not what the pieces of its line make."""
    salaries = SchemeAssignment.all_rows.get()
    end_scheme_assignment(actor=None, assignment=salaries, on=day(1, 19))
    run_commissions(actor=None, as_of=day(2, 28))
    PayPeriod.all_rows.filter(month_on=day(1)).update(status="calculated")
    end_scheme_assignment(actor=None, assignment=salaries, on=day(1, 16))
    run_commissions(actor=None, as_of=day(2, 28))
    (line,) = statement_of(approved.pk, Month(2026, 1)).lines
    assert (line.amount, line.was, line.now) == (Decimal("56000.00"), Decimal("-40000.00"), Decimal("16000.00"))
    assert words(approved.pk) == [
        [
            "In all ₽16,000.00; other periods have −₽40,000.00 of it.",
            "Salary ₽60,000.00 a month, 4 of 15 working days = ₽16,000.00.",
        ]
    ]
    SchemeAssignment.all_rows.all().delete()
    run_commissions(actor=None, as_of=day(2, 28))
    (line,) = statement_of(approved.pk, Month(2026, 1)).lines
    assert (line.amount, line.was, line.now) == (Decimal("40000.00"), Decimal("-40000.00"), Decimal(0))
    assert words(approved.pk) == [["Nothing is left of it; other periods have −₽40,000.00 of it."]]


def test_a_reversed_line_says_that_it_is_taken_back(approved: Employee) -> None:
    SchemeAssignment.all_rows.all().delete()
    run_commissions(actor=None, as_of=day(2, 28))
    (line,) = statement_of(approved.pk, Month(2026, 2)).lines
    assert (line.amount, line.is_taken_back, line.inputs, line.pieces) == (Decimal("-60000.00"), True, {}, ())
    assert words(approved.pk, 2) == [["Taken back: it was ₽60,000.00, and nothing is left of it."]]


def test_a_line_that_changes_within_its_open_month_tells_only_what_stands() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Salary(Decimal(60_000))), hunter)
    world.pay(world.contract(world.client(hunter), hunter), 1, day(1, 15))
    run_commissions(actor=None, as_of=day(1, 31))
    end_scheme_assignment(actor=None, assignment=SchemeAssignment.all_rows.get(), on=day(1, 19))
    run_commissions(actor=None, as_of=day(1, 31))
    assert words(hunter.pk) == [["Salary ₽60,000.00 a month, 5 of 15 working days = ₽20,000.00."]]
    SchemeAssignment.all_rows.all().delete()
    run_commissions(actor=None, as_of=day(1, 31))
    assert words(hunter.pk) == [["Taken back within the month: nothing is left of it."]]


def test_payments_that_only_count_say_what_they_count_towards() -> None:
    farmers = world.department(kind=DepartmentKind.CLIENT)
    anna, boris = (world.employee(farmers, Role.CLIENT_MANAGER) for _number in range(2))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), anna)
    world.paid_by(world.scheme(Salary(Decimal(1000))), boris)
    world.pay(world.contract(world.client(manager=boris), boris), 300_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    assert words(boris.pk) == [
        ["1 line of a payment, revenue ₽300,000.00: counts towards the department's pool."],
        ["Salary ₽1,000.00 a month, 15 of 15 working days = ₽1,000.00."],
    ]
    credit = CreditLine.all_rows.select_related("component").get()
    assert credit_in_words(credit).replace("\N{NO-BREAK SPACE}", " ") == "₽300,000.00; counts towards the department's pool."


def test_a_summed_rate_without_its_line_does_not_claim_to_have_paid_each() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Rate(CreditRole.HUNTER, Basis.REVENUE, rate=Decimal("0.1"), cap=Decimal(5_000))), hunter)
    world.pay(world.contract(world.client(hunter), hunter), 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    (line,) = statement_of(hunter.pk, Month(2026, 1)).lines
    said = line_in_words(replace(line, pieces=(), inputs={}))
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in said] == [
        "1 line of a payment, revenue ₽100,000.00: counts towards the sum of the month."
    ]


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
