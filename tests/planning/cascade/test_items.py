"""Concrete calls and cards, and the way back from them to the goal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.models import CallListEntry, Task
from planning.cascade.queries import asked_by, items_of
from planning.cascade.services import recascade
from planning.models import DailyTarget, PlannedItem, YearPlan
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


def test_work_leads_back_to_the_plan_that_asked_for_it(company: PersonaCompany, plan: YearPlan) -> None:
    item = PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CARD).earliest("pk")
    (asked,) = asked_by(task_id=item.task_id)
    assert (asked.item, asked.plan, asked.serves) == (item, plan, item.serves)
    assert {person.pk for person in asked.sellers} == {company.seller.employee.pk, company.second_seller.employee.pk}
    assert {row.item.kind for row in asked_by(company_id=item.company_id)} == {1, 3}
    assert item in items_of(company.assistant.employee.pk, TUESDAY, TUESDAY + timedelta(days=9))
