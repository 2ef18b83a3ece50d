from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import DepartmentKind
from accounts.roles import Role
from accounts.setup.services import CompanyFacts, change_company
from compensation.engine.newness import NewUntil
from compensation.engine.terms import Basis, CreditRole, Newness, PlanBonus, Rate, Salary, TeamPool, Tier
from compensation.ledger.commissions import run_commissions
from compensation.ledger.outstanding import is_outstanding
from compensation.ledger.services import approve_period, reopen_period
from compensation.models import CreditLine, EarningLine, PayPeriod, StaleMark, UncreditedPayment
from pipeline.models import Contract, Payment
from salesys.db.organisation import Organisation, forget_organisation
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.checks import check_ledger
from tests.compensation.world import day

pytestmark = pytest.mark.django_db

NEW = Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.NEW, Decimal("0.1"))
RESIDUAL = Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.RESIDUAL, Decimal("0.02"))


@pytest.fixture
def _company_of_this_test() -> Iterator[None]:
    yield
    forget_organisation()


def amounts(payee_id: int) -> list[tuple[str, Decimal]]:
    lines = CreditLine.all_rows.filter(payee_id=payee_id).select_related("component")
    return [(line.component.code, line.amount) for line in lines.order_by("origin_on", "payment_id", "revision")]


def test_a_hunter_earns_ten_percent_of_margin_while_new_and_two_after() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW, RESIDUAL), hunter)
    company = world.client(hunter)
    first = world.contract(company, hunter, signed_on=day(1, 10))
    later = world.contract(company, hunter, signed_on=day(2, 10))
    world.pay(first, 100_000, day(1, 20))
    world.pay(first, 50_000, day(3, 20))
    world.pay(later, 100_000, day(2, 20))

    run_commissions(actor=None, as_of=day(3, 31))

    assert amounts(hunter.pk) == [
        ("part_0", Decimal("6000.00")),
        ("part_1", Decimal("1200.00")),
        ("part_0", Decimal("3000.00")),
    ]
    check_ledger(Month(2026, 3))


def test_the_second_run_posts_nothing() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Salary(Decimal(60_000)), NEW, RESIDUAL), hunter)
    world.pay(world.contract(world.client(hunter), hunter), 100_000, day(1, 20))
    first = run_commissions(actor=None, as_of=day(2, 28))
    second = run_commissions(actor=None, as_of=day(2, 28))
    full = run_commissions(actor=None, as_of=day(2, 28), full=True)
    assert first
    assert second
    assert full
    assert (first.credit_lines, first.earning_lines) == (1, 2)
    assert (second.lines, full.lines) == (0, 0)
    assert not StaleMark.all_rows.exists()


def test_the_hunter_stays_credited_after_the_client_department_took_over_until_reassigned() -> None:
    hunter, successor = world.employee(world.department()), world.employee(world.department())
    farmers = world.department(kind=DepartmentKind.CLIENT)
    manager = world.employee(farmers, Role.CLIENT_MANAGER)
    world.paid_by(world.scheme(NEW, RESIDUAL, new_until=NewUntil.parse("first_month")), hunter, successor)
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(100_000))), manager)
    company = world.client(hunter)
    held = company.relationships.get()
    deal = world.contract(company, hunter)
    world.pay(deal, 100_000, day(1, 20))
    world.hold(company, manager, kind="account_manager", start=day(2))
    world.pay(deal, 200_000, day(2, 20))
    held.close_on(day(3))
    held.save()
    world.hold(company, successor, start=day(3))
    world.pay(deal, 300_000, day(3, 20))

    run_commissions(actor=None, as_of=day(3, 31))

    assert amounts(hunter.pk) == [("part_0", Decimal("6000.00")), ("part_1", Decimal("2400.00"))]
    assert amounts(successor.pk) == [("part_1", Decimal("3600.00"))]
    funds = EarningLine.all_rows.filter(payee=manager).order_by("origin_on").values_list("amount", flat=True)
    assert list(funds) == [Decimal("0.00"), Decimal("10000.00"), Decimal("20000.00")]
    check_ledger(Month(2026, 3))


def test_a_refund_is_credited_as_its_original_was() -> None:
    hunter, successor = world.employee(world.department()), world.employee(world.department())
    world.paid_by(world.scheme(NEW, RESIDUAL, new_until=NewUntil.parse("days:30")), hunter, successor)
    company = world.client(hunter)
    deal = world.contract(company, hunter)
    paid = world.pay(deal, 100_000, day(1, 20))
    held = company.relationships.get()
    held.close_on(day(2))
    held.save()
    world.hold(company, successor, start=day(2))
    world.pay(deal, -40_000, day(3, 5), refund_of=paid)

    run_commissions(actor=None, as_of=day(3, 31))

    assert amounts(hunter.pk) == [("part_0", Decimal("6000.00")), ("part_0", Decimal("-2400.00"))]
    assert amounts(successor.pk) == []
    check_ledger(Month(2026, 3))


