from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from planning.goals.services import distribute_plan, set_year_goal
from planning.models import YearPlan
from salesys.kernel.errors import InvalidInput, NotAllowed
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan

pytestmark = pytest.mark.django_db
ONES = (Decimal(1),) * 12


def test_a_goal_opens_a_draft(company: PersonaCompany) -> None:
    plan = set_year_goal(
        actor=company.owner.user,
        year=YEAR,
        goal=Decimal("1200.50"),
        season=ONES,
        qualitative_goals=" Open Kazan \n\n Keep everyone ",
    )
    plan.refresh_from_db()
    assert (plan.version, plan.goal, plan.status, plan.author) == (1, Decimal("1200.50"), "draft", company.owner.user)
    assert plan.qualitative == ["Open Kazan", "Keep everyone"]
    assert AuditEvent.all_rows.filter(action="plan.goal_set", object_id=plan.pk).count() == 1


def test_a_goal_that_is_set_again_changes_the_open_draft(company: PersonaCompany) -> None:
    plan = set_year_goal(actor=company.owner.user, year=YEAR, goal=Decimal("100.00"))
    distribute_plan(actor=None, plan=plan)
    again = set_year_goal(actor=company.director.user, year=YEAR, goal=Decimal("200.00"))
    assert again.pk == plan.pk
    assert not again.nodes.exists()
    assert AuditEvent.all_rows.filter(action="plan.goal_set").latest("pk").changes["goal"] == ["100.00", "200.00"]


def test_a_goal_beside_an_agreed_plan_is_the_next_version(company: PersonaCompany) -> None:
    agreed = agreed_plan(company)
    draft = set_year_goal(actor=company.owner.user, year=YEAR, goal=Decimal("5.00"))
    agreed.refresh_from_db()
    assert (draft.version, draft.status, agreed.status) == (2, "draft", "agreed")


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"year": 1999}, "year_out_of_range", "year"),
        ({"year": 2201}, "year_out_of_range", "year"),
        ({"goal": Decimal("0.00")}, "goal_not_positive", "goal"),
        ({"goal": Decimal("-1.00")}, "goal_not_positive", "goal"),
        ({"goal": Decimal("0.001")}, "goal_not_positive", "goal"),
        ({"goal": Decimal("NaN")}, "goal_not_positive", "goal"),
        ({"season": ONES[:11]}, "months_missing", "season"),
        ({"season": (*ONES[:11], Decimal(-1))}, "season_out_of_range", "season"),
        ({"season": (Decimal(0),) * 12}, "season_out_of_range", "season"),
        ({"season": (*ONES[:11], Decimal(1000))}, "season_out_of_range", "season"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(company: PersonaCompany, values: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        set_year_goal(**{"actor": company.owner.user, "year": YEAR, "goal": Decimal("1.00"), **values})
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [(code, field)]
    assert not YearPlan.all_rows.exists()


def test_others_do_not_set_goals(company: PersonaCompany) -> None:
    for persona in (company.head, company.seller, company.accountant):
        with pytest.raises(NotAllowed):
            set_year_goal(actor=persona.user, year=YEAR, goal=Decimal("1.00"))
    assert not YearPlan.all_rows.exists()


def test_the_database_keeps_the_goal_of_an_agreed_plan(company: PersonaCompany) -> None:
    plan = agreed_plan(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearPlan.all_rows.filter(pk=plan.pk).update(goal=Decimal("1.00"))
    plan.refresh_from_db()
    assert plan.goal == Decimal("24000000.00")
