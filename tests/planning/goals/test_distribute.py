from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Assignment
from accounts.people.services import dismiss_employee
from planning.goals.queries import imbalances
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.models import PlanAmount, PlanNode, YearPlan
from salesys.db import clock
from salesys.db.effective import from_date
from salesys.kernel.errors import Conflict, InvalidInput
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, contract, deal, pay

pytestmark = pytest.mark.django_db


def drafted(goal: str = "1200000.00") -> YearPlan:
    return set_year_goal(actor=None, year=YEAR, goal=Decimal(goal), season=(Decimal(1),) * 12)


def months(plan: YearPlan, **node: object) -> list[Decimal]:
    rows = PlanAmount.all_rows.filter(node__in=PlanNode.all_rows.filter(plan=plan, **node)).order_by("month")
    return list(rows.values_list("amount", flat=True))


def test_people_without_records_share_equally(company: PersonaCompany) -> None:
    plan = distribute_plan(actor=company.director.user, plan=drafted())
    assert months(plan, level=0) == [Decimal("100000.00")] * 12
    assert months(plan, level=1, direction=company.machinery)[0] == Decimal("66666.67")
    assert months(plan, employee=company.rival_seller.employee)[0] == Decimal("33333.33")
    assert imbalances(plan) == ()


def test_who_collected_more_gets_more(company: PersonaCompany) -> None:
    signed = contract(deal(company.seller.employee, date(2026, 2, 1), reached="won"), amount="900000.00")
    pay(signed, date(2026, 6, 1), "900000.00")
    plan = distribute_plan(actor=None, plan=drafted())
    own, other = (sum(months(plan, employee=persona.employee)) for persona in (company.seller, company.second_seller))
    assert own > 2 * other > 0
    assert imbalances(plan) == ()


def test_given_weights_win(company: PersonaCompany) -> None:
    weights = {company.seller.employee.pk: Decimal(3), company.rival_seller.employee.pk: Decimal(1)}
    plan = distribute_plan(actor=None, plan=drafted(), weights=weights)
    assert months(plan, employee=company.seller.employee) == [Decimal("75000.00")] * 12
    assert months(plan, employee=company.second_seller.employee) == [Decimal("0.00")] * 12


def test_weights_of_strangers_are_refused(company: PersonaCompany) -> None:
    plan = drafted()
    with pytest.raises(InvalidInput) as caught:
        distribute_plan(actor=None, plan=plan, weights={company.accountant.employee.pk: Decimal(1)})
    assert caught.value.issues[0].code == "not_a_seller"
    assert not PlanNode.all_rows.exists()


def test_a_seller_who_changes_direction_stands_in_both(company: PersonaCompany) -> None:
    place = Assignment.all_rows.get(employee=company.second_seller.employee)
    place.close_on(date(YEAR, 7, 1))
    place.save()
    Assignment.all_rows.create(
        employee=place.employee,
        department=place.department,
        role="seller",
        direction=company.retail,
        valid=from_date(date(YEAR, 7, 1)),
    )
    plan = distribute_plan(actor=None, plan=drafted())
    first = months(plan, employee=place.employee, direction=company.machinery)
    second = months(plan, employee=place.employee, direction=company.retail)
    assert [bool(amount) for amount in first] == [True] * 6 + [False] * 6
    assert [bool(amount) for amount in second] == [False] * 6 + [True] * 6
    assert imbalances(plan) == ()


def test_new_people_start_with_a_part(company: PersonaCompany) -> None:
    employee = company.second_seller.employee
    Assignment.all_rows.filter(employee=employee).update(valid=from_date(date(YEAR, 3, 10)))
    employee.hired_on = date(YEAR, 3, 10)
    employee.save()
    plan = distribute_plan(actor=None, plan=drafted())
    got = months(plan, employee=employee)
    assert got[:2] == [Decimal("0.00")] * 2
    assert 0 < got[2] < got[3] < got[4] < got[5]
    assert abs(got[5] - got[6]) < 1


def test_months_without_people_get_nothing(company: PersonaCompany) -> None:
    Assignment.all_rows.filter(role="seller").update(valid=from_date(date(YEAR, 6, 1)))
    plan = distribute_plan(actor=None, plan=drafted())
    assert months(plan, level=0)[:5] == [Decimal("0.00")] * 5
    assert sum(months(plan, level=2)) == Decimal("1200000.00")


def test_client_managers_carry_a_plan_once_contracts_of_theirs_are_paid(company: PersonaCompany) -> None:
    signed = contract(deal(company.client_manager.employee, date(2026, 2, 1), reached="won"), amount="1000.00")
    pay(signed, date(2026, 6, 1), "1000.00")
    plan = distribute_plan(actor=None, plan=drafted())
    assert PlanNode.all_rows.filter(plan=plan, employee=company.client_manager.employee).count() == 1
    assert not PlanNode.all_rows.filter(plan=plan, employee=company.vip_manager.employee).exists()


