"""Work is handed over, begun, finished once, and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.access.tokens import issue_token
from accounts.models import AuditEvent
from pipeline.models import Company, ResearchCard, Task
from pipeline.tasks import queries
from pipeline.tasks.services import (
    CardDraft,
    TaskDraft,
    add_cards,
    cancel_task,
    create_task,
    create_tasks,
    finish_task,
    reassign_task,
    reopen_task,
    start_task,
)
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.factories import CompanyFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, EntryFactory, TaskFactory, freeze

CARD = CardDraft(brief=" Buys pumps. ", decision_maker="Ann", needs="Spare parts", sources="their site")


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


@pytest.fixture
def research(company: PersonaCompany) -> Task:
    made: Task = TaskFactory(
        kind="research", company=CompanyFactory(), assignee=company.assistant.employee, author=company.telesales.employee
    )
    return made


def state(task: Task) -> tuple[str, bool, int]:
    found = Task.all_rows.get(pk=task.pk)
    return found.status, found.done_at is not None, ResearchCard.all_rows.filter(task=task).count()


def draft(company: PersonaCompany, **values: Any) -> TaskDraft:
    given = {"kind": "letter", "title": "Write to them", "assignee_id": company.assistant.employee.pk, "due_on": TUESDAY}
    return TaskDraft(**{**given, **values})


def test_a_task_is_asked_for_by_its_author(company: PersonaCompany) -> None:
    made = create_task(actor=company.telesales.user, draft=draft(company))
    assert (made.author, made.assignee, made.status) == (company.telesales.employee, company.assistant.employee, "open")
    assert AuditEvent.all_rows.get(action="task.created").object_id == made.pk


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"title": ""}, "blank", "title"),
        ({"kind": "dance"}, "invalid_choice", "kind"),
        ({"kind": "research"}, "no_company", "company"),
        ({"assignee_id": 999_999_999}, "invalid", "assignee"),
        ({"due_on": date(2001, 1, 1)}, "long_ago", "due_on"),
        ({"due_on": TUESDAY - timedelta(days=367)}, "long_ago", "due_on"),
        ({"due_at": datetime(9999, 12, 31, 20, 59, 59, tzinfo=UTC)}, "out_of_range", "due_at"),
        ({"due_at": datetime(1, 1, 1, tzinfo=UTC)}, "out_of_range", "due_at"),
    ],
)
def test_a_bad_task_is_not_written(company: PersonaCompany, values: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_task(actor=company.telesales.user, draft=draft(company, **values))
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [(code, field)]
    assert not Task.all_rows.exists()


@pytest.mark.parametrize(("name", "over_rest"), [("administrator", 403), ("unassigned", 400)])
def test_who_has_no_tasks_gives_none(company: PersonaCompany, name: str, over_rest: int) -> None:
    persona = getattr(company, name)
    with pytest.raises(NotAllowed):
        create_task(actor=persona.user, draft=draft(company))
    sent = {"kind": "other", "title": "Call me", "assignee": company.owner.employee.pk, "due_on": TUESDAY.isoformat()}
    assert persona.client.post("/tasks/new/", sent).status_code == 404
    secret = issue_token(actor=persona.user, user=persona.user, name="Robot", scopes=["tasks:write"]).text
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": "1"}
    answer = Client().post("/api/v1/tasks/", sent, content_type="application/json", headers=headers)
    assert answer.status_code == over_rest
    assert "/tasks/new/" not in persona.client.get("/tasks/").content.decode()
    assert not Task.all_rows.exists()


def test_who_has_left_gets_no_tasks(company: PersonaCompany) -> None:
    company.assistant.employee.dismissed_on = TUESDAY
    company.assistant.employee.save()
    with pytest.raises(InvalidInput) as caught:
        create_task(actor=company.telesales.user, draft=draft(company))
    assert caught.value.issues[0].code == "does_not_work_here"


def test_many_are_created_with_their_ids_in_order(company: PersonaCompany) -> None:
    made = create_tasks(actor=None, drafts=[draft(company, title=f"Task {number}") for number in range(5)])
    assert [Task.all_rows.get(pk=task.pk).title for task in made] == [f"Task {number}" for number in range(5)]
    assert create_tasks(actor=None, drafts=[]) == []


def test_research_leaves_a_card_on_the_company(company: PersonaCompany, research: Task) -> None:
    start_task(actor=company.assistant.user, task=research)
    start_task(actor=company.assistant.user, task=research)
    finish_task(actor=company.assistant.user, task=research, result="Ann decides.", card=CARD)
    card = ResearchCard.all_rows.get(task=research)
    assert (card.company, card.author, card.brief, card.decision_maker, card.prepared_on) == (
        research.company, company.assistant.employee, "Buys pumps.", "Ann", TUESDAY,
    )  # fmt: skip
    found = Task.all_rows.get(pk=research.pk)
    assert (found.status, found.result, found.done_at) == ("done", "Ann decides.", MORNING)


def test_finished_twice_is_finished_once(company: PersonaCompany, research: Task) -> None:
    for _click in range(2):
        finish_task(actor=company.assistant.user, task=research, card=CARD)
    assert state(research) == ("done", True, 1)
    assert AuditEvent.all_rows.filter(action="task.finished").count() == 1


@pytest.mark.parametrize("card", [None, CardDraft(brief="  ")])
def test_research_without_a_brief_is_not_done(company: PersonaCompany, research: Task, card: CardDraft | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        finish_task(actor=company.assistant.user, task=research, card=card)
    assert caught.value.issues[0].field == "brief"
    assert state(research) == ("open", False, 0)


def test_finishing_is_taken_back_with_its_card(company: PersonaCompany, research: Task) -> None:
    finish_task(actor=company.assistant.user, task=research, card=CARD)
    reopen_task(actor=company.assistant.user, task=research)
    assert state(research) == ("in_progress", False, 0)
    with pytest.raises(Conflict):
        reopen_task(actor=company.assistant.user, task=research)


def test_what_was_written_comes_back_with_it(company: PersonaCompany, research: Task) -> None:
    browser = company.assistant.client
    written = {"brief": "An hour of work", "decision_maker": "Ann", "needs": "Pumps", "sources": "Site", "result": "Ann decides"}
    browser.post(f"/tasks/{research.pk}/finish/", written)
    assert state(research) == ("done", True, 1)
    browser.post(f"/tasks/{research.pk}/reopen/")
    form = browser.get(f"/tasks/{research.pk}/").context["form"]
    assert {name: form[name].value() for name in written} == written


def test_what_a_head_takes_back_is_there_for_who_does_it(company: PersonaCompany) -> None:
    letter = TaskFactory(kind="letter", assignee=company.seller.employee)
    finish_task(actor=company.seller.user, task=letter, result="Sent a long letter")
    reopen_task(actor=company.head.user, task=letter)
    for persona in (company.head, company.seller):
        assert "Sent a long letter" in persona.client.get(f"/tasks/{letter.pk}/").content.decode()


def test_a_card_is_refused_where_there_is_no_research(company: PersonaCompany) -> None:
    letter = TaskFactory(kind="letter", assignee=company.assistant.employee, company=CompanyFactory())
    with pytest.raises(InvalidInput) as caught:
        finish_task(actor=company.assistant.user, task=letter, result="x", card=CARD)
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("no_card_here", "card")
    assert state(letter) == ("open", False, 0)


def test_only_its_assignee_and_their_heads_work_on_it(company: PersonaCompany, research: Task) -> None:
    for persona in (company.telesales, company.rival_assistant, company.seller, company.rival_head):
        with pytest.raises(NotAllowed):
            finish_task(actor=persona.user, task=research, card=CARD)
    assert state(research) == ("open", False, 0)
    finish_task(actor=company.director.user, task=research, card=CARD)
    assert state(research) == ("done", True, 1)


def test_who_asked_may_cancel(company: PersonaCompany, research: Task) -> None:
    with pytest.raises(NotAllowed):
        cancel_task(actor=company.assistant.user, task=research)
    for _click in range(2):
        cancel_task(actor=company.telesales.user, task=research, reason="called already")
    assert state(research) == ("cancelled", False, 0)
    for deed in (start_task, finish_task):
        with pytest.raises(Conflict):
            deed(actor=company.assistant.user, task=research)


def test_what_is_done_is_not_cancelled(company: PersonaCompany, research: Task) -> None:
    finish_task(actor=company.assistant.user, task=research, card=CARD)
    with pytest.raises(Conflict):
        cancel_task(actor=company.telesales.user, task=research)
    assert state(research) == ("done", True, 1)


def test_a_task_goes_to_somebody_else_and_begins_anew(company: PersonaCompany, research: Task) -> None:
    start_task(actor=company.assistant.user, task=research)
    for _click in range(2):
        reassign_task(actor=company.telesales.user, task=research, assignee=company.rival_assistant.employee)
    found = Task.all_rows.get(pk=research.pk)
    assert (found.assignee, found.status) == (company.rival_assistant.employee, "open")
    assert AuditEvent.all_rows.filter(action="task.reassigned").count() == 1
    with pytest.raises(NotAllowed):
        reassign_task(actor=company.assistant.user, task=research, assignee=company.assistant.employee)


def test_the_queue_is_in_the_order_of_the_calls_it_serves(company: PersonaCompany) -> None:
    made = [
        TaskFactory(
            kind="research",
            company=CompanyFactory(),
            assignee=company.assistant.employee,
            due_on=date(2026, 11, day),
            is_urgent=urgent,
        )
        for day, urgent in [(18, False), (17, False), (17, False), (25, True), (17, False)]
    ]
    for place, hours in ((2, 3), (1, 5)):
        EntryFactory(
            company=made[place].company, reserved_for=company.telesales.employee, not_before=MORNING + timedelta(hours=hours)
        )
    start_task(actor=company.assistant.user, task=made[4])
    found = list(queries.queue(viewer_for(company.assistant.user), kind="research"))
    assert [made.index(task) for task in found] == [3, 4, 2, 1, 0]
    assert queries.next_task(viewer_for(company.assistant.user), kind="research", without=made[3].pk) == made[4]


def test_counts_are_of_today(company: PersonaCompany) -> None:
    mine = company.assistant.employee
    for days in (-1, 0, 0, 1, 2):
        TaskFactory(assignee=mine, due_on=TUESDAY + timedelta(days=days))
    TaskFactory(assignee=mine, status="done", done_at=MORNING)
    TaskFactory(assignee=mine, status="done", done_at=MORNING - timedelta(days=1))
    TaskFactory(assignee=company.rival_assistant.employee)
    day, viewer = queries.Day(TUESDAY, MORNING.replace(hour=0)), viewer_for(company.assistant.user)
    assert queries.task_counts(viewer, day) == queries.TaskCounts(late=1, today=2, later=2, done_today=1)


def test_each_count_leads_to_its_tasks(company: PersonaCompany) -> None:
    mine = company.assistant.employee
    for days, kind in ((-1, "letter"), (0, "letter"), (0, "other"), (1, "other"), (2, "letter")):
        TaskFactory(assignee=mine, kind=kind, due_on=TUESDAY + timedelta(days=days))
    TaskFactory(assignee=mine, kind="letter", status="done", done_at=MORNING)
    TaskFactory(assignee=mine, kind="letter", status="done", done_at=MORNING - timedelta(days=1))
    whole = {"late": 1, "today": 2, "later": 2, "done": 1}
    letters = {"late": 1, "today": 1, "later": 1, "done": 1}
    head, assistant = company.head.client, company.assistant.client
    asked: list[tuple[Client, dict[str, Any], dict[str, int]]] = [
        (assistant, {}, whole),
        (assistant, {"kind": "letter"}, letters),
        (head, {"kind": "letter", "assignee": mine.pk}, letters),
    ]
    for client, query, wanted in asked:
        counts = client.get("/tasks/", query).context["counts"]
        assert {"late": counts.late, "today": counts.today, "later": counts.later, "done": counts.done_today} == wanted
        for when, count in wanted.items():
            page = client.get("/tasks/", {**query, "when": when})
            assert len(page.context["page"].rows) == count
            assert escape(f"?when={when}&{urlencode(query)}") in page.content.decode()
    assert len(assistant.get("/tasks/", {"when": "nonsense"}).context["page"].rows) == 5


def test_work_goes_down_the_conveyor_across_departments(company: PersonaCompany) -> None:
    def names(persona: str) -> set[str]:
        people = queries.assignable(viewer_for(company.personas[persona].user), clock.today())
        return set(people.values_list("full_name", flat=True))

    assert {"Tatiana Titova", "Timur Tolin", "Alina Amber", "Anton Aksel"} <= names("seller")
    assert {"Alina Amber", "Anton Aksel"} <= names("telesales")
    assert "Timur Tolin" not in names("assistant")


def test_many_cards_are_written_at_once(company: PersonaCompany) -> None:
    companies = CompanyFactory.create_batch(3)
    cards = [ResearchCard(company=one, author=company.assistant.employee, brief="x", prepared_on=TUESDAY) for one in companies]
    assert add_cards(actor=None, cards=cards) == 3
    assert Company.all_rows.filter(cards__isnull=False).count() == 3
