from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.models import PlanAmount, PlanNode
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan

pytestmark = pytest.mark.django_db


def test_an_agreed_plan_is_accepted_everywhere(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    assert (plan.status, plan.agreed_by) == ("agreed", company.owner.user)
    assert set(plan.nodes.values_list("state", flat=True)) == {"accepted"}


def test_the_next_version_supersedes_the_one_in_force(company: PersonaCompany) -> None:
    first = agreed_plan(company)
    second = agreed_plan(company, "30000000.00")
    first.refresh_from_db()
    assert (first.status, second.status, second.version) == ("superseded", "agreed", 2)


def test_a_plan_without_distribution_is_refused(company: PersonaCompany) -> None:
    plan = set_year_goal(actor=None, year=YEAR, goal=Decimal("1.00"))
    with pytest.raises(InvalidInput) as caught:
        agree_plan(actor=company.owner.user, plan=plan)
    assert caught.value.issues[0].code == "plan_not_distributed"
    plan.refresh_from_db()
    assert plan.status == "draft"


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_plan_that_does_not_add_up_is_refused(company: PersonaCompany, level: int) -> None:
    plan = distribute_plan(actor=None, plan=set_year_goal(actor=None, year=YEAR, goal=Decimal("1200.00")))
    node = PlanNode.all_rows.filter(plan=plan, level=level).first()
    PlanAmount.all_rows.filter(node=node, month__month=3).update(amount=Decimal("999.99"))
    with pytest.raises(InvalidInput) as caught:
        agree_plan(actor=company.owner.user, plan=plan)
    assert caught.value.issues[0].code == "plan_does_not_add_up"
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_a_plan_is_agreed_once(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    with pytest.raises(Conflict):
        agree_plan(actor=company.owner.user, plan=plan)


def test_others_do_not_agree_plans(company: PersonaCompany) -> None:
    plan = distribute_plan(actor=None, plan=set_year_goal(actor=None, year=YEAR, goal=Decimal("1200.00")))
    with pytest.raises(NotAllowed):
        agree_plan(actor=company.head.user, plan=plan)
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_the_database_keeps_the_amounts_of_an_agreed_plan(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    amounts = PlanAmount.all_rows.filter(node__plan=plan)
    before = list(amounts.order_by("pk").values_list("amount", flat=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        amounts.update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        amounts.all().delete()
    assert list(amounts.order_by("pk").values_list("amount", flat=True)) == before


def test_heads_and_sellers_see_their_part(company: PersonaCompany) -> None:
    agreed_plan(company)
    seen = {
        persona: sorted(PlanNode.objects.visible_to(persona.user).values_list("level", flat=True))
        for persona in (company.owner, company.head, company.seller, company.telesales, company.accountant)
    }
    assert list(seen.values()) == [[0, 1, 1, 2, 2, 2], [1, 2, 2], [2], [], []]


def test_a_draft_is_of_those_who_set_goals(company: PersonaCompany) -> None:
    plan = distribute_plan(actor=None, plan=set_year_goal(actor=None, year=YEAR, goal=Decimal("1000000.00")))
    node = PlanNode.all_rows.get(plan=plan, employee=company.seller.employee)
    for persona in (company.seller, company.head):
        assert not PlanNode.objects.visible_to(persona.user).exists()
        assert persona.client.get("/api/v1/plan-nodes/").json()["results"] == []
        assert persona.client.get(f"/plan/nodes/{node.pk}/").status_code == 404
    assert PlanNode.objects.visible_to(company.director.user).filter(pk=node.pk).exists()
    agree_plan(actor=None, plan=plan)
    assert [row["id"] for row in company.seller.client.get("/api/v1/plan-nodes/").json()["results"]] == [node.pk]
