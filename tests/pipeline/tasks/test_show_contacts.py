"""What an assistant sees of a company: as long as somebody else's card or letter is to be done, and within the budget."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access.budgets import set_budget
from accounts.models import AuditEvent, BudgetNotice, ContactReveal
from accounts.roles import Role
from pipeline.models import Company, ResearchCard, Task
from pipeline.tasks.services import REOPEN_WITHIN, reopen_task
from salesys.kernel.errors import Conflict
from tests.factories import CompanyFactory, ContactFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, TaskFactory, freeze


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


def asked(company: PersonaCompany, **more: Any) -> Task:
    """A card that the telesales person asks the assistant for, at a company of one contact."""
    people = {"assignee": company.assistant.employee, "author": company.telesales.employee}
    made: Task = TaskFactory(**{"kind": "research", "company": CompanyFactory(), **people, **more})
    ContactFactory(company=made.company, phone=f"+7495777{made.pk % 10_000:04d}")
    return made


def phone(task: Task) -> str:
    return f"+7495777{task.pk % 10_000:04d}"


def page(browser: Client, task: Task) -> str:
    return str(browser.get(reverse("pipeline:task", args=[task.pk])).content.decode())


def test_contacts_of_a_card_are_shown_and_count_as_opened(company: PersonaCompany) -> None:
    task, browser = asked(company), company.assistant.client
    for _reload in range(3):
        assert phone(task) in page(browser, task)
    reveal = ContactReveal.all_rows.get()
    assert (reveal.user, reveal.company_id) == (company.assistant.user, task.company_id)
    assert AuditEvent.all_rows.filter(action="contact.opened", actor=company.assistant.user).count() == 1


def test_a_list_over_rest_is_masked_until_a_card_was_looked_at(company: PersonaCompany) -> None:
    tasks, browser = [asked(company) for _ in range(3)], company.assistant.client
    rows = browser.get("/api/v1/contacts/?page_size=200").json()["results"]
    assert [row["is_open"] for row in rows] == [False] * 3
    assert not {phone(task) for task in tasks} & {row["phone"] for row in rows}
    page(browser, tasks[1])
    rows = browser.get("/api/v1/contacts/?page_size=200").json()["results"]
    assert [row["phone"] for row in rows if row["is_open"]] == [phone(tasks[1])]


def test_a_spent_budget_masks_the_card_and_says_so(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.ASSISTANT, per_day=1, per_month=10)
    first, second = asked(company), asked(company)
    browser = company.assistant.client
    assert phone(first) in page(browser, first)
    for _reload in range(2):
        text = page(browser, second)
        assert phone(second) not in text
        assert "The budget for opening contacts is spent: 1 a day, 10 a month." in text
        assert "Ask your head" in text
    assert ContactReveal.all_rows.count() == 1
    assert AuditEvent.all_rows.filter(action="contact.refused").count() == 1
    assert BudgetNotice.all_rows.filter(user=company.assistant.user, is_spent=True).count() == 1


def test_a_larger_firm_is_opened_further_one_by_one(company: PersonaCompany) -> None:
    task = asked(company)
    ContactFactory.create_batch(7, company=task.company)
    page(company.assistant.client, task)
    assert ContactReveal.all_rows.count() == 5


def test_a_letter_opens_whom_it_goes_to(company: PersonaCompany) -> None:
    task = asked(company, kind="letter")
    task.contact = ContactFactory(company=task.company, full_name="Zoya Zimina")
    task.save()
    page(company.assistant.client, task)
    assert ContactReveal.all_rows.get().contact_id == task.contact.pk


@pytest.mark.parametrize(
    ("kind", "is_own", "is_seen"),
    [
        ("research", False, True),
        ("letter", False, True),
        ("research", True, False),
        ("other", False, False),
        ("other", True, False),
    ],
)
def test_only_somebody_elses_card_or_letter_opens_a_company(
    company: PersonaCompany, kind: str, is_own: bool, is_seen: bool
) -> None:
    author = company.assistant.employee if is_own else company.telesales.employee
    task = asked(company, kind=kind, author=author)
    assert Company.objects.visible_to(company.assistant.user).filter(pk=task.company_id).exists() is is_seen
    assert (phone(task) in page(company.assistant.client, task)) is is_seen
    assert ContactReveal.all_rows.exists() is is_seen


def test_what_planning_asks_for_opens_a_company(company: PersonaCompany) -> None:
    task = asked(company, author=None)
    assert phone(task) in page(company.assistant.client, task)


def test_an_own_task_does_not_keep_a_company_open(company: PersonaCompany) -> None:
    task, browser = asked(company), company.assistant.client
    own = {"kind": "letter", "title": "keep", "assignee": company.assistant.employee.pk, "company": task.company_id}
    assert browser.post(reverse("pipeline:task_new"), {**own, "due_on": "2027-03-01"}).status_code == 302
    assert browser.get(reverse("pipeline:company", args=[task.company_id])).status_code == 200
    browser.post(reverse("pipeline:task_finish", args=[task.pk]), {"brief": "x"})
    assert browser.get(reverse("pipeline:company", args=[task.company_id])).status_code == 404


def test_heads_and_sellers_open_nothing_by_looking_at_a_task(company: PersonaCompany) -> None:
    task = asked(company)
    assert phone(task) not in page(company.director.client, task)
    assert not ContactReveal.all_rows.exists()


def test_a_slip_is_taken_back_within_minutes_and_nothing_older(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    old = asked(company, status="done", done_at=MORNING - timedelta(days=400))
    ResearchCard.all_rows.create(
        company_id=old.company_id or 0, task=old, author=company.assistant.employee, brief="Buys pumps.", prepared_on=TUESDAY
    )
    browser = company.assistant.client
    response = browser.post(reverse("pipeline:task_reopen", args=[old.pk]))
    assert response.status_code == 409
    assert "too long ago" in response.content.decode()
    assert Task.all_rows.get(pk=old.pk).status == "done"
    assert ResearchCard.all_rows.get().task == old
    assert reverse("pipeline:task_reopen", args=[old.pk]) not in page(browser, old)
    assert not Company.objects.visible_to(company.assistant.user).exists()


@pytest.mark.parametrize(("minutes", "is_reopened"), [(0, True), (10, True), (11, False)])
def test_taking_back_ends_after_ten_minutes(company: PersonaCompany, minutes: int, is_reopened: bool) -> None:
    assert timedelta(minutes=10) == REOPEN_WITHIN
    task = asked(company, status="done", done_at=MORNING - timedelta(minutes=minutes))
    with nullcontext() if is_reopened else pytest.raises(Conflict):
        reopen_task(actor=company.assistant.user, task=task)
    assert (Task.all_rows.get(pk=task.pk).status == "in_progress") is is_reopened
