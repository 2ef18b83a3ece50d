"""A bonus on the plan is earned against the plan as it stood; a version agreed later takes nothing back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import Employee
from compensation.ledger.commissions import run_commissions
from compensation.ledger.services import settle_past_periods
from compensation.models import EarningLine
from compensation.schemes.examples import create_example_schemes
from pipeline.models import Relationship
from salesys.db import clock
from salesys.db.effective import from_date
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, contract, deal, pay

pytestmark = pytest.mark.django_db
APRIL = date(YEAR, 4, 12)


def bonuses(payee: Employee) -> dict[tuple[date, date], Decimal]:
    """Bonus by the month that earned it and the period that pays it."""
    rows = EarningLine.all_rows.filter(payee=payee, component__kind="plan_bonus").values_list("origin_on", "period_on")
    return {(origin, period): amount for origin, period, amount in rows.annotate(total=Sum("amount"))}


def test_a_later_version_takes_no_paid_bonus_back(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 1, 11, 9, tzinfo=UTC))
    seller = company.second_seller.employee
    create_example_schemes(actor=None, from_on=date(2025, 1, 1))
    agreed_plan(company)
    won = deal(seller, date(YEAR, 1, 11), reached="won", days=1)
    signed = contract(won, amount="5000000.00")
    assert won.company is not None
    Relationship.all_rows.create(company=won.company, employee=seller, kind="hunter", valid=from_date(date(YEAR, 1, 11)))
    for number in (1, 2, 3):
        pay(signed, date(YEAR, number, 20), "700000.00")
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 4, 12, 9, tzinfo=UTC))
    run_commissions(actor=None, as_of=APRIL)
    settle_past_periods(author=company.accountant.user, approver=company.director.user, before=date(YEAR, 4, 1))
    before = bonuses(seller)
    assert [before[date(YEAR, number, 1), date(YEAR, number, 1)] for number in (1, 2, 3)] == [Decimal("15000.00")] * 3
    agreed_plan(company, "30000000.00")
    run_commissions(actor=None, as_of=APRIL)
    assert bonuses(seller) == before
