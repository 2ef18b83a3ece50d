"""What is measured of the past: days between stages, and which part of the deals telesales bring."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Employee
from pipeline.models import Deal, StageChange
from planning.cascade.measures import Funnel, funnels
from planning.engine.activities import Activity
from planning.engine.funnel import yields
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


def shares(company: PersonaCompany) -> list[Decimal]:
    """Of the two directions: which part of warm contacts telesales bring."""
    places = {company.seller.employee.pk: company.machinery.pk, company.rival_seller.employee.pk: company.retail.pk}
    found = funnels(places, basis=BASIS)
    return [found[employee_id].measures[Activity.WARM_CONTACTS].share for employee_id in places]


def opened(seller: Employee, *, count: int, warmed: int, by: Employee, on: date = date(YEAR - 1, 3, 1)) -> None:
    """Open deals, the first of which came from somebody's calls."""
    for number in range(count):
        made = deal(seller, on, reached="new")
        if number < warmed:
            Deal.all_rows.filter(pk=made.pk).update(warmed_by=by)


def test_what_clients_bring_by_themselves_needs_no_calls(company: PersonaCompany) -> None:
    """48 of 60 deals in machinery and none of 40 in retail came from calls; the company's share leans on all, theirs on it."""
    caller = company.telesales.employee
    opened(company.seller.employee, count=60, warmed=48, by=caller)
    opened(company.rival_seller.employee, count=40, warmed=0, by=caller)
    opened(company.rival_seller.employee, count=9, warmed=9, by=caller, on=BASIS - timedelta(days=366))
    # (48 + 20) / (100 + 20), then (48 + 20 x that) / (60 + 20) and (0 + 20 x that) / (40 + 20)
    assert shares(company) == [Decimal("0.741667"), Decimal("0.188889")]


def test_the_share_goes_through_the_funnel_below_it(company: PersonaCompany) -> None:
    seller = company.seller.employee
    opened(seller, count=60, warmed=30, by=company.telesales.employee)
    funnel = measured(company)
    share = funnel.measures[Activity.WARM_CONTACTS].share
    found = {step.activity: step.per_deal for step in yields(funnel.steps(), payment_lag_days=0)}
    whole = found[Activity.MEETINGS] / funnel.measures[Activity.WARM_CONTACTS].rate
    assert abs(found[Activity.WARM_CONTACTS] - whole * share) < Decimal("0.00001")
    assert abs(found[Activity.CONVERSATIONS] * funnel.measures[Activity.CONVERSATIONS].rate - whole * share) < Decimal("0.00001")
    assert Decimal("0.5") < share < Decimal("0.75")


def test_where_nobody_records_who_called_every_deal_needs_calls(company: PersonaCompany) -> None:
    opened(company.seller.employee, count=60, warmed=0, by=company.telesales.employee)
    assert shares(company) == [Decimal(1), Decimal(1)]
