"""Queues of tasks: what is to be done next, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Min, Q, Value, When

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment
from pipeline.tasks.models import Task
from salesys.db import clock
from salesys.db.scope import Viewer

ANSWERED_FOR = timedelta(days=7)
PROMISED = Q(company__list_entries__state="waiting", company__list_entries__reserved_for__isnull=False)
"""The call that somebody promised and for which research is done."""


def queue(viewer: Viewer, *, kind: str = "", assignee_id: int | None = None) -> Any:
    """Open tasks of a person in the order in which they should be done; a queryset.

    Urgent ones first, then what is due earlier; among those of one day, the company whose promised call comes first.

    Args:
        viewer: Whose scope.
        kind: Only this kind; every one when empty.
        assignee_id: The viewer by default.
    """
    rows = Task.objects.visible_to(viewer).open().filter(assignee_id=assignee_id or viewer.own_id)
    if kind:
        rows = rows.filter(kind=kind)
    begun = Case(When(status=Task.Status.IN_PROGRESS, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.annotate(serves_at=Min("company__list_entries__not_before", filter=PROMISED), begun=begun)
    return rows.select_related("company", "author", "assignee").order_by(
        "-is_urgent", "due_on", "begun", F("due_at").asc(nulls_last=True), F("serves_at").asc(nulls_last=True), "pk"
    )


HANDS_TO: Mapping[str, tuple[str, ...]] = {
    Role.INDUSTRY_HEAD: (Role.TELESALES, Role.ASSISTANT),
    Role.SELLER: (Role.TELESALES, Role.ASSISTANT),
    Role.CLIENT_MANAGER: (Role.TELESALES, Role.ASSISTANT),
    Role.VIP_MANAGER: (Role.TELESALES, Role.ASSISTANT),
    Role.TELESALES: (Role.ASSISTANT,),
}
"""The conveyor: calling tasks go down to telesales and research to assistants, whatever department they sit in."""


def assignable(viewer: Viewer, on: date) -> Any:
    """People to whom the viewer may give work on a date: those within reach, and the next levels of the conveyor; a queryset."""
    below = Assignment.all_rows.filter(valid__contains=on, role__in=HANDS_TO.get(viewer.role, ()))
    seen = Employee.objects.visible_to(viewer)
    return Employee.all_rows.working_on(on).filter(Q(pk__in=seen.values("pk")) | Q(pk__in=below.values("employee_id")))


def next_task(viewer: Viewer, *, kind: str, without: int | None = None) -> Task | None:
    """The task to do next, or None; 1 SQL statement."""
    found: Task | None = queue(viewer, kind=kind).exclude(pk=without).first()
    return found


def answered_lately(viewer: Viewer) -> Any:
    """What others have done for the viewer within seven days, newest first; a queryset of at most 20."""
    rows = Task.objects.visible_to(viewer).filter(author_id=viewer.own_id, status=Task.Status.DONE)
    rows = rows.filter(done_at__gte=clock.now() - ANSWERED_FOR).exclude(assignee_id=viewer.own_id)
    return rows.select_related("assignee").order_by("-done_at")[:20]


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """A person's tasks: late, due today, due later, done today."""

    late: int
    today: int
    later: int
    done_today: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the company: its date, and the instant at which it begins."""

    on: date
    begins: datetime

    @property
    def finished(self) -> dict[str, object]:
        """Lookups of tasks that were done in its course."""
        return {"status": Task.Status.DONE, "done_at__gte": self.begins, "done_at__lt": self.begins + timedelta(days=1)}


LATE, TODAY, LATER, DONE = "late", "today", "later", "done"
"""What `when` asks for: each is the list behind one of `TaskCounts`."""


def tasks_of(viewer: Viewer, day: Day, when: str, *, kind: str = "", assignee_id: int | None = None) -> Any:
    """The tasks that one of `TaskCounts` counts, open ones in the order of the queue; any other `when` is all that are open."""
    if when == DONE:
        rows = Task.objects.visible_to(viewer).filter(**day.finished, assignee_id=assignee_id or viewer.own_id)
        rows = rows.filter(kind=kind) if kind else rows
        return rows.select_related("company", "author", "assignee").order_by("-done_at", "-pk")
    due = {LATE: {"due_on__lt": day.on}, TODAY: {"due_on": day.on}, LATER: {"due_on__gt": day.on}}
    return queue(viewer, kind=kind, assignee_id=assignee_id).filter(**due.get(when, {}))


def task_counts(viewer: Viewer, day: Day, *, kind: str = "", assignee_id: int | None = None) -> TaskCounts:
    """How much there is for the viewer, or for another of the viewer's people; 1 SQL statement."""
    rows = Task.objects.visible_to(viewer).filter(assignee_id=assignee_id or viewer.own_id)
    if kind:
        rows = rows.filter(kind=kind)
    is_open = Q(status__in=Task.OPEN)
    is_today = Q(**day.finished)
    counts = rows.filter(is_open | is_today).aggregate(
        late=Count("pk", filter=is_open & Q(due_on__lt=day.on)),
        today=Count("pk", filter=is_open & Q(due_on=day.on)),
        later=Count("pk", filter=is_open & Q(due_on__gt=day.on)),
        done_today=Count("pk", filter=is_today),
    )
    return TaskCounts(**counts)
