from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal

import pytest

from planning.control.queries import Attainment, attainment, conveyor, day_norms, team_totals
from planning.engine.activities import Activity
from planning.goals.services import distribute_plan, set_year_goal
from planning.models import PlanAmount, YearPlan
from salesys.db import clock
from salesys.db.organisation import organisation
from salesys.kernel.periods import Month
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, calls, card, contract, deal, pay, running_plan

pytestmark = pytest.mark.django_db
MARCH = Month(YEAR, 3)


def planned(company: PersonaCompany) -> Decimal:
    amount: Decimal = PlanAmount.all_rows.get(node__employee=company.seller.employee, month=MARCH.first).amount
    return amount


def test_attainment_is_collected_per_planned(company: PersonaCompany) -> None:
    agreed_plan(company)
    signed = contract(deal(company.seller.employee, date(YEAR, 1, 10), reached="won"), amount="500000.00")
    pay(signed, date(YEAR, 3, 1), "300000.00")
    pay(signed, date(YEAR, 3, 31), "-50000.00")
    pay(signed, date(YEAR, 4, 1), "9.00")
    (row,) = attainment(first=MARCH, last=MARCH, employees=[company.seller.employee.pk])
    assert (row.planned, row.collected) == (planned(company), Decimal("250000.00"))
    assert row.ratio == (Decimal(250000) / planned(company)).quantize(Decimal("0.000001"), rounding=ROUND_DOWN)


@pytest.mark.parametrize(
    ("collected", "ratio"),
    [("999999.50", "0.999999"), ("999999.99", "0.999999"), ("1000000.00", "1.000000"), ("-0.01", "0.000000")],
)
def test_a_plan_is_not_attained_before_the_last_kopeck(collected: str, ratio: str) -> None:
    assert Attainment(1, MARCH, Decimal(1_000_000), Decimal(collected)).ratio == Decimal(ratio)


def test_without_a_plan_there_is_no_ratio(company: PersonaCompany) -> None:
    signed = contract(deal(company.client_manager.employee, date(YEAR, 1, 10), reached="won"), amount="500000.00")
    pay(signed, date(YEAR, 3, 1), "10.00")
    (row,) = attainment(first=MARCH, last=MARCH)
    assert (row.employee_id, row.planned, row.collected, row.ratio) == (
        company.client_manager.employee.pk,
        Decimal("0.00"),
        Decimal("10.00"),
        None,
    )


def test_a_plan_that_is_not_in_force_does_not_count(company: PersonaCompany) -> None:
    agreed_plan(company)
    agreed_plan(company, "48000000.00")
    rows = attainment(first=MARCH, last=MARCH)
    assert sum(row.planned for row in rows) == Decimal("4000000.00")
    assert attainment(first=Month(YEAR + 1, 1), last=Month(YEAR + 1, 12)) == ()


def test_a_month_is_measured_against_the_version_of_its_last_day(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a later version holds: here one without the months that are over, as one that was loaded may be."""

    def at(instant: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant)

    at(datetime(YEAR, 1, 11, 9, tzinfo=UTC))
    first = agreed_plan(company)
    # still March in London, April in the company's zone
    at(datetime(YEAR, 3, 31, 21, 30, tzinfo=UTC))
    second = distribute_plan(actor=None, plan=set_year_goal(actor=None, year=YEAR, goal=Decimal("48000000.00")))
    PlanAmount.all_rows.filter(node__plan=second, month__lte=MARCH.first).update(amount=0)
    YearPlan.all_rows.filter(pk=first.pk).update(status="superseded")
    YearPlan.all_rows.filter(pk=second.pk).update(status="agreed", agreed_at=clock.now())
    planned = {row.month: row.planned for row in attainment(first=Month(YEAR, 2), last=Month(YEAR, 4)) if row.planned}
    by_month = {
        month: PlanAmount.all_rows.get(node=node, month=month.first).amount
        for month, plan in ((Month(YEAR, 2), first), (MARCH, first), (Month(YEAR, 4), second))
        for node in plan.nodes.filter(employee=company.rival_seller.employee)
    }
    assert organisation().time_zone == "Europe/Moscow"
    assert planned == by_month


def test_months_before_the_first_agreement_are_measured_against_the_first_version(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 5, 11, 9, tzinfo=UTC))
    agreed_plan(company)
    agreed_plan(company, "48000000.00")
    assert sum(row.planned for row in attainment(first=MARCH, last=MARCH)) == Decimal("2000000.00")
    assert sum(row.planned for row in attainment(first=Month(YEAR, 5), last=Month(YEAR, 5))) > Decimal("2000000.00")


def test_norms_stand_beside_what_was_done(company: PersonaCompany) -> None:
    running_plan(company)
    monday, person = date(YEAR, 3, 15), company.telesales.employee
    calls(person, monday, "no_answer", "refused", "warm", "meeting")
    found = {norm.activity: norm for norm in day_norms(person.pk, monday, monday)}
    assert [found[activity].done for activity in (Activity.DIALS, Activity.CONVERSATIONS, Activity.WARM_CONTACTS)] == [4, 3, 2]
    assert found[Activity.DIALS].target > 4
    assert not found[Activity.DIALS].is_met
    totals = {total.activity: total for total in team_totals([person.pk], date(YEAR, 3, 1), monday)}
    assert totals[Activity.DIALS].done == 4
    assert totals[Activity.DIALS].target > found[Activity.DIALS].target


def test_the_conveyor_counts_what_each_section_passed_on(company: PersonaCompany) -> None:
    on = date(YEAR, 3, 1)
    calls(company.telesales.employee, on, "no_answer", "no_answer", "no_answer", "warm")
    deal(company.seller.employee, on, reached="won", days=1)
    deal(company.seller.employee, on, reached="engaged:lost", days=1)
    card(company.assistant.employee, on)
    everybody = conveyor(None, on, date(YEAR, 3, 31))
    assert [(part.name, part.entered, part.left, part.conversion) for part in everybody] == [
        ("scout", 4, 1, Decimal("0.250000")),
        ("hunter", 2, 1, Decimal("0.500000")),
        ("closer", 1, 1, Decimal("1.000000")),
    ]
    assert conveyor([company.rival_seller.employee.pk], on, on)[0].conversion is None
