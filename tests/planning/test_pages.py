"""What the pages of the plan show."""

from __future__ import annotations

from datetime import date

import pytest

from planning.models import PlanNode, YearPlan
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, call_list, contract, deal, pay, running_plan

pytestmark = pytest.mark.django_db


def test_a_goal_goes_from_form_to_tasks(company: PersonaCompany) -> None:
    owner = company.owner.client
    response = owner.post(
        "/plan/goal/", {"year": YEAR, "goal": "1 200 000,50", "season": "1 1 1 1 1 1 1 1 1 1 1 2", "qualitative_goals": "Kazan"}
    )
    plan = YearPlan.all_rows.get()
    assert response["Location"] == f"/plan/{plan.pk}/"
    assert "Not distributed yet" in owner.get(f"/plan/{plan.pk}/").content.decode()
    page = owner.post(f"/plan/{plan.pk}/distribute/", follow=True).content.decode()
    assert "Machinery" in page
    assert "Kazan" in page
    page = owner.post(f"/plan/{plan.pk}/agree/", follow=True).content.decode()
    assert "The plan is agreed" in page
    page = owner.post(f"/plan/{plan.pk}/tasks/", follow=True).content.decode()
    assert "0 daily targets changed" in page


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"goal": "much"}, "not an amount"),
        ({"goal": "0"}, "above zero"),
        ({"goal": "5", "season": "1 1 1"}, "twelve months"),
        ({"goal": "5", "season": "one two"}, "numbers"),
        ({"goal": "5", "season": "NaN " * 12}, "numbers"),
        ({"goal": "5", "year": "1999"}, "2000"),
    ],
)
def test_bad_input_is_told_beside_its_field(company: PersonaCompany, values: dict[str, str], text: str) -> None:
    response = company.owner.client.post("/plan/goal/", {"year": str(YEAR), **values})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert not YearPlan.all_rows.exists()


def test_a_plan_that_cannot_be_agreed_says_why(company: PersonaCompany) -> None:
    owner = company.owner.client
    owner.post("/plan/goal/", {"year": YEAR, "goal": "5"})
    page = owner.post(f"/plan/{YearPlan.all_rows.get().pk}/agree/", follow=True).content.decode()
    assert "not distributed yet" in page
    assert YearPlan.all_rows.get().status == "draft"


def test_a_sellers_funnel_is_explained_down_to_the_deals(company: PersonaCompany) -> None:
    won = deal(company.seller.employee, date(2026, 5, 1), reached="won", amount="90000.00")
    pay(contract(won, amount="90000.00"), date(2026, 7, 1), "90000.00")
    plan = running_plan(company)
    node = PlanNode.all_rows.get(plan=plan, employee=company.seller.employee)
    page = company.head.client.get(f"/plan/nodes/{node.pk}/").content.decode()
    assert "The funnel backwards" in page
    assert "1 won" in page
    assert won.title in company.seller.client.get(f"/plan/nodes/{node.pk}/counted/8/").content.decode()
    direction = company.head.client.get(f"/plan/nodes/{node.parent_id}/").content.decode()
    assert company.second_seller.employee.full_name in direction


def test_days_show_norms_and_companies_to_call(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesys.db.clock.today", lambda: date(YEAR, 1, 11))
    entries = call_list(company, 30)
    running_plan(company)
    page = company.telesales.client.get(f"/plan/days/?month={YEAR}-01").content.decode()
    assert "Dials" in page
    assert company.telesales.client.get("/plan/days/?month=soon").status_code == 200
    assert company.telesales.client.get("/plan/days/?month=9999-01").status_code == 200
    agreed_plan(company, "30000000.00")
    assert company.head.client.get(f"/plan/days/{company.telesales.employee.pk}/").status_code == 200
    assert entries


def test_heads_see_their_team_and_what_came_back(company: PersonaCompany) -> None:
    running_plan(company, "900000000.00")
    team = company.head.client.get(f"/plan/team/?month={YEAR}-01").content.decode()
    assert company.seller.employee.full_name in team
    assert company.rival_seller.employee.full_name not in team
    people = company.head.client.get(f"/plan/headcount/{YEAR}/").content.decode()
    assert "Came back to you" in people
    assert "Machinery" in people
    assert company.rival_telesales.employee.full_name not in people


def test_bad_corrections_and_norms_are_told(company: PersonaCompany) -> None:
    director = company.director.client
    assert director.post("/plan/calendar/", {"on": f"{YEAR}-03-03", "hours": "13", "reason": "x"}).status_code == 400
    assert (
        director.post("/plan/calendar/", {"on": f"{YEAR}-03-03", "hours": "0", "reason": "Fair"}, follow=True).status_code == 200
    )
    assert "Fair" in director.get(f"/plan/calendar/?year={YEAR}").content.decode()
    norm = {"role": "telesales", "activity": "3", "per_day": "70", "availability": "0.8", "from_on": f"{YEAR}-03-03"}
    assert director.post("/plan/norms/", norm).status_code == 302
    again = director.post("/plan/norms/", norm)
    assert again.status_code == 400
    assert "begins on or after" in again.content.decode()
