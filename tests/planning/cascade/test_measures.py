"""What is measured of the past: days between stages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Employee
from pipeline.models import StageChange
from planning.cascade.measures import Funnel, funnels
from planning.engine.activities import Activity
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, contract, deal, pay

pytestmark = pytest.mark.django_db
BASIS = date(YEAR, 1, 1)


def won_deals(seller: Employee, *, paid: int = 0) -> None:
    """Twenty deals that took ten days for each step; the first of them are paid after forty."""
    for number in range(20):
        won = deal(seller, date(YEAR - 1, 5, 1) + timedelta(days=number), reached="won", days=10)
        signed = contract(won, amount="100000.00")
        if number < paid:
            assert won.closed_on is not None
            pay(signed, won.closed_on + timedelta(days=40), "100000.00")


def measured(company: PersonaCompany) -> Funnel:
    seller = company.seller.employee
    return funnels({seller.pk: company.machinery.pk}, basis=BASIS)[seller.pk]


def days(company: PersonaCompany) -> list[int]:
    measures = measured(company).measures
    return [measures[step].step_days for step in (Activity.WARM_CONTACTS, Activity.MEETINGS, Activity.PROPOSALS)]


def forget(seller: Employee, *codes: str) -> None:
    StageChange.all_rows.filter(deal__seller=seller, to_stage__code__in=codes).delete()


def test_deals_that_are_not_paid_yet_are_no_lag_of_zero(company: PersonaCompany) -> None:
    won_deals(company.seller.employee, paid=9)
    assert measured(company).payment_lag_days == 40


def test_without_any_payment_the_lag_is_the_usual_one(company: PersonaCompany) -> None:
    won_deals(company.seller.employee)
    assert measured(company).payment_lag_days == 14


def test_days_between_known_stages_are_measured(company: PersonaCompany) -> None:
    won_deals(company.seller.employee)
    assert days(company) == [10, 10, 20]


def test_a_first_stage_that_nobody_recorded_leaves_its_usual_days(company: PersonaCompany) -> None:
    won_deals(company.seller.employee)
    forget(company.seller.employee, "new")
    assert days(company) == [7, 10, 20]


def test_a_stage_that_deals_skip_takes_no_days_of_its_own(company: PersonaCompany) -> None:
    """The days to the win begin at the stage before it, so the usual ones must not come on top."""
    won_deals(company.seller.employee)
    forget(company.seller.employee, "proposal")
    assert days(company) == [10, 0, 30]
    forget(company.seller.employee, "engaged")
    assert days(company) == [0, 0, 40]
