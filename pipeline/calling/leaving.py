"""The open tasks of somebody who is dismissed go to whoever goes on with the work: nobody else would see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from accounts.access.audit import Deed, record_many
from accounts.people.belongings import Left
from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment
from pipeline.calling.handover import assistant_for
from pipeline.clients.models import Relationship
from pipeline.tasks.handing_over import head_of_leaver
from pipeline.tasks.models import Task
from salesys.db import clock
from salesys.db.workdays import next_working_day
from salesys.kernel.errors import InvalidInput


def start_giving_tasks(actor: User | None, employee: Employee, from_on: date) -> None:
    """Give away the open tasks of who is dismissed today; who goes later works on until the sweeper finds them gone."""
    if from_on <= clock.today():
        give_tasks_of(employee.pk)


def tasks_of(viewer: object, employee: Employee) -> Left | None:
    """How many open tasks are still a person's after the dismissal; 1 SQL statement."""
    rows = Task.all_rows.open().filter(assignee=employee)
    if employee.dismissed_on is not None and employee.dismissed_on > clock.today():
        rows = rows.filter(due_on__gte=employee.dismissed_on)
    count = rows.count()
    text = ngettext("%(count)d open task is still theirs.", "%(count)d open tasks are still theirs.", count)
    return Left(text % {"count": count}) if count else None


def give_tasks_of_leavers() -> int:
    """Give away what is still with people who have left, for the sweeper; 1 SQL statement where there is nothing.

    Returns:
        How many tasks changed hands.
    """
    gone = Task.all_rows.open().filter(assignee__dismissed_on__lte=clock.today())
    return sum(give_tasks_of(pk) for pk in gone.order_by("assignee_id").values_list("assignee_id", flat=True).distinct())


@transaction.atomic
def give_tasks_of(employee_id: int) -> int:
    """Give the open tasks of somebody who has left to others, to be begun anew, with one audit event each; locks the tasks.

    Research, and all that an assistant had to do, goes to the assistant of its author; what concerns a client to whoever
    holds the client; the rest to the head. A client who is still to be handed over takes the tasks along, but for those that
    are due by the next working day: these cannot wait for it. Doing it twice finds nothing left.

    Returns:
        How many tasks changed hands; none of somebody who works here.
    """
    employee = Employee.all_rows.filter(pk=employee_id, dismissed_on__lte=clock.today()).first()
    if employee is None:
        return 0
    tasks = list(Task.all_rows.open().filter(assignee=employee).select_for_update(of=("self",)).order_by("pk"))
    given = _takers(employee, tasks) if tasks else {}
    for taker in set(given.values()):
        ids = [pk for pk, wanted in given.items() if wanted == taker]
        Task.all_rows.filter(pk__in=ids).update(assignee=taker, status=Task.Status.OPEN, updated_at=clock.now())
    before = {"assignee": employee.pk}
    deeds = (Deed("task.reassigned", task, before, {"assignee": given[task.pk]}) for task in tasks if task.pk in given)
    record_many(actor=None, deeds=deeds)
    return len(given)


def _takers(employee: Employee, tasks: Iterable[Task]) -> dict[int, int]:
    """Task -> who goes on with it; without those that wait, and those that nobody can take."""
    tasks = list(tasks)
    helps = _was_assistant(employee)
    asked = {task.pk: task.author_id for task in tasks if helps or task.kind == Task.Kind.RESEARCH}
    assistants = _assistants(employee, set(asked.values()))
    companies = {task.company_id for task in tasks if task.company_id}
    holders, kept = _holders(companies), _still_held(employee, companies)
    head = head_of_leaver(employee)
    soon = next_working_day(clock.today())
    given: dict[int, int | None] = {}
    for task in tasks:
        taker = assistants.get(task.author_id) if task.pk in asked else None
        taker = taker or holders.get(task.company_id)
        if taker is None and task.company_id in kept and task.due_on > soon:
            continue
        given[task.pk] = taker or (head.pk if head else None)
    return {pk: taker for pk, taker in given.items() if taker is not None}


def _was_assistant(employee: Employee) -> bool:
    last = Assignment.all_rows.filter(employee=employee).order_by("-valid").first()
    return last is not None and last.role == Role.ASSISTANT


def _assistants(employee: Employee, author_ids: Iterable[int | None]) -> dict[int | None, int]:
    """Author -> the assistant who answers them; authors without one are missing."""
    authors = Employee.all_rows.in_bulk([pk for pk in author_ids if pk])
    found: dict[int | None, int] = {}
    for author_id in author_ids:
        try:
            found[author_id] = assistant_for(caller=authors.get(author_id or 0, employee), on=clock.today()).pk
        except InvalidInput:  # nobody assists any more: the head decides
            continue
    return found


def _holders(company_ids: Iterable[int]) -> dict[int | None, int]:
    """Company -> who holds it and works here: the hunter before the account manager before the VIP manager."""
    today = clock.today()
    rows: Any = Relationship.all_rows.filter(company_id__in=company_ids, kind__in=Relationship.HOLDING, valid__contains=today)
    working = rows.filter(Q(employee__dismissed_on=None) | Q(employee__dismissed_on__gt=today))
    places = {kind: place for place, kind in enumerate(Relationship.HOLDING)}
    ranked = sorted(working.values_list("company_id", "kind", "employee_id"), key=lambda row: places[row[1]], reverse=True)
    return {company_id: employee_id for company_id, _kind, employee_id in ranked}


def _still_held(employee: Employee, company_ids: Iterable[int]) -> set[int | None]:
    rows: Any = Relationship.all_rows.filter(employee=employee, company_id__in=company_ids, kind__in=Relationship.HOLDING)
    return set(rows.filter(valid__contains=clock.today()).values_list("company_id", flat=True))
