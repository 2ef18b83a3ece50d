"""Tasks over REST: what belongs to the company is shown to those who see the company."""

from __future__ import annotations

from typing import Any

from pipeline.clients.relationships import hand_over_company
from pipeline.models import ResearchCard, Task
from salesys.db import clock
from tests.factories import CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import TaskFactory


def done_for(company: PersonaCompany) -> Task:
    """A card that the assistant has prepared for the seller, who holds the company."""
    client = RelationshipFactory(employee=company.seller.employee).company
    people = {"assignee": company.assistant.employee, "author": company.seller.employee}
    task: Task = TaskFactory(kind="research", company=client, status="done", done_at=clock.now(), **people)
    ResearchCard.all_rows.create(
        company=client, task=task, author=company.assistant.employee, brief="Buys pumps.", prepared_on=clock.today()
    )
    return task


def card_of(persona: Any, task: Task) -> Any:
    return persona.client.get(f"/api/v1/tasks/{task.pk}/").json()["card"]


def test_a_card_is_shown_to_who_sees_its_company(company: PersonaCompany) -> None:
    task = done_for(company)
    assert card_of(company.seller, task)["brief"] == "Buys pumps."
    for path in ("", f"{task.pk}/"):
        answer = company.assistant.client.get(f"/api/v1/tasks/{path}")
        assert answer.status_code == 200
        assert "Buys pumps." not in answer.content.decode()
    assert card_of(company.assistant, task) is None


def test_a_card_is_gone_with_the_client(company: PersonaCompany) -> None:
    task = done_for(company)
    etag = company.seller.client.get(f"/api/v1/tasks/{task.pk}/")["ETag"]
    client, second = task.company, company.second_seller.employee
    assert client is not None
    hand_over_company(actor=None, company=client, employee=second, kind="hunter", from_on=clock.today())
    assert card_of(company.seller, task) is None
    after = company.seller.client.get(f"/api/v1/tasks/{task.pk}/", headers={"If-None-Match": etag})
    assert after.status_code == 200


def test_a_list_costs_the_same_however_long(company: PersonaCompany, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        done_for(company)
    TaskFactory(company=CompanyFactory(), assignee=company.seller.employee)
    browser = company.seller.client
    with django_assert_max_num_queries(8):
        rows = browser.get("/api/v1/tasks/").json()["results"]
    assert [row["card"] is not None for row in rows].count(True) == 3
