"""Concrete calls and cards, and the way back from them to the goal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count
from django.urls import reverse

from accounts.models import Assignment, Employee, Pair
from accounts.roles import Role
from pipeline.models import CallListEntry, Company, Task
from planning.cascade.queries import items_of
from planning.cascade.services import recascade
from planning.cascade.tracing import asked_by
from planning.models import DailyTarget, FunnelNeed, PlannedItem, PlanNode, YearPlan
from salesys.db import clock
from salesys.db.effective import from_date
from salesys.db.scope import viewer_for
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, call_list, card, running_plan

pytestmark = pytest.mark.django_db
TUESDAY = date(YEAR, 3, 16)


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    today(monkeypatch, TUESDAY)


def today(monkeypatch: pytest.MonkeyPatch, on: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(on.year, on.month, on.day, 9, tzinfo=UTC))


@pytest.fixture
def plan(company: PersonaCompany) -> YearPlan:
    call_list(company, 200)
    made = running_plan(company)
    recascade(plan=made, as_of=TUESDAY)
    return made


def research(**values: Any) -> Task:
    """A research task that somebody asked for."""
    made: Task = Task.all_rows.create(kind="research", title="Card", due_on=TUESDAY, status="open", **values)
    return made


def assistants_of_cards(on: date = TUESDAY) -> dict[Employee, int]:
    """Who prepares how many of the cards that the plan asked for on a day."""
    rows = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD, on=on)
    found = dict(rows.values_list("employee").annotate(Count("pk")).order_by())
    assert found == dict(
        Task.all_rows.filter(pk__in=rows.values("task")).values_list("assignee").annotate(Count("pk")).order_by()
    )
    return {Employee.all_rows.get(pk=pk): count for pk, count in found.items()}


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


def test_the_next_night_adds_one_day(company: PersonaCompany, plan: YearPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(PlannedItem.all_rows.filter(kind=3).values_list("pk", flat=True))
    today(monkeypatch, TUESDAY + timedelta(days=1))
    recascade(plan=plan, as_of=TUESDAY + timedelta(days=1))
    added = PlannedItem.all_rows.filter(kind=3).exclude(pk__in=before)
    assert set(added.values_list("on", flat=True)) == {date(YEAR, 3, 19)}


def test_a_fresh_card_is_not_asked_for_again(company: PersonaCompany) -> None:
    entries = call_list(company, 5)
    card(company.assistant.employee, date(YEAR, 2, 1), entries[4].company)
    plan = running_plan(company)
    CallListEntry.all_rows.filter(pk__in=[entry.pk for entry in entries[:4]]).update(state="done")
    recascade(plan=plan, as_of=TUESDAY)
    assert PlannedItem.all_rows.filter(company=entries[4].company, kind=3).exists()
    assert not Task.all_rows.filter(company=entries[4].company).exists()


def test_days_gone_by_get_no_items(company: PersonaCompany) -> None:
    call_list(company, 50)
    running_plan(company)
    assert DailyTarget.all_rows.exists()
    assert not PlannedItem.all_rows.exists()


def test_a_year_that_is_far_away_names_no_calls(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    today(monkeypatch, date(YEAR - 1, 11, 16))
    call_list(company, 50)
    running_plan(company)
    assert DailyTarget.all_rows.exists()
    assert not PlannedItem.all_rows.exists()
    assert not Task.all_rows.exists()


def test_the_first_working_day_of_a_year_gets_calls_and_cards(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    """30 December is the last working day of the year, 11 January the first of the next."""
    last, first, second = date(YEAR - 1, 12, 30), date(YEAR, 1, 11), date(YEAR, 1, 12)
    today(monkeypatch, last)
    call_list(company, 400)
    this_year, next_year = agreed_plan(company, year=YEAR - 1), agreed_plan(company)
    for plan in (this_year, next_year):
        recascade(plan=plan, as_of=last)
    calls = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL)
    named = {(plan, on) for plan, on in calls.values_list("plan", "on")}
    assert named == {(this_year.pk, last), (next_year.pk, first), (next_year.pk, second)}
    assert calls.values("company").distinct().count() == calls.count()
    cards = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD)
    assert set(cards.values_list("serves__on", "on")) == {(first, last), (second, first)}
    assert cards.filter(on=last).count() == calls.filter(on=first).count()
    (asked,) = asked_by(company.director.user, task_id=cards.filter(on=last).earliest("pk").task_id)
    assert asked.sellers


def test_an_assistant_who_became_a_seller_gets_no_cards(company: PersonaCompany) -> None:
    call_list(company, 200)
    place = Assignment.all_rows.get(employee=company.assistant.employee)
    place.close_on(TUESDAY)
    place.save()
    Assignment.all_rows.create(
        employee=place.employee, department=company.sales, role=Role.SELLER, direction=company.machinery, valid=from_date(TUESDAY)
    )
    recascade(plan=running_plan(company), as_of=TUESDAY)
    assert set(assistants_of_cards()) == {company.rival_assistant.employee}


def test_cards_of_a_caller_without_an_assistant_go_to_who_has_the_least_to_do(company: PersonaCompany) -> None:
    call_list(company, 200)
    Pair.all_rows.filter(telesales=company.telesales.employee).delete()
    for number in range(5):
        other = Company.all_rows.create(name=f"Other {number}")
        research(assignee=company.assistant.employee, author=company.telesales.employee, company=other)
    recascade(plan=running_plan(company), as_of=TUESDAY)
    given = assistants_of_cards()
    assert given[company.rival_assistant.employee] - given[company.assistant.employee] in (5, 6)
    calls = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL, on=TUESDAY + timedelta(days=1))
    assert sum(given.values()) == calls.count()


def test_without_any_assistant_nobody_is_asked_for_cards(company: PersonaCompany) -> None:
    call_list(company, 200)
    Assignment.all_rows.filter(role=Role.ASSISTANT).update(role=Role.MARKETER)
    recascade(plan=running_plan(company), as_of=TUESDAY)
    assert PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL).exists()
    assert not Task.all_rows.exists()


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_task_left_open_by_somebody_dismissed_prepares_nothing(company: PersonaCompany, is_gone: bool) -> None:
    holder = company.rival_assistant.employee
    for entry in call_list(company, 200):
        research(assignee=holder, author=company.rival_telesales.employee, company=entry.company)
    if is_gone:
        # Not through the service, which gives the open tasks of who leaves to a colleague at once
        Employee.all_rows.filter(pk=holder.pk).update(dismissed_on=TUESDAY)
        holder.assignments.update(valid=from_date(company.start, TUESDAY))
    recascade(plan=running_plan(company), as_of=TUESDAY)
    assert set(assistants_of_cards()) == ({company.assistant.employee} if is_gone else set())


def test_the_title_is_in_the_language_of_who_prepares_the_card(company: PersonaCompany) -> None:
    user = company.assistant.user
    user.language = "ru"
    user.save()
    call_list(company, 200)
    recascade(plan=running_plan(company), as_of=TUESDAY)
    titles = Task.all_rows.filter(assignee=company.assistant.employee).values_list("title", flat=True)
    assert {title.partition(":")[0] for title in titles} == {"Подготовить карточку"}


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