def test_without_sellers_there_is_nothing_to_distribute(company: PersonaCompany) -> None:
    Assignment.all_rows.filter(role="seller").update(role="marketer")
    plan = drafted()
    with pytest.raises(InvalidInput) as caught:
        distribute_plan(actor=None, plan=plan)
    assert caught.value.issues[0].code == "no_sellers"
    assert not PlanNode.all_rows.exists()


def test_an_agreed_plan_is_not_distributed_again(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    before = months(plan, level=2)
    with pytest.raises(Conflict):
        distribute_plan(actor=None, plan=plan)
    assert months(plan, level=2) == before


def at(monkeypatch: pytest.MonkeyPatch, on: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(on.year, on.month, on.day, 9, tzinfo=UTC))


def test_a_new_version_keeps_the_months_that_are_over(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, date(YEAR, 1, 11))
    first = agreed_plan(company)
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=date(YEAR, 2, 10))
    at(monkeypatch, date(YEAR, 4, 12))
    second = agreed_plan(company, "30000000.00")
    for node in ({"level": 0}, {"direction": company.machinery, "level": 1}, {"employee": company.second_seller.employee}):
        assert months(second, **node)[:3] == months(first, **node)[:3]
    gone = months(second, employee=company.seller.employee)
    assert gone == months(first, employee=company.seller.employee)[:3] + [Decimal("0.00")] * 9
    assert months(second, level=0) == [Decimal("2000000.00")] * 3 + [Decimal("2666666.67")] * 6 + [Decimal("2666666.66")] * 3
    assert sum(months(second, level=2)) == Decimal("30000000.00")
    assert imbalances(second) == ()


def test_a_new_version_of_the_same_goal_leaves_the_months_to_come(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The season is the history's before the year: what this year has brought so far would weigh some months twice."""
    at(monkeypatch, date(YEAR, 1, 11))
    signed = contract(deal(company.second_seller.employee, date(2026, 1, 11), reached="won", days=1), amount="5000000.00")
    for number in range(1, 13):
        pay(signed, date(2026, number, 20), "100000.00")
    first = agreed_plan(company)
    pay(signed, date(YEAR, 1, 20), "1000000.00")
    at(monkeypatch, date(YEAR, 4, 12))
    second = agreed_plan(company)
    assert months(second, level=0) == months(first, level=0) == [Decimal("2000000.00")] * 12


def test_a_month_that_is_over_without_any_plan_gets_none_afterwards(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What falls to a month that is over is not to be brought any more, and no such version could be agreed."""
    at(monkeypatch, date(YEAR, 1, 11))
    quiet = (Decimal(0), *(Decimal(1),) * 11)
    first = set_year_goal(actor=None, year=YEAR, goal=Decimal("1100000.00"), season=quiet)
    agree_plan(actor=None, plan=distribute_plan(actor=None, plan=first))
    at(monkeypatch, date(YEAR, 2, 11))
    second = agree_plan(actor=None, plan=distribute_plan(actor=None, plan=drafted()))
    for node in ({"level": 0}, {"level": 1, "direction": company.retail}, {"employee": company.seller.employee}):
        assert months(second, **node)[0] == Decimal("0.00")
    assert sum(months(second, level=2)) == Decimal("1200000.00")
    assert imbalances(second) == ()


def test_a_goal_below_what_is_over_is_refused(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, date(YEAR, 1, 11))
    agreed_plan(company)
    at(monkeypatch, date(YEAR, 4, 12))
    draft = drafted("5999999.99")
    with pytest.raises(InvalidInput) as caught:
        distribute_plan(actor=None, plan=draft)
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [("goal_below_finished", "goal")]
    assert not draft.nodes.exists()
    exact = distribute_plan(actor=None, plan=drafted("6000000.00"))
    assert months(exact, level=0) == [Decimal("2000000.00")] * 3 + [Decimal("0.00")] * 9


def test_a_year_that_is_over_gets_no_new_version(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, date(YEAR, 1, 11))
    agreed_plan(company)
    at(monkeypatch, date(YEAR + 1, 1, 1))
    draft = drafted()
    with pytest.raises(InvalidInput) as caught:
        distribute_plan(actor=None, plan=draft)
    assert caught.value.issues[0].code == "year_is_over"
    assert not draft.nodes.exists()


def test_a_draft_over_which_a_month_has_ended_is_not_agreed(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, date(YEAR, 1, 11))
    first = agreed_plan(company)
    draft = distribute_plan(actor=None, plan=drafted("30000000.00"))
    at(monkeypatch, date(YEAR, 2, 1))
    with pytest.raises(InvalidInput) as caught:
        agree_plan(actor=None, plan=draft)
    assert caught.value.issues[0].code == "month_is_over"
    assert list(YearPlan.all_rows.filter(status="agreed")) == [first]
    agree_plan(actor=None, plan=distribute_plan(actor=None, plan=draft))
    assert list(YearPlan.all_rows.filter(status="agreed")) == [draft]
