"""From a goal to dated tasks in the small company of the personas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from planning.cascade.services import generate_role_tasks, recascade
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.models import DailyTarget, HeadcountNeed, PlanAmount, RoleNeed, YearPlan
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db


def agreed(company: PersonaCompany, goal: str = "12000000.00") -> YearPlan:
    plan = set_year_goal(actor=company.owner.user, year=2027, goal=Decimal(goal))
    distribute_plan(actor=company.director.user, plan=plan)
    return agree_plan(actor=company.owner.user, plan=plan)


def test_the_days_of_each_month_sum_to_it(company: PersonaCompany) -> None:
    plan = agreed(company)
    written = generate_role_tasks(plan=plan, from_on=date(2027, 1, 1))
    assert written.targets == written.changed > 0
    days: dict[tuple[int, date, int], int] = {}
    for employee_id, on, activity, amount in DailyTarget.all_rows.values_list("employee", "on", "activity", "amount"):
        key = (employee_id, on.replace(day=1), activity)
        days[key] = days.get(key, 0) + amount
    months = {
        (employee_id, month, activity): amount
        for employee_id, month, activity, amount in RoleNeed.all_rows.filter(amount__gt=0).values_list(
            "employee", "month", "activity", "amount"
        )
    }
    assert days == months


def test_twice_is_once(company: PersonaCompany) -> None:
    plan = agreed(company)
    generate_role_tasks(plan=plan, from_on=date(2027, 1, 1))
    before = list(DailyTarget.all_rows.order_by("employee", "on", "activity").values_list())
    assert recascade(plan=plan, as_of=date(2027, 1, 1)).changed == 0
    assert list(DailyTarget.all_rows.order_by("employee", "on", "activity").values_list()) == before


def test_sellers_sum_to_the_goal_in_each_month(company: PersonaCompany) -> None:
    plan = agreed(company, "10000000.07")
    amounts = PlanAmount.all_rows.filter(node__plan=plan).values_list("month").annotate(Sum("amount")).order_by("month")
    by_level = [list(amounts.filter(node__level=level)) for level in range(3)]
    assert by_level[0] == by_level[1] == by_level[2]
    assert sum(amount for _month, amount in by_level[2]) == Decimal("10000000.07")


def test_headcount_is_told_for_every_month(company: PersonaCompany) -> None:
    plan = agreed(company)
    generate_role_tasks(plan=plan, from_on=date(2027, 1, 1))
    assert HeadcountNeed.all_rows.filter(plan=plan, role="telesales").count() == 24
