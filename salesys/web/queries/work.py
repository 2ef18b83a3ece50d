"""Tasks that are due and the daily norms of an employee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery

from pipeline.models import Call, CallListEntry, Task
from pipeline.tasks.queries import queue
from planning.engine.activities import Activity
from planning.models import DailyTarget, PlannedItem
from planning.norms.models import ACTIVITY_NAMES
from salesys.db.scope import Viewer
from salesys.web.links import address

WEEK = timedelta(days=7)
MOST_PROMISES = 500


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One open task; `serves_on` is the date of the planned call that waits for it."""

    pk: int
    title: str
    url: str
    kind: str
    kind_label: str
    company: str
    author: str
    due_on: date
    serves_on: date | None
    is_late: bool
    is_urgent: bool


def tasks_due(viewer: Viewer, today: date, *, limit: int = 8, kind: str = "") -> list[TaskLine]:
    """The viewer's own open tasks of the coming week and before, in the order of the queue; 1 SQL statement."""
    serves = PlannedItem.objects.visible_to(viewer).filter(task=OuterRef("pk"), kind=PlannedItem.Kind.CARD)
    rows = queue(viewer, kind=kind).filter(due_on__lte=today + WEEK)
    found = rows.annotate(serves_on=Subquery(serves.values("serves__on")[:1]))[:limit]
    return [_task_line(task, today) for task in found]


def _task_line(task: Task, today: date) -> TaskLine:
    return TaskLine(
        task.pk,
        task.title,
        address("pipeline:task", task.pk),
        task.kind,
        task.get_kind_display(),
        task.company.name if task.company else "",
        task.author.full_name if task.author and task.author_id != task.assignee_id else "",
        task.due_on,
        getattr(task, "serves_on", None),
        task.due_on < today,
        task.is_urgent,
    )


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Open tasks of the viewer: late, due today, and all; done today."""

    late: int
    today: int
    open: int
    done: int


def task_counts(viewer: Viewer, today: date, *, kind: str = "") -> TaskCounts:
    """How much work waits for the viewer; 1 SQL statement."""
    is_open = Q(status__in=Task.OPEN)
    rows = Task.objects.visible_to(viewer).filter(assignee_id=viewer.own_id)
    if kind:
        rows = rows.filter(kind=kind)
    counts = rows.filter(is_open | Q(done_at__date=today)).aggregate(
        late=Count("pk", filter=is_open & Q(due_on__lt=today)),
        today=Count("pk", filter=is_open & Q(due_on=today)),
        open=Count("pk", filter=is_open),
        done=Count("pk", filter=Q(status=Task.Status.DONE)),
    )
    return TaskCounts(**counts)


@dataclass(frozen=True, slots=True)
class NormLine:
    """One activity of today: how many are asked, how many are done."""

    activity: Activity
    label: str
    target: int
    done: int

    @property
    def title(self) -> str:
        """The activity as a headline."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def left(self) -> int:
        """Still to do."""
        return max(0, self.target - self.done)


def norms_today(viewer: Viewer, today: date, done: dict[Activity, int]) -> list[NormLine]:
    """Today's targets of the viewer beside what is done, nearest to the money last; 1 SQL statement.

    Args:
        viewer: Whose targets.
        today: The company's date.
        done: What the system has already seen, by activity.
    """
    rows = DailyTarget.objects.visible_to(viewer).filter(employee_id=viewer.own_id, on=today).values_list("activity", "amount")
    targets = {Activity(activity): amount for activity, amount in rows}
    return [
        NormLine(activity, str(ACTIVITY_NAMES[int(activity)]), targets.get(activity, 0), done.get(activity, 0))
        for activity in sorted({*targets, *done})
    ]


def cards_done(viewer: Viewer, today: date, *, days: int = 14) -> dict[date, int]:
    """Research cards that the viewer prepared, by day since `days` ago; 1 SQL statement."""
    mine = Task.objects.visible_to(viewer).filter(
        assignee_id=viewer.own_id,
        kind=Task.Kind.RESEARCH,
        status=Task.Status.DONE,
        done_at__date__gt=today - timedelta(days=days),
    )
    rows = mine.values("done_at__date").annotate(count=Count("pk")).order_by()
    return {row["done_at__date"]: row["count"] for row in rows}


def targets_by_day(viewer: Viewer, activity: Activity, first: date, last: date) -> dict[date, int]:
    """The viewer's targets of one activity by day; 1 SQL statement."""
    rows = DailyTarget.objects.visible_to(viewer).filter(
        employee_id=viewer.own_id, activity=int(activity), on__range=(first, last)
    )
    return dict(rows.values_list("on", "amount"))


@dataclass(frozen=True, slots=True)
class CallDay:
    """What a caller did on one day."""

    dials: int = 0
    conversations: int = 0
    warm: int = 0


def calls_by_day(viewer: Viewer, today: date, *, days: int = 14) -> dict[date, CallDay]:
    """The viewer's own calls by day since `days` ago; 1 SQL statement."""
    rows = (
        Call.objects.visible_to(viewer)
        .filter(employee_id=viewer.own_id, called_on__gt=today - timedelta(days=days), called_on__lte=today)
        .values("called_on")
        .annotate(
            dials=Count("pk"),
            conversations=Count("pk", filter=Q(outcome__in=Call.CONVERSATIONS)),
            warm=Count("pk", filter=Q(outcome__in=Call.WARM)),
        )
        .order_by("called_on")
    )
    return {row["called_on"]: CallDay(row["dials"], row["conversations"], row["warm"]) for row in rows}


def calls_by_person(viewer: Viewer, first: date, last: date) -> dict[int, CallDay]:
    """Caller -> what the viewer's people did from `first` to `last`, both included; 1 SQL statement."""
    rows = (
        Call.objects.visible_to(viewer)
        .filter(called_on__range=(first, last))
        .values("employee_id")
        .annotate(
            dials=Count("pk"),
            conversations=Count("pk", filter=Q(outcome__in=Call.CONVERSATIONS)),
            warm=Count("pk", filter=Q(outcome__in=Call.WARM)),
        )
        .order_by()
    )
    return {row["employee_id"]: CallDay(row["dials"], row["conversations"], row["warm"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Promised:
    """Calls that the viewer has promised: how many, and when and on which list the first of them are."""

    count: int
    first: tuple[tuple[datetime, str], ...]

    @property
    def hidden(self) -> int:
        """Those that are counted and not shown."""
        return self.count - len(self.first)


def call_backs(viewer: Viewer, until: datetime, *, limit: int = 6) -> Promised:
    """What the viewer has promised to call up to `until`, soonest first; 1 SQL statement, counted as the cockpit counts it.

    Times and lists only: the company opens in the cockpit when its time has come, a list cannot be read ahead.
    """
    rows = CallListEntry.all_rows.filter(reserved_for_id=viewer.own_id, state=CallListEntry.State.WAITING, not_before__lt=until)
    named = rows.order_by("not_before").values_list("not_before", "call_list__name")[:MOST_PROMISES]
    found = [(at, name) for at, name in named if at is not None]
    return Promised(len(found), tuple(found[:limit]))
