"""The night: facts so far, the rest of each need, a new pace for the days to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from planning.cascade.services import generate_role_tasks, recascade
from planning.engine.activities import Activity
from planning.goals.services import distribute_plan, set_year_goal
from planning.models import DailyTarget, RoleNeed, SellerMonth, YearPlan
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.personas import PersonaCompany
from tests.planning.world import NEW_YEAR, YEAR, agreed_plan, calls, contract, deal, pay, running_plan

pytestmark = pytest.mark.django_db
AS_OF = date(YEAR, 3, 17)


def days(company: PersonaCompany, first: date, last: date) -> int:
    rows = DailyTarget.all_rows.filter(employee=company.telesales.employee, activity=Activity.DIALS, on__range=(first, last))
    return sum(rows.values_list("amount", flat=True))


def dials(company: PersonaCompany) -> RoleNeed:
    found: RoleNeed = RoleNeed.all_rows.get(employee=company.telesales.employee, activity=Activity.DIALS, month=date(YEAR, 3, 1))
    return found


def test_what_was_done_lowers_what_is_left(company: PersonaCompany) -> None:
    plan = running_plan(company, "6000000.00")
    recascade(plan=plan, as_of=AS_OF)
    before = dials(company)
    calls(company.telesales.employee, date(YEAR, 3, 16), *["no_answer"] * 30)
    recascade(plan=plan, as_of=AS_OF)
    after = dials(company)
    assert (after.need, after.done) == (before.need, 30)
    assert after.amount + after.returned == after.need - 30
    assert days(company, AS_OF, date(YEAR, 3, 31)) == after.amount


def test_what_is_done_today_counts_tomorrow(company: PersonaCompany) -> None:
    plan = running_plan(company, "6000000.00")
    recascade(plan=plan, as_of=AS_OF)
    calls(company.telesales.employee, AS_OF, "no_answer")
    assert recascade(plan=plan, as_of=AS_OF).changed == 0
    assert dials(company).done == 0


def test_days_gone_by_stay(company: PersonaCompany) -> None:
    plan = running_plan(company)
    past = list(DailyTarget.all_rows.filter(on__lt=AS_OF).order_by("employee", "on", "activity").values_list())
    needs = list(RoleNeed.all_rows.filter(month__lt=date(YEAR, 3, 1)).order_by("employee", "month", "activity").values_list())
    assert past
    recascade(plan=plan, as_of=AS_OF)
    assert list(DailyTarget.all_rows.filter(on__lt=AS_OF).order_by("employee", "on", "activity").values_list()) == past
    assert (
        list(RoleNeed.all_rows.filter(month__lt=date(YEAR, 3, 1)).order_by("employee", "month", "activity").values_list())
        == needs
    )


def test_a_night_that_comes_twice_changes_nothing(company: PersonaCompany) -> None:
    plan = running_plan(company)
    assert recascade(plan=plan, as_of=AS_OF).changed > 0
    rows = list(DailyTarget.all_rows.order_by("employee", "on", "activity").values_list())
    events = AuditEvent.all_rows.count()
    assert recascade(plan=plan, as_of=AS_OF).changed == 0
    assert list(DailyTarget.all_rows.order_by("employee", "on", "activity").values_list()) == rows
    assert AuditEvent.all_rows.count() == events


def test_money_that_finished_months_brought_lowers_those_to_come(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    signed = contract(deal(company.seller.employee, date(2026, 11, 1), reached="won"), amount="1000.00")
    pay(signed, date(YEAR, 2, 10), "500000.00")
    generate_role_tasks(plan=plan, from_on=AS_OF)
    months = SellerMonth.all_rows.filter(plan=plan, employee=company.seller.employee, month__year=YEAR)
    assert sum(row.target for row in months) == sum(plan_year(plan, company)) - Decimal("500000.00")
    assert months.earliest("month").month == date(YEAR, 3, 1)


def plan_year(plan: YearPlan, company: PersonaCompany) -> list[Decimal]:
    node = plan.nodes.get(employee=company.seller.employee)
    return list(node.amounts.values_list("amount", flat=True))


def test_work_beyond_capacity_is_returned(company: PersonaCompany) -> None:
    running_plan(company, "900000000.00")
    row = RoleNeed.all_rows.filter(employee=company.telesales.employee, activity=Activity.DIALS).latest("load")
    assert row.load > Decimal("1.20")
    assert row.returned > 0
    assert row.need == row.done + row.amount + row.returned


def test_the_next_version_takes_over_from_its_day_on(company: PersonaCompany) -> None:
    first = running_plan(company)
    second = agreed_plan(company, "30000000.00")
    generate_role_tasks(plan=second, from_on=AS_OF)
    assert set(DailyTarget.all_rows.filter(on__lt=AS_OF).values_list("plan", flat=True)) == {first.pk}
    assert set(DailyTarget.all_rows.filter(on__gte=AS_OF).values_list("plan", flat=True)) == {second.pk}


def test_only_the_agreed_plan_becomes_tasks(company: PersonaCompany) -> None:
    plan = distribute_plan(actor=None, plan=set_year_goal(actor=None, year=YEAR, goal=Decimal("1200.00")))
    with pytest.raises(Conflict):
        generate_role_tasks(plan=plan, from_on=NEW_YEAR)
    assert not DailyTarget.all_rows.exists()


def test_a_year_that_is_over_gets_no_tasks(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    with pytest.raises(InvalidInput) as caught:
        generate_role_tasks(plan=plan, from_on=date(YEAR + 1, 1, 1))
    assert caught.value.issues[0].code == "year_is_over"
    assert not DailyTarget.all_rows.exists()


def test_others_do_not_set_tasks(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    with pytest.raises(NotAllowed):
        generate_role_tasks(plan=plan, from_on=NEW_YEAR, actor=company.head.user)
    assert not DailyTarget.all_rows.exists()
