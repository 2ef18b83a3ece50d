"""A dismissal asks the person's head to hand over the clients; the task is done when all of them have somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Assignment, AuditEvent, Employee
from accounts.people.services import dismiss_employee
from accounts.roles import Role
from pipeline.clients.queries import clients_left
from pipeline.clients.services import hand_over_company, reassign_clients_of
from pipeline.models import Company, Relationship, Task
from pipeline.tasks.services import TaskDraft, cancel_task, create_task, finish_task
from salesys.kernel.errors import InvalidInput
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import freeze

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture(autouse=True)
def _friday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, NOON)


@pytest.fixture
def clients(company: PersonaCompany) -> list[Company]:
    """Two that the seller hunts, one of them managed by the seller as well, and one that ended long ago."""
    seller = company.seller.employee
    first, second = (RelationshipFactory(employee=seller).company for _client in range(2))
    RelationshipFactory(company=first, employee=seller, kind=Relationship.Kind.ACCOUNT_MANAGER)
    RelationshipFactory(employee=seller, end=date(2026, 5, 1))
    return [first, second]


def dismiss(company: PersonaCompany, employee: Employee | None = None, on: date = FRIDAY) -> Task | None:
    person = employee or company.seller.employee
    dismiss_employee(actor=company.hr.user, employee=person, from_on=on, successor=company.second_seller.employee)
    found: Task | None = Task.all_rows.filter(kind=Task.Kind.HAND_OVER, person=person).first()
    return found


def test_a_dismissal_by_the_administrator_gives_the_task_too(company: PersonaCompany, clients: list[Company]) -> None:
    dismiss_employee(actor=company.administrator.user, employee=company.seller.employee, from_on=FRIDAY)
    assert Task.all_rows.get(kind=Task.Kind.HAND_OVER).assignee == company.head.employee


def test_the_head_gets_a_task_for_the_next_working_day(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    assert (task.assignee, task.author, task.person, task.due_on, task.is_urgent, task.status) == (
        company.head.employee,
        company.hr.employee,
        company.seller.employee,
        MONDAY,
        True,
        Task.Status.OPEN,
    )
    assert task.title == "Hand over 2 clients of Sergei Sokolov"
    assert Task.all_rows.count() == 1


def test_the_task_is_written_in_the_language_of_who_does_it(company: PersonaCompany, clients: list[Company]) -> None:
    type(company.head.user).objects.filter(pk=company.head.user.pk).update(language="ru")
    task = dismiss(company)
    assert task is not None
    assert task.title == "Передать 2 клиентов: Sergei Sokolov"


def test_who_has_no_client_leaves_without_a_task(company: PersonaCompany) -> None:
    RelationshipFactory(employee=company.seller.employee, end=FRIDAY)
    RelationshipFactory(employee=company.telesales.employee, kind=Relationship.Kind.TELESALES)
    assert dismiss(company) is None
    assert dismiss(company, company.telesales.employee) is None
    assert not Task.all_rows.exists()


def test_without_a_head_the_commercial_director_is_asked(company: PersonaCompany, clients: list[Company]) -> None:
    Assignment.all_rows.filter(employee=company.seller.employee).update(manager=None)
    task = dismiss(company)
    assert task is not None
    assert task.assignee == company.director.employee


def test_a_manager_who_is_no_head_is_passed_over(company: PersonaCompany, clients: list[Company]) -> None:
    Assignment.all_rows.filter(employee=company.seller.employee).update(manager=company.client_manager.employee)
    task = dismiss(company)
    assert task is not None
    assert task.assignee == company.head.employee


def test_the_head_of_a_head_is_asked(company: PersonaCompany) -> None:
    RelationshipFactory(employee=company.head.employee)
    task = dismiss(company, company.head.employee)
    assert task is not None
    assert (task.assignee, task.title) == (company.director.employee, "Hand over 1 client of Helena Holt")


def test_a_dismissal_ahead_asks_at_once_and_counts_from_its_day_on(company: PersonaCompany, clients: list[Company]) -> None:
    december = date(2026, 12, 1)
    RelationshipFactory(employee=company.seller.employee, end=december)
    task = dismiss(company, on=december)
    assert task is not None
    assert (task.title, task.due_on) == ("Hand over 2 clients of Sergei Sokolov", MONDAY)
    second = company.second_seller.employee
    reassign_clients_of(actor=company.head.user, employee=company.seller.employee, to=second, from_on=december)
    task.refresh_from_db()
    assert (task.status, task.result) == (Task.Status.DONE, "All clients have been handed over.")


def test_an_earlier_day_does_not_ask_twice(company: PersonaCompany, clients: list[Company]) -> None:
    dismiss(company, on=date(2026, 12, 1))
    dismiss(company, on=FRIDAY)
    assert Task.all_rows.count() == 1


def test_the_task_is_done_with_the_last_client(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    second = company.second_seller.employee
    left = []
    for client, kind in ((clients[0], "hunter"), (clients[0], "account_manager"), (clients[1], "hunter")):
        hand_over_company(actor=None, company=client, employee=second, kind=kind, from_on=FRIDAY)
        task.refresh_from_db()
        left.append((clients_left(company.seller.employee), task.status))
    assert left == [(2, "open"), (1, "open"), (0, "done")]
    event = AuditEvent.all_rows.get(action="task.finished")
    assert (event.object_id, event.actor) == (task.pk, None)


def test_all_at_once_finishes_it_too(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    path = f"/employees/{company.seller.employee.pk}/clients/hand-over/"
    browser = company.head.client
    assert "2 clients" in browser.get(path).content.decode()
    given = {"employee": company.second_seller.employee.pk, "from_on": FRIDAY.isoformat()}
    assert browser.post(path, given).status_code == 302
    task.refresh_from_db()
    assert task.status == Task.Status.DONE
    assert clients_left(company.second_seller.employee) == 2


def test_it_cannot_be_said_done_before(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    with pytest.raises(InvalidInput) as error:
        finish_task(actor=company.head.user, task=task)
    (issue,) = error.value.issues
    assert (issue.code, issue.problem) == ("clients_left", "2 clients are still with Sergei Sokolov.")
    response = company.head.client.post(f"/tasks/{task.pk}/finish/", {"result": "Later"})
    assert response.status_code == 400
    task.refresh_from_db()
    assert (task.status, task.result, task.done_at) == (Task.Status.OPEN, "", None)


def test_it_cannot_be_cancelled_before_either(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    for head in (company.head, company.director):
        with pytest.raises(InvalidInput) as error:
            cancel_task(actor=head.user, task=task, reason="Not now")
        assert error.value.issues[0].code == "clients_left"
    response = company.head.client.post(f"/tasks/{task.pk}/cancel/", {"reason": "Not now"})
    assert response.status_code == 400
    assert "2 clients are still with Sergei Sokolov." in response.content.decode()
    task.refresh_from_db()
    assert (task.status, task.result) == (Task.Status.OPEN, "")


def test_it_is_cancelled_when_the_person_stays_after_all(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    Employee.all_rows.filter(pk=company.seller.employee.pk).update(dismissed_on=None)
    cancel_task(actor=company.head.user, task=task, reason="He stays")
    reassign_clients_of(actor=None, employee=company.seller.employee, to=company.second_seller.employee, from_on=FRIDAY)
    task.refresh_from_db()
    assert (task.status, task.result) == (Task.Status.CANCELLED, "He stays")


def test_the_task_leads_to_the_page_where_it_is_done(company: PersonaCompany, clients: list[Company]) -> None:
    task = dismiss(company)
    assert task is not None
    path = f"/employees/{company.seller.employee.pk}/clients/hand-over/"
    page = company.head.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "2 clients are still theirs." in page
    assert f'href="{path}"' in page
    assert company.head.client.get(path).status_code == 200
    asked = company.hr.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "2 clients are still theirs." in asked
    assert path not in asked


def test_the_page_of_the_dismissed_person_says_what_is_left(company: PersonaCompany, clients: list[Company]) -> None:
    person, path = company.seller.employee, f"/employees/{company.seller.employee.pk}/clients/hand-over/"
    assert "still theirs" not in company.head.client.get(f"/people/{person.pk}/").content.decode()
    dismiss(company)
    shown = {}
    for name in ("head", "director", "owner", "hr", "administrator"):
        page = getattr(company, name).client.get(f"/people/{person.pk}/").content.decode()
        shown[name] = ("2 clients are still theirs." in page, path in page)
    assert shown == {
        "head": (True, True),
        "director": (True, True),
        "owner": (True, True),
        "hr": (True, False),
        "administrator": (True, False),
    }
    timeline = company.head.client.get(f"/people/{person.pk}/").context["timeline"]
    assert [(row.valid_from, row.valid_to) for row in timeline] == [(company.start, FRIDAY)]
    reassign_clients_of(actor=None, employee=person, to=company.second_seller.employee, from_on=FRIDAY)
    assert "still theirs" not in company.head.client.get(f"/people/{person.pk}/").content.decode()


def test_heads_who_never_had_the_person_hand_nothing_over(company: PersonaCompany, clients: list[Company]) -> None:
    dismiss(company)
    person = company.seller.employee
    for name in ("rival_head", "second_seller", "hr"):
        browser: Client = getattr(company, name).client
        given = {"employee": company.rival_seller.employee.pk, "from_on": FRIDAY.isoformat()}
        assert browser.post(f"/employees/{person.pk}/clients/hand-over/", given).status_code == 404
    assert company.rival_head.client.get(f"/people/{person.pk}/").status_code == 404
    assert clients_left(person) == 2


def test_the_former_head_sees_the_person_only_once_dismissed(company: PersonaCompany) -> None:
    seller = company.seller.employee
    Assignment.all_rows.filter(employee=seller).delete()
    tomorrow = FRIDAY + timedelta(days=1)
    Assignment.all_rows.create(
        employee=seller,
        department=company.sales,
        role=Role.SELLER,
        manager=company.rival_head.employee,
        valid=(company.start, None),
    )
    dismiss(company, on=tomorrow)
    assert not Employee.all_rows.left_from({company.rival_head.employee.pk}).exists()
    assert Employee.objects.visible_to(company.rival_head.user).filter(pk=seller.pk).exists()


def test_people_do_not_give_each_other_such_tasks(company: PersonaCompany) -> None:
    given = {"kind": "hand_over", "title": "Clients", "assignee": company.second_seller.employee.pk, "due_on": "2026-11-24"}
    assert company.head.client.post("/tasks/new/", given).status_code == 400
    draft = TaskDraft(kind="hand_over", title="Clients", assignee_id=company.second_seller.employee.pk, due_on=MONDAY)
    with pytest.raises(InvalidInput):
        create_task(actor=company.head.user, draft=draft)
    assert not Task.all_rows.exists()
