"""What each role gets from the pages of the `planning` street."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import HEAD_ROLES, TOP_ROLES, Role
from planning.calendar.services import correct_day
from planning.cascade.services import compute_funnel
from planning.goals.models import PlanNode, YearPlan
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.policies import PLAN_ROLES
from salesys.db import clock
from tests.access.matrix_pipeline import client, of, task
from tests.access.rows import Row, every, only
from tests.personas import PersonaCompany

NEXT_YEAR = clock.now().year + 1
SETTERS = (Role.ADMINISTRATOR, Role.HR, *TOP_ROLES)


def draft(_company: PersonaCompany) -> YearPlan:
    return set_year_goal(actor=None, year=NEXT_YEAR, goal=Decimal("12000000.00"))


def distributed(company: PersonaCompany) -> YearPlan:
    return distribute_plan(actor=None, plan=draft(company))


def node_of_seller(company: PersonaCompany) -> PlanNode:
    plan = distributed(company)
    compute_funnel(actor=None, plan=plan)
    agree_plan(actor=None, plan=plan)
    found: PlanNode = PlanNode.all_rows.get(plan=plan, employee=company.seller.employee)
    return found


def the(make: Any) -> Any:
    """Arguments of an address with the key of what is made."""

    def arguments(company: PersonaCompany) -> Mapping[str, Any]:
        return {"pk": make(company).pk}

    return arguments


def correction(_company: PersonaCompany) -> Any:
    return correct_day(actor=None, on=date(NEXT_YEAR, 3, 3), hours=0, reason="Fair")


NODE = only(*TOP_ROLES, Role.INDUSTRY_HEAD, Role.SELLER)
NORM = {"role": "telesales", "activity": "3", "per_day": "70", "availability": "0.8", "from_on": f"{NEXT_YEAR}-01-01"}

ROWS = [
    Row("planning:plans", only(*PLAN_ROLES)),
    Row("planning:goal", only(*TOP_ROLES)),
    Row(
        "planning:goal",
        only(*TOP_ROLES, status=302),
        method="post",
        data=lambda _company: {"year": NEXT_YEAR, "goal": "1 000 000,50"},
    ),
    Row(
        "planning:goal",
        only(*TOP_ROLES, status=400),
        method="post",
        data=lambda _company: {"year": NEXT_YEAR, "goal": "much"},
        note="no amount",
    ),
    Row("planning:plan", only(*TOP_ROLES), kwargs=the(distributed)),
    Row("planning:distribute", only(*TOP_ROLES, status=302), kwargs=the(draft), method="post"),
    Row("planning:agree", only(*TOP_ROLES, status=302), kwargs=the(distributed), method="post"),
    Row("planning:regenerate", only(*TOP_ROLES, status=409), kwargs=the(distributed), method="post", note="a draft"),
    Row("planning:headcount", only(*HEAD_ROLES), kwargs=lambda _company: {"year": NEXT_YEAR}),
    Row("planning:node", NODE, kwargs=the(node_of_seller)),
    Row("planning:evidence", NODE, kwargs=lambda company: {"pk": node_of_seller(company).pk, "activity": 7}),
    Row(
        "planning:evidence",
        {},
        kwargs=lambda company: {"pk": node_of_seller(company).pk, "activity": 3},
        note="not counted from deals",
    ),
    Row("planning:my_days", only(*PLAN_ROLES)),
    Row("planning:days", NODE, kwargs=lambda company: {"employee_id": company.seller.employee.pk}),
    Row("planning:task_part", only(*HEAD_ROLES, Role.SELLER, Role.TELESALES), kwargs=of(task)),
    Row("planning:company_part", only(*HEAD_ROLES, Role.SELLER), kwargs=of(client)),
    Row("planning:team", only(*HEAD_ROLES)),
    Row("planning:calendar", every(200)),
    Row(
        "planning:calendar",
        only(*SETTERS, status=302),
        method="post",
        data=lambda _company: {"on": f"{NEXT_YEAR}-03-03", "hours": "0", "reason": "Fair"},
    ),
    Row("planning:remove_correction", only(*SETTERS, status=302), kwargs=the(correction), method="post"),
    Row("planning:norms", only(*PLAN_ROLES, Role.MARKETER)),
    Row("planning:norms", only(*TOP_ROLES, Role.MARKETER, status=302), method="post", data=lambda _company: NORM),
]
