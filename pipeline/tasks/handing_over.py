"""The clients of somebody who is dismissed: a task for their head, which is done when all of them have changed hands."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.people.belongings import Left
from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.queries import first_holder, head_above
from pipeline.clients.policies import can_reassign_clients
from pipeline.clients.queries import clients_left
from pipeline.tasks.models import Task, TaskQuerySet
from pipeline.tasks.services import TaskDraft, finish_task, give_task
from salesys.db import clock
from salesys.db.workdays import next_working_day
from salesys.shell import formats

OTHERWISE = (Role.COMMERCIAL_DIRECTOR, Role.OWNER)
"""Who hands clients over where the person has no head."""


def start_hand_over(actor: User | None, employee: Employee, from_on: date) -> None:
    """Ask the head of a person who is dismissed to hand over their clients, by the next working day.

    Without clients there is nothing to ask for; a task that is open already stays. Some 6 SQL statements.

    Args:
        actor: Who dismisses.
        employee: Whose clients.
        from_on: The first day no longer employed.
    """
    count = clients_left(employee, max(from_on, clock.today()))
    if not count or _open_tasks(employee.pk).exists():
        return
    head = head_of_leaver(employee, from_on)
    if head is None:
        return
    with override(head.user.language if head.user else None):
        give_task(actor=actor, draft=_draft(employee, head, from_on=from_on, count=count))


def head_of_leaver(employee: Employee, from_on: date | None = None) -> Employee | None:
    """Who answers for what somebody leaves behind: their last head, else the top; None where that is nobody else.

    Args:
        employee: Who is dismissed.
        from_on: The first day no longer employed, where it is not written down yet.
    """
    last_on = (from_on or employee.dismissed_on or clock.today()) - timedelta(days=1)
    head = head_above(employee, last_on) or first_holder(OTHERWISE, clock.today())
    return head if head is not None and head.pk != employee.pk else None


def _draft(employee: Employee, head: Employee, *, from_on: date, count: int) -> TaskDraft:
    title = ngettext("Hand over %(count)d client of %(name)s", "Hand over %(count)d clients of %(name)s", count)
    request = _("%(name)s does not work here from %(date)s on. The task is done when every client has somebody else.")
    return TaskDraft(
        kind=Task.Kind.HAND_OVER,
        title=title % {"count": count, "name": employee.full_name},
        request=request % {"name": employee.full_name, "date": formats.day_text(from_on)},
        assignee_id=head.pk,
        person_id=employee.pk,
        due_on=next_working_day(clock.today()),
        is_urgent=True,
    )


def finish_hand_over(former_id: int) -> None:
    """Finish the open task about a person who has no client any more; 1 SQL statement where there is no such task."""
    for task in _open_tasks(former_id).select_related("person"):
        if task.person is not None and not clients_left(task.person):
            finish_task(actor=None, task=task, result=_("All clients have been handed over."))


def clients_of(viewer: object, employee: Employee) -> Left | None:
    """How many clients are still a person's, and where the viewer hands them over; 1 SQL statement, for heads 2."""
    count = clients_left(employee)
    if not count:
        return None
    text = ngettext("%(count)d client is still theirs.", "%(count)d clients are still theirs.", count) % {"count": count}
    if not can_reassign_clients(viewer, employee.pk):
        return Left(text)
    return Left(text, reverse("pipeline:clients_hand_over", args=[employee.pk]), _("Hand over"))


def _open_tasks(employee_id: int) -> TaskQuerySet:
    return Task.all_rows.open().filter(kind=Task.Kind.HAND_OVER, person_id=employee_id)