def test_a_late_payment_into_a_closed_month_becomes_an_adjustment_that_names_its_month() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Salary(Decimal(60_000)), NEW, RESIDUAL), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.filter(month_on=day(1)).update(status="closed")
    world.pay(deal, 10_000, day(1, 31))

    run_commissions(actor=None, as_of=day(2, 28))

    lines = CreditLine.all_rows.order_by("period_on").values_list("period_on", "origin_on", "amount")
    assert list(lines) == [(day(1), day(1), Decimal("6000.00")), (day(2), day(1), Decimal("600.00"))]
    check_ledger(Month(2026, 2))


def test_a_changed_line_is_reversed_and_succeeded_in_the_open_month() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW, RESIDUAL), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.filter(month_on=day(1)).update(status="approved")
    deal.direct_cost = Decimal(500_000)
    deal.save()

    run_commissions(actor=None, as_of=day(2, 28))

    lines = CreditLine.all_rows.order_by("revision").values_list("period_on", "origin_on", "revision", "basis_amount", "amount")
    assert list(lines) == [
        (day(1), day(1), 1, Decimal("60000.00"), Decimal("6000.00")),
        (day(2), day(1), 2, Decimal("-60000.00"), Decimal("-6000.00")),
        (day(2), day(1), 3, Decimal("50000.00"), Decimal("5000.00")),
    ]
    check_ledger(Month(2026, 2))


def test_tiers_are_paid_on_the_sum_of_the_month_and_each_credit_stays_traceable() -> None:
    hunter = world.employee(world.department())
    tiers = (Tier(Decimal(0), Decimal(100_000), Decimal("0.05")), Tier(Decimal(100_000), None, Decimal("0.1")))
    world.paid_by(world.scheme(Rate(CreditRole.HUNTER, Basis.REVENUE, tiers=tiers)), hunter)
    deal = world.contract(world.client(hunter), hunter)
    for number in (5, 15, 25):
        world.pay(deal, 50_000, day(1, number))

    run_commissions(actor=None, as_of=day(1, 31))

    credited = CreditLine.all_rows.values_list("basis_amount", "rate", "amount")
    assert list(credited) == [(Decimal("50000.00"), None, Decimal("0.00"))] * 3
    line = EarningLine.all_rows.get()
    assert line.amount == Decimal("10000.00")
    assert line.trace == {
        "inputs": {"basis": "150000"},
        "pieces": [
            {"kind": "tier", "base": "100000", "factor": "0.05", "amount": "5000", "lower": "0", "upper": "100000"},
            {"kind": "tier", "base": "50000", "factor": "0.1", "amount": "5000", "lower": "100000"},
        ],
    }
    check_ledger(Month(2026, 1))


def test_salary_is_prorated_and_a_bonus_without_a_plan_says_so() -> None:
    where = world.department()
    hunter = world.employee(where, start=day(1, 19))
    steps = (Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal(15_000)))
    world.paid_by(world.scheme(Salary(Decimal(60_000)), PlanBonus(steps)), hunter)

    run_commissions(actor=None, as_of=day(1, 31))

    salary, bonus = EarningLine.all_rows.order_by("component_id")
    assert salary.trace["inputs"] == {"worked_days": "10", "norm_days": "15", "from_on": "2026-01-19", "until_on": "2026-02-01"}
    assert (salary.amount, bonus.amount) == (Decimal("40000.00"), Decimal("0.00"))
    assert bonus.trace["pieces"][0]["kind"] == "no_plan"
    check_ledger(Month(2026, 1))


@pytest.mark.usefixtures("_company_of_this_test")
def test_another_country_of_the_company_changes_the_days_of_every_month() -> None:
    """As a correction of the calendar does: else a full run would post what no run before has seen."""
    facts = CompanyFacts("Northern Vector", "RUB", "Europe/Moscow", "RU", Decimal("0.2"))
    change_company(actor=None, facts=facts)
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Salary(Decimal(60_000))), hunter, end=day(1, 19))
    world.pay(world.contract(world.client(hunter), hunter), 1, day(1, 15))
    run_commissions(actor=None, as_of=day(2, 28))
    january = PayPeriod.all_rows.get(month_on=day(1))
    approve_period(actor=None, period=january)
    assert not is_outstanding(january.month)
    change_company(actor=None, facts=replace(facts, name="Vector"))
    assert not is_outstanding(january.month)
    Organisation.objects.update(country="US")  # by another process: what this one has kept of the company is old
    assert is_outstanding(january.month)
    run_commissions(actor=None, as_of=day(2, 28))
    lines = EarningLine.all_rows.filter(payee=hunter, origin_on=day(1)).order_by("revision")
    # 5 of 15 working days there, 11 of 20 here
    assert [(line.period_on.month, line.amount) for line in lines] == [
        (1, Decimal("20000.00")),
        (2, Decimal("-20000.00")),
        (2, Decimal("33000.00")),
    ]
    summary = run_commissions(actor=None, as_of=day(2, 28), full=True)
    assert summary is not None
    assert summary.lines == 0


