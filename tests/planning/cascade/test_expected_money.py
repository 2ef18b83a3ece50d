"""Money on its way: what contracts owe, and deals that are still alive."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pipeline.models import Contract, Deal, StageChange
from planning.cascade.services import generate_role_tasks
from planning.models import SellerMonth, YearPlan
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, contract, deal, stage

pytestmark = pytest.mark.django_db
APRIL = date(YEAR, 4, 1)
ZERO = Decimal("0.00")


def coming(company: PersonaCompany, basis: date = APRIL) -> dict[date, tuple[Decimal, Decimal]]:
    """Month -> expected and weighted money of the seller as of a month's first day, months without either left out."""
    plan = YearPlan.all_rows.filter(status="agreed").first() or agreed_plan(company)
    generate_role_tasks(plan=plan, from_on=basis)
    rows = SellerMonth.all_rows.filter(plan=plan, employee=company.seller.employee, month__gte=basis).order_by("month")
    return {row.month: (row.expected, row.pipeline) for row in rows if row.expected or row.pipeline}


def test_a_debt_of_a_few_weeks_is_expected_and_a_bad_one_is_not(company: PersonaCompany) -> None:
    for due_on, amount in ((APRIL - timedelta(days=90), "70000.00"), (APRIL - timedelta(days=91), "5000000.00")):
        contract(deal(company.seller.employee, date(YEAR - 1, 10, 1), reached="won"), amount=amount, due_on=due_on)
    assert coming(company) == {APRIL: (Decimal("70000.00"), ZERO)}


def test_a_deal_that_has_not_moved_for_long_is_dead(company: PersonaCompany) -> None:
    for _number in range(60):
        deal(company.seller.employee, date(YEAR - 3, 1, 10), reached="new")
    assert coming(company, date(YEAR, 1, 1)) == coming(company) == {}


def test_an_old_deal_that_moved_lately_is_alive(company: PersonaCompany) -> None:
    old = deal(company.seller.employee, date(YEAR - 3, 1, 10), reached="new")
    StageChange.all_rows.create(deal=old, from_stage=stage("new"), to_stage=stage("engaged"), on=date(YEAR, 3, 20))
    assert coming(company)[APRIL] == (ZERO, Decimal("18000.00"))


def test_a_deal_that_is_expected_later_is_alive(company: PersonaCompany) -> None:
    old = deal(company.seller.employee, date(YEAR - 3, 1, 10), reached="proposal")
    Deal.all_rows.filter(pk=old.pk).update(expected_on=date(YEAR, 6, 20))
    assert coming(company) == {date(YEAR, 7, 1): (ZERO, Decimal("30000.00"))}


def test_a_won_deal_is_on_its_way_until_its_contract_is_signed(company: PersonaCompany) -> None:
    won = deal(company.seller.employee, date(YEAR, 3, 1), reached="won", days=1)
    assert won.closed_on == date(YEAR, 3, 5)
    assert coming(company) == {APRIL: (ZERO, Decimal("100000.00"))}
    signed = contract(won, amount="400000.00", due_on=date(YEAR, 5, 20))
    Contract.all_rows.filter(pk=signed.pk).update(signed_on=date(YEAR, 4, 20))
    assert coming(company) == {APRIL: (ZERO, Decimal("100000.00"))}
    assert coming(company, date(YEAR, 5, 1)) == {date(YEAR, 5, 1): (Decimal("400000.00"), ZERO)}


def test_a_win_that_never_became_a_contract_is_forgotten(company: PersonaCompany) -> None:
    deal(company.seller.employee, date(YEAR - 1, 3, 1), reached="won", days=1)
    assert coming(company) == {}


def test_a_deal_whose_contract_is_signed_counts_once(company: PersonaCompany) -> None:
    """Signed in March, moved to the last stage in April."""
    won = deal(company.seller.employee, date(YEAR, 2, 20), reached="won", days=10)
    signed = contract(won, amount="400000.00", due_on=date(YEAR, 5, 20))
    Contract.all_rows.filter(pk=signed.pk).update(signed_on=date(YEAR, 3, 30))
    Deal.all_rows.filter(pk=won.pk).update(closed_on=date(YEAR, 4, 2))
    StageChange.all_rows.filter(deal=won, to_stage__code="won").update(on=date(YEAR, 4, 2))
    assert coming(company) == {date(YEAR, 5, 1): (Decimal("400000.00"), ZERO)}
