"""Months before the ledger begins: their money is paid as an adjustment, can be mended and accepted, and brings no floor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Employee
from accounts.roles import Role
from compensation.engine.terms import Basis, CreditRole, Rate, Salary, TeamPool, Terms
from compensation.ledger.commissions import run_commissions
from compensation.ledger.periods import ledger_begin
from compensation.ledger.services import approve_period, close_period, reopen_period, set_pool_weights
from compensation.models import CreditLine, EarningLine, PayPeriod, PoolWeight, StaleMark, UncreditedPayment
from compensation.schemes.services import assign_scheme
from pipeline.models import Contract
from planning.calendar.models import CalendarCorrection
from salesys.db import clock
from salesys.kernel.errors import Conflict
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

BEGUN = date(2025, 1, 1)
DECEMBER = date(2025, 12, 1)
TENTH = Rate(CreditRole.HUNTER, Basis.REVENUE, rate=Decimal("0.1"))


@pytest.fixture(autouse=True)
def _in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 10, 9, tzinfo=UTC))


def ledger_since_january(people: Sequence[Employee], *terms: Terms, kind: str = "hunter") -> Contract:
    """People who are paid since 2025, a client of the first of them, and a ledger whose January is approved."""
    world.paid_by(world.scheme(*terms, start=BEGUN), *people, start=BEGUN)
    company = world.client()
    world.hold(company, people[0], kind=kind, start=BEGUN)
    deal = world.contract(company, people[0])
    world.pay(deal, 1000, day(1, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(1)))
    return deal


def december() -> list[tuple[int, date, int, Decimal]]:
    lines = EarningLine.all_rows.filter(origin_on=DECEMBER).order_by("payee_id", "revision")
    return list(lines.values_list("payee_id", "period_on", "revision", "amount"))


def test_a_ledger_whose_approval_was_taken_back_begins_no_earlier() -> None:
    """What was paid elsewhere for December stays paid: its late money is credited, its salary does not come again."""
    hunter = world.employee(world.department(), start=BEGUN)
    deal = ledger_since_january([hunter], TENTH, Salary(Decimal(60_000)))
    reopen_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(1)), reason="A payment was missing")
    late = world.pay(deal, 5000, date(2025, 12, 10))
    run_commissions(actor=None, as_of=day(3, 10))
    assert ledger_begin() == Month(2026, 1)
    assert december() == []
    line = CreditLine.all_rows.get(payment=late)
    assert (line.origin_on, line.period_on, line.amount) == (DECEMBER, day(1), Decimal("500.00"))
    summary = run_commissions(actor=None, as_of=day(3, 10), full=True)
    assert summary is not None
    assert summary.lines == 0


@pytest.mark.parametrize("full", [False, True])
def test_a_scheme_given_for_a_month_before_the_ledger_credits_its_payments(full: bool) -> None:
    hunter = world.employee(world.department(), start=BEGUN)
    scheme = world.scheme(TENTH, start=BEGUN)
    world.paid_by(scheme, hunter, start=day(1))
    deal = world.contract(world.client(hunter, start=BEGUN), hunter)
    world.pay(deal, 1000, day(1, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(1)))
    old = world.pay(deal, 100_000, date(2025, 12, 20))
    run_commissions(actor=None, as_of=day(3, 10))
    assert list(UncreditedPayment.all_rows.values_list("pk", flat=True)) == [old.pk]
    assign_scheme(actor=None, scheme=scheme, employee=hunter, from_on=BEGUN, until_on=day(1))

    run_commissions(actor=None, as_of=day(3, 10), full=full)

    lines = CreditLine.all_rows.filter(payment=old).values_list("period_on", "origin_on", "amount")
    assert list(lines) == [(day(2), DECEMBER, Decimal("10000.00"))]
    assert not UncreditedPayment.all_rows.exists()
    assert not StaleMark.all_rows.exists()


def test_an_uncredited_payment_before_the_ledger_is_accepted_on_the_page(company: PersonaCompany) -> None:
    seller = company.seller.employee
    deal = ledger_since_january([seller], TENTH)
    old = world.pay(world.contract(world.client(), seller), 1000, DECEMBER)
    world.pay(deal, 1000, day(2, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    january = PayPeriod.all_rows.get(month_on=day(1))
    with pytest.raises(Conflict) as error:
        close_period(actor=company.accountant.user, period=january)
    assert [issue.code for issue in error.value.issues] == ["uncredited_payments"]
    accept = reverse("compensation:uncredited_accept", args=[old.pk])
    assert "Say why nobody is credited." in company.owner.client.post(accept, follow=True).content.decode()
    assert UncreditedPayment.all_rows.get().accepted_by is None

    response = company.owner.client.post(accept, {"reason": "House account"})

    assert (response.status_code, response["Location"]) == (302, reverse("compensation:period_list"))
    assert UncreditedPayment.all_rows.get().accepted_note == "House account"
    close_period(actor=company.accountant.user, period=january)


def test_late_money_before_the_ledger_brings_nobody_a_floor() -> None:
    where = world.department()
    people = [world.employee(where, start=BEGUN) for _number in range(3)]
    deal = ledger_since_january(people, Rate(CreditRole.HUNTER, Basis.REVENUE, rate=Decimal("0.1"), floor=Decimal(30_000)))
    world.pay(deal, 1000, date(2025, 12, 30))
    run_commissions(actor=None, as_of=day(3, 10))
    assert december() == [(people[0].pk, day(2), 1, Decimal("100.00"))]
    assert EarningLine.all_rows.filter(origin_on=day(1), amount=30_000).count() == 3


def test_the_pool_of_a_month_before_the_ledger_follows_its_calendar_and_is_not_weighed(company: PersonaCompany) -> None:
    farmers = company.clients
    anna = world.employee(farmers, Role.CLIENT_MANAGER, start=BEGUN)
    boris = world.employee(farmers, Role.CLIENT_MANAGER, start=date(2025, 12, 29))
    pool = TeamPool(Decimal("0.1"), Decimal(0))
    deal = ledger_since_january([anna, boris], pool, kind="account_manager")
    world.pay(deal, 100_000, date(2025, 12, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    before = december()
    assert sum(line[3] for line in before) == Decimal("10000.00")
    with pytest.raises(Conflict) as error:
        set_pool_weights(
            actor=company.owner.user, department=farmers, month=Month(2025, 12), weights={anna: Decimal(1), boris: Decimal(0)}
        )
    assert [issue.code for issue in error.value.issues] == ["before_the_ledger"]
    assert not PoolWeight.all_rows.exists()
    page = f"{reverse('compensation:pool', args=[farmers.pk])}?month=2025-12"
    text = company.owner.client.get(page).content.decode()
    assert "The ledger begins later" in text
    assert "Keep these parts" not in text

    for number in (29, 30):
        CalendarCorrection.all_rows.create(on=date(2025, 12, number), hours=0, reason="Snow")
    run_commissions(actor=None, as_of=day(3, 10))
    assert len(december()) > len(before)
    assert sum(line[3] for line in december()) == Decimal("10000.00")
    full = run_commissions(actor=None, as_of=day(3, 10), full=True)
    assert full
    assert full.lines == 0