def test_the_pool_is_divided_by_days_worked_exactly() -> None:
    farmers = world.department(kind=DepartmentKind.CLIENT)
    anna, boris = world.employee(farmers, Role.CLIENT_MANAGER), world.employee(farmers, Role.CLIENT_MANAGER, start=day(1, 19))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(100_000))), anna, boris)
    world.pay(world.contract(world.client(manager=anna), anna), 200_000, day(1, 20))

    run_commissions(actor=None, as_of=day(1, 31))

    lines = EarningLine.all_rows.order_by("payee_id").values_list("payee_id", "department_id", "amount")
    assert list(lines) == [
        (anna.pk, farmers.pk, Decimal("6000.00")),
        (boris.pk, farmers.pk, Decimal("4000.00")),
    ]
    check_ledger(Month(2026, 1))


def test_payments_that_nobody_is_credited_for_are_listed_until_the_cause_is_mended() -> None:
    hunter, unpaid = world.employee(world.department()), world.employee(world.department())
    world.paid_by(world.scheme(NEW), hunter)
    orphan, unschemed = world.client(), world.client(unpaid)
    lost = world.pay(world.contract(orphan, hunter), 100, day(1, 5))
    odd = world.pay(world.contract(unschemed, hunter), 100, day(1, 6))

    run_commissions(actor=None, as_of=day(1, 31))

    assert dict(UncreditedPayment.all_rows.values_list("pk", "reason")) == {lost.pk: "no_holder", odd.pk: "no_scheme"}
    check_ledger(Month(2026, 1))
    world.hold(orphan, hunter)
    run_commissions(actor=None, as_of=day(1, 31))
    assert list(UncreditedPayment.all_rows.values_list("pk", flat=True)) == [odd.pk]
    check_ledger(Month(2026, 1))


def test_one_bad_deal_is_listed_and_everybody_else_is_paid() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW), hunter)
    good = world.pay(world.contract(world.client(hunter), hunter), 100_000, day(1, 20))
    deal = world.contract(world.client(hunter), hunter)
    Contract.all_rows.filter(pk=deal.pk).update(amount=Decimal("0.01"), direct_cost=Decimal(1_000_000_000))
    bad = world.pay(deal, 1_000_000_000, day(1, 21))

    run_commissions(actor=None, as_of=day(1, 31))

    assert amounts(hunter.pk) == [("part_0", Decimal("6000.00"))]
    assert dict(UncreditedPayment.all_rows.values_list("pk", "reason")) == {bad.pk: "bad_margin"}
    Contract.all_rows.filter(pk=deal.pk).update(amount=Decimal(1_000_000_000))
    run_commissions(actor=None, as_of=day(1, 31))
    assert set(CreditLine.all_rows.values_list("payment_id", flat=True)) == {good.pk, bad.pk}
    assert not UncreditedPayment.all_rows.exists()


def test_a_bulk_of_payments_marks_months_rather_than_each() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW), hunter)
    deal = world.contract(world.client(hunter), hunter)
    sample = world.pay(deal, 100, day(1, 5))
    StaleMark.all_rows.all().delete()
    Payment.all_rows.bulk_create(
        Payment(
            company_id=sample.company_id,
            contract_id=sample.contract_id,
            paid_on=day(1 + number % 2, 5),
            amount=Decimal(100),
            currency="RUB",
            vat_rate=0,
            amount_without_vat=Decimal(100),
            source="import",
        )
        for number in range(20_001)
    )
    assert sorted(StaleMark.all_rows.values_list("kind", "key", "from_on")) == [
        ("month", None, day(1)),
        ("month", None, day(2)),
    ]
    run_commissions(actor=None, as_of=day(2, 28))
    assert CreditLine.all_rows.count() == 20_002


def test_late_money_opens_the_next_month_when_every_period_is_approved() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.update(status="approved")
    world.pay(deal, 10_000, day(1, 21))
    run_commissions(actor=None, as_of=day(1, 31))
    lines = CreditLine.all_rows.order_by("period_on").values_list("period_on", "origin_on", "amount")
    assert list(lines) == [(day(1), day(1), Decimal("6000.00")), (day(2), day(1), Decimal("600.00"))]


def test_late_money_of_a_month_approved_empty_is_paid_once_after_it_is_opened_again() -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(Rate(CreditRole.HUNTER, Basis.REVENUE, rate=Decimal("0.1"))), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 1000, day(1, 20))
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(1)))
    february = PayPeriod.all_rows.get(month_on=day(2))
    approve_period(actor=None, period=february)
    late = world.pay(deal, 100_000, day(2, 20))
    run_commissions(actor=None, as_of=day(3, 10))
    reopen_period(actor=None, period=february, reason="Money came late")

    full = run_commissions(actor=None, as_of=day(3, 10), full=True)

    assert full
    assert full.lines == 0
    lines = CreditLine.all_rows.filter(payment=late).values_list("period_on", "origin_on", "revision", "amount")
    assert list(lines) == [(day(3), day(2), 1, Decimal("10000.00"))]
    check_ledger(Month(2026, 3))
