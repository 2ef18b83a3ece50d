"""Concrete calls and cards, and the way back from them to the goal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from pipeline.models import CallListEntry, Task
from planning.cascade.queries import items_of
from planning.cascade.services import recascade
from planning.cascade.tracing import asked_by
from planning.models import DailyTarget, FunnelNeed, PlannedItem, PlanNode, YearPlan
from salesys.db.scope import viewer_for
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, call_list, card, running_plan

pytestmark = pytest.mark.django_db
TUESDAY = date(YEAR, 3, 16)


@pytest.fixture
def plan(company: PersonaCompany) -> YearPlan:
    call_list(company, 200)
    made = running_plan(company)
    PlannedItem.all_rows.all().delete()
    Task.all_rows.all().delete()
    recascade(plan=made, as_of=TUESDAY)
    return made


def test_the_next_working_days_get_their_companies(company: PersonaCompany, plan: YearPlan) -> None:
    named = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL)
    assert sorted(set(named.values_list("on", flat=True))) == [TUESDAY + timedelta(days=offset) for offset in (0, 1, 2)]
    assert set(named.values_list("employee", flat=True)) == {company.telesales.employee.pk}
    ordered = named.order_by("on", "pk").values_list("entry", flat=True)
    assert list(ordered) == list(CallListEntry.all_rows.order_by("priority").values_list("pk", flat=True)[: len(ordered)])
    for on in set(named.values_list("on", flat=True)):
        dials = DailyTarget.all_rows.get(employee=company.telesales.employee, on=on, activity=3).amount
        assert 0 < named.filter(on=on).count() <= dials


def test_a_card_is_due_one_working_day_before_its_call(company: PersonaCompany, plan: YearPlan) -> None:
    cards = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD).select_related("serves", "task")
    assert {(row.serves.on, row.on) for row in cards} == {
        (TUESDAY + timedelta(days=call), TUESDAY + timedelta(days=before)) for call, before in ((1, 0), (2, 1))
    }
    for row in cards:
        assert (row.task.kind, row.task.assignee, row.task.author) == (
            "research",
            company.assistant.employee,
            company.telesales.employee,
        )
        assert (row.task.due_on, row.task.company_id) == (row.on, row.serves.company_id)


def test_naming_twice_names_nothing_more(company: PersonaCompany, plan: YearPlan) -> None:
    before = list(PlannedItem.all_rows.order_by("pk").values_list())
    recascade(plan=plan, as_of=TUESDAY)
    assert list(PlannedItem.all_rows.order_by("pk").values_list()) == before


def test_the_next_night_adds_one_day(company: PersonaCompany, plan: YearPlan) -> None:
    before = set(PlannedItem.all_rows.filter(kind=3).values_list("pk", flat=True))
    recascade(plan=plan, as_of=TUESDAY + timedelta(days=1))
    added = PlannedItem.all_rows.filter(kind=3).exclude(pk__in=before)
    assert set(added.values_list("on", flat=True)) == {date(YEAR, 3, 19)}


def test_a_fresh_card_is_not_asked_for_again(company: PersonaCompany) -> None:
    entries = call_list(company, 5)
    card(company.assistant.employee, date(YEAR, 2, 1), entries[4].company)
    plan = running_plan(company)
    PlannedItem.all_rows.all().delete()
    Task.all_rows.all().delete()
    CallListEntry.all_rows.filter(pk__in=[entry.pk for entry in entries[:4]]).update(state="done")
    recascade(plan=plan, as_of=TUESDAY)
    assert PlannedItem.all_rows.filter(company=entries[4].company, kind=3).exists()
    assert not Task.all_rows.filter(company=entries[4].company).exists()


def test_days_gone_by_get_no_items(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesys.db.clock.today", lambda: date(YEAR, 2, 1))
    call_list(company, 50)
    running_plan(company)
    assert DailyTarget.all_rows.exists()
    assert not PlannedItem.all_rows.exists()


def test_work_leads_back_to_the_plan_that_asked_for_it(
    company: PersonaCompany, plan: YearPlan, django_assert_num_queries: Any
) -> None:
    item = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD).earliest("pk")
    director = company.director.user
    viewer_for(director)
    with django_assert_num_queries(3):
        (asked,) = asked_by(director, task_id=item.task_id)
    assert (asked.item, asked.plan, asked.serves) == (item, plan, item.serves)
    amounts = dict(FunnelNeed.all_rows.filter(plan=plan, month=date(YEAR, 3, 1), activity=3).values_list("employee", "amount"))
    first, second = sorted((company.seller.employee, company.second_seller.employee), key=lambda each: -amounts[each.pk])
    assert [seller.name for seller in asked.sellers] == [first.full_name, second.full_name]
    assert all(seller.node_id for seller in asked.sellers)
    assert {row.item.kind for row in asked_by(director, company_id=item.company_id)} == {1, 3}
    assert item in items_of(company.assistant.employee.pk, TUESDAY, TUESDAY + timedelta(days=9))


def test_parts_of_the_plan_open_only_for_those_who_see_them(company: PersonaCompany, plan: YearPlan) -> None:
    item = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD).earliest("pk")
    opens = {}
    for persona in ("head", "seller", "assistant", "telesales"):
        (asked,) = asked_by(getattr(company, persona).user, task_id=item.task_id)
        opens[persona] = {seller.name for seller in asked.sellers if seller.node_id}
    first, second = company.seller.employee.full_name, company.second_seller.employee.full_name
    assert opens == {"head": {first, second}, "seller": {first}, "assistant": set(), "telesales": set()}


def test_work_after_the_day_did_not_lead_to_it(company: PersonaCompany, plan: YearPlan) -> None:
    item = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL, on=TUESDAY).earliest("pk")
    user = company.director.user
    assert asked_by(user, company_id=item.company_id, until=TUESDAY - timedelta(days=1)) == ()
    assert [row.item for row in asked_by(user, company_id=item.company_id, until=TUESDAY)] == [item]
    assert asked_by(user, task_id=0) == ()


def test_a_task_a_company_and_a_payment_show_the_plan_that_asked(company: PersonaCompany, plan: YearPlan) -> None:
    item = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD).select_related("serves").earliest("pk")
    task = company.assistant.client.get(reverse("pipeline:task", args=[item.task_id])).content.decode()
    url = reverse("planning:task_part", args=[item.task_id])
    assert f'hx-get="{url}"' in task
    part = company.assistant.client.get(url).content.decode()
    for said in (
        "The plan that asked for it",
        f"plan of {YEAR}, version 1",
        company.seller.employee.full_name,
        "for the call of",
    ):
        assert said in part
    node = PlanNode.all_rows.get(plan=plan, employee=company.seller.employee)
    link = reverse("planning:node", args=[node.pk])
    assert link not in part
    assert company.rival_assistant.client.get(url).status_code == 404

    url = reverse("planning:company_part", args=[item.company_id])
    page = company.director.client.get(reverse("pipeline:company", args=[item.company_id])).content.decode()
    assert f'hx-get="{url}"' in page
    assert link in company.director.client.get(url).content.decode()
    before = company.director.client.get(url, {"until": str(TUESDAY - timedelta(days=30))}).content.decode()
    assert before.strip() == ""
    for odd in ("2027-13-45", "never"):
        assert link in company.director.client.get(url, {"until": odd}).content.decode()
    assert company.accountant.client.get(url).status_code == 404
