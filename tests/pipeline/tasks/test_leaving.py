"""The open tasks of somebody who is dismissed go to whoever goes on with the work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent, Employee, Pair
from accounts.people.belongings import left_of
from accounts.people.services import dismiss_employee
from pipeline.calling.leaving import give_tasks_of, give_tasks_of_leavers
from pipeline.calling.tasks import sweep_claims
from pipeline.clients.services import reassign_clients_of
from pipeline.models import Task
from salesys.db.effective import from_date
from tests.factories import CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, TaskFactory, freeze

WEDNESDAY, NEXT_WEEK = date(2026, 11, 18), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


def dismiss(employee: Employee, company: PersonaCompany, on: date = TUESDAY) -> None:
    dismiss_employee(actor=company.hr.user, employee=employee, from_on=on, successor=company.telesales.employee)


def assignee(task: Task) -> str:
    return Task.all_rows.select_related("assignee").get(pk=task.pk).assignee.full_name


def of_seller(company: PersonaCompany, /, **values: Any) -> Task:
    given = {"kind": "meeting", "assignee": company.seller.employee, "author": company.telesales.employee, "due_on": WEDNESDAY}
    made: Task = TaskFactory(**{**given, **values})
    return made


def test_what_concerns_a_client_goes_to_who_holds_the_client(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    RelationshipFactory(company=client, employee=company.client_manager.employee, kind="account_manager")
    task = of_seller(company, company=client, status="in_progress")
    dismiss(company.seller.employee, company)
    assert assignee(task) == "Karina Kern"
    assert Task.all_rows.get(pk=task.pk).status == "open"
    event = AuditEvent.all_rows.get(action="task.reassigned")
    assert event.changes == {"assignee": [company.seller.employee.pk, company.client_manager.employee.pk]}


def test_the_rest_goes_to_the_head(company: PersonaCompany) -> None:
    tasks = [of_seller(company), of_seller(company, company=CompanyFactory(), due_on=NEXT_WEEK)]
    done = of_seller(company, status="done", done_at=MORNING)
    dismiss(company.seller.employee, company)
    assert [assignee(task) for task in tasks] == ["Helena Holt", "Helena Holt"]
    assert assignee(done) == "Sergei Sokolov"
    assert all(Task.objects.visible_to(company.head.user).filter(pk=task.pk).exists() for task in tasks)


def test_tasks_go_with_the_client_and_urgent_ones_do_not_wait_for_it(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    soon, later = of_seller(company, company=client), of_seller(company, company=client, due_on=NEXT_WEEK)
    dismiss(company.seller.employee, company)
    assert (assignee(soon), assignee(later)) == ("Helena Holt", "Sergei Sokolov")
    left = left_of(company.head.user, company.seller.employee)
    assert [one.text for one in left] == ["1 client is still theirs.", "1 open task is still theirs."]
    reassign_clients_of(
        actor=company.director.user, employee=company.seller.employee, to=company.second_seller.employee, from_on=TUESDAY
    )
    assert assignee(later) == "Sofia Stern"
    assert left_of(company.head.user, Employee.all_rows.get(pk=company.seller.employee.pk)) == []


def test_what_waits_for_its_client_goes_to_the_head_when_it_is_due(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    later = of_seller(company, company=client, due_on=NEXT_WEEK)
    dismiss(company.seller.employee, company)
    freeze(monkeypatch, MORNING + timedelta(days=6))
    for _turn in range(2):
        sweep_claims()
    assert assignee(later) == "Helena Holt"


def test_research_goes_to_the_assistant_of_who_asked(company: PersonaCompany) -> None:
    gone = company.assistant.employee
    research = [
        TaskFactory(kind="research", assignee=gone, author=author, company=CompanyFactory())
        for author in (company.telesales.employee, None)
    ]
    letter = TaskFactory(kind="letter", assignee=gone, author=company.seller.employee)
    dismiss(gone, company)
    assert [assignee(task) for task in (*research, letter)] == ["Anton Aksel"] * 3
    paired = company.rival_assistant.employee
    assert not Pair.all_rows.filter(telesales=company.telesales.employee, valid__contains=TUESDAY, assistant=paired).exists()


def test_the_pair_goes_before_who_has_less_to_do(company: PersonaCompany) -> None:
    gone = company.rival_assistant.employee
    TaskFactory.create_batch(3, assignee=company.assistant.employee)
    Pair.all_rows.filter(assistant=gone).delete()
    Pair.all_rows.filter(assistant=company.assistant.employee).delete()
    Pair.all_rows.create(
        telesales=company.rival_telesales.employee, assistant=company.assistant.employee, valid=from_date(date(2026, 1, 1))
    )
    research = TaskFactory(kind="research", assignee=gone, author=company.rival_telesales.employee, company=CompanyFactory())
    dismiss(gone, company)
    assert assignee(research) == "Alina Amber"


def test_without_an_assistant_the_head_decides(company: PersonaCompany) -> None:
    research = TaskFactory(
        kind="research", assignee=company.assistant.employee, author=company.telesales.employee, company=CompanyFactory()
    )
    dismiss(company.rival_assistant.employee, company)
    dismiss(company.assistant.employee, company)
    assert assignee(research) == "Helena Holt"


def test_who_leaves_later_works_on_until_then(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [of_seller(company), of_seller(company, due_on=NEXT_WEEK)]
    dismiss(company.seller.employee, company, on=date(2026, 11, 20))
    sweep_claims()
    assert [assignee(task) for task in tasks] == ["Sergei Sokolov", "Sergei Sokolov"]
    person = Employee.all_rows.get(pk=company.seller.employee.pk)
    assert [one.text for one in left_of(company.head.user, person)] == ["1 open task is still theirs."]
    freeze(monkeypatch, MORNING.replace(day=20))
    sweep_claims()
    assert [assignee(task) for task in tasks] == ["Helena Holt", "Helena Holt"]


def test_a_task_to_hand_clients_over_goes_to_the_next_head(company: PersonaCompany) -> None:
    RelationshipFactory(employee=company.second_seller.employee)
    dismiss(company.second_seller.employee, company)
    task = Task.all_rows.get(kind="hand_over")
    assert assignee(task) == "Helena Holt"
    dismiss(company.head.employee, company)
    assert assignee(task) == "Denis Dolin"


def test_who_works_here_keeps_everything(company: PersonaCompany) -> None:
    task = of_seller(company)
    assert (give_tasks_of(company.seller.employee.pk), give_tasks_of_leavers()) == (0, 0)
    assert assignee(task) == "Sergei Sokolov"
    assert not AuditEvent.all_rows.filter(action="task.reassigned").exists()
