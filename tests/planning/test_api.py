"""Plans over REST: the same services and scopes as on the pages."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.http import HttpResponse

from planning.models import DailyTarget, PlanNode, YearPlan
from tests.personas import Persona, PersonaCompany
from tests.planning.world import YEAR, agreed_plan, running_plan

pytestmark = pytest.mark.django_db


def post(persona: Persona, path: str, data: dict[str, Any] | None = None) -> HttpResponse:
    response: Any = persona.client.post(
        f"/api/v1/{path}", json.dumps(data or {}), content_type="application/json", headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    return response  # type: ignore[no-any-return]


def get(persona: Persona, path: str) -> Any:
    response = persona.client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_a_goal_becomes_an_agreed_plan_step_by_step(company: PersonaCompany) -> None:
    made = post(company.owner, "plans/", {"year": YEAR, "goal": "1200000.07", "qualitative_goals": "Open Kazan"})
    assert made.status_code == 201
    plan = json.loads(made.content)
    assert (plan["goal"], plan["status"], plan["version"]) == ("1200000.07", "draft", 1)
    assert post(company.director, f"plans/{plan['id']}/distribute/").status_code == 200
    agreed = post(company.owner, f"plans/{plan['id']}/agree/")
    assert json.loads(agreed.content)["status"] == "agreed"
    assert DailyTarget.all_rows.filter(plan=plan["id"]).exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"year": YEAR}, "goal"),
        ({"year": YEAR, "goal": "-5"}, "goal"),
        ({"year": "soon", "goal": "5"}, "year"),
        ({"year": YEAR, "goal": "5", "season": ["1"] * 11}, "season"),
        ({"year": YEAR, "goal": "5", "colour": "red"}, "colour"),
    ],
)
def test_a_goal_that_cannot_be_is_a_problem(company: PersonaCompany, data: dict[str, Any], field: str) -> None:
    response = post(company.owner, "plans/", data)
    assert response.status_code == 400
    assert field in {issue["field"].split(".")[0].split("[")[0] for issue in json.loads(response.content)["issues"]}
    assert not YearPlan.all_rows.exists()


def test_a_draft_without_distribution_is_not_agreed(company: PersonaCompany) -> None:
    plan = json.loads(post(company.owner, "plans/", {"year": YEAR, "goal": "5.00"}).content)
    assert post(company.owner, f"plans/{plan['id']}/agree/").status_code == 400
    assert YearPlan.all_rows.get().status == "draft"


def test_everyone_sees_their_part(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    assert [row["id"] for row in get(company.owner, "plans/")["results"]] == [plan.pk]
    assert get(company.seller, "plans/")["results"] == []
    (node,) = get(company.seller, "plan-nodes/")["results"]
    assert (node["level"], node["employee"], len(node["months"])) == ("seller", company.seller.employee.pk, 12)
    assert len(get(company.head, f"plan-nodes/?year={YEAR}")["results"]) == 3
    rival = PlanNode.all_rows.get(employee=company.rival_seller.employee)
    assert company.seller.client.get(f"/api/v1/plan-nodes/{rival.pk}/").status_code == 404


def test_days_are_given_to_their_person_and_those_above(company: PersonaCompany) -> None:
    running_plan(company)
    path = f"daily-targets/?employee={company.telesales.employee.pk}&month={YEAR}-03"
    own = get(company.telesales, path)["results"]
    assert own == get(company.owner, path)["results"]
    assert {row["on"][:7] for row in own} == {f"{YEAR}-03"}
    assert get(company.rival_telesales, path)["results"] == []


@pytest.mark.parametrize(
    ("query", "field"), [("month=2027-03", "employee"), ("employee=x&month=2027-03", "employee"), ("employee=1", "month")]
)
def test_days_need_a_person_and_a_month(company: PersonaCompany, query: str, field: str) -> None:
    response = company.owner.client.get(f"/api/v1/daily-targets/?{query}")
    assert response.status_code == 400
    assert [issue["field"] for issue in json.loads(response.content)["issues"]] == [field]
