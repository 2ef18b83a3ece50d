"""People needed: whose work is whose, and who is there for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import Assignment
from accounts.roles import Role
from planning.cascade.services import generate_role_tasks
from planning.engine.activities import Activity
from planning.models import FunnelNeed, HeadcountNeed, RoleNeed
from tests.personas import PersonaCompany
from tests.planning.world import NEW_YEAR, YEAR, agreed_plan, contract, deal, pay, running_plan

pytestmark = pytest.mark.django_db
APRIL = date(YEAR, 4, 1)


def people(role: str) -> list[tuple[str | None, int, int]]:
    """Direction, units and people there in April."""
    rows = HeadcountNeed.all_rows.filter(role=role, month=APRIL).order_by("direction__name")
    return list(rows.values_list("direction__name", "units", "present"))


def dials(**sellers: object) -> int:
    rows = FunnelNeed.all_rows.filter(month=APRIL, activity=Activity.DIALS, **sellers)
    return int(rows.aggregate(total=Sum("amount"))["total"])


def test_a_direction_without_telesales_is_served_by_all_of_them(company: PersonaCompany) -> None:
    """Nobody serves all directions; the calls of retail go to whoever calls, by hours."""
    Assignment.all_rows.filter(employee=company.rival_telesales.employee).update(direction=company.machinery)
    running_plan(company)
    machinery, retail = dials(direction=company.machinery), dials(direction=company.retail)
    assert people("telesales") == [("Machinery", machinery, 2), (None, machinery + retail, 2)]
    needs = RoleNeed.all_rows.filter(month=APRIL, activity=Activity.DIALS).order_by("employee").values_list("need", flat=True)
    assert sum(needs) == machinery + retail
    assert max(needs) - min(needs) <= 2


def test_those_without_a_direction_serve_the_others_first(company: PersonaCompany) -> None:
    Assignment.all_rows.filter(employee=company.rival_telesales.employee).update(direction=None)
    running_plan(company)
    machinery, retail = dials(direction=company.machinery), dials(direction=company.retail)
    assert people("telesales") == [("Machinery", machinery, 1), (None, retail, 1)]
    needs = RoleNeed.all_rows.filter(month=APRIL, activity=Activity.DIALS).values_list("employee", "need")
    assert dict(needs) == {company.telesales.employee.pk: machinery, company.rival_telesales.employee.pk: retail}


def test_without_any_telesales_the_need_still_stands(company: PersonaCompany) -> None:
    Assignment.all_rows.filter(role=Role.TELESALES).update(role=Role.MARKETER)
    running_plan(company)
    assert people("telesales") == [(None, dials(), 0)]


def test_managers_who_carry_a_part_of_the_plan_are_there_for_its_meetings(company: PersonaCompany) -> None:
    signed = contract(deal(company.client_manager.employee, date(YEAR - 1, 9, 1), reached="won", days=5), amount="900000.00")
    pay(signed, date(YEAR - 1, 11, 1), "900000.00")
    generate_role_tasks(plan=agreed_plan(company, "90000000.00"), from_on=NEW_YEAR)
    found = {name: present for name, _units, present in people("seller")}
    assert found == {"Machinery": 3, "Retail": 1}
    assert Decimal(0) < HeadcountNeed.all_rows.get(role="seller", month=APRIL, direction=company.machinery).needed
