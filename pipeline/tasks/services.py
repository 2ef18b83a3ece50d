"""Work handed between roles: who asks, who does, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.clients.policies import require
from pipeline.clients.queries import clients_left
from pipeline.tasks import policies
from pipeline.tasks.models import ResearchCard, Task
from salesys.db import clock
from salesys.db.drafts import save_draft
from salesys.db.rows import check_coming, check_planned, check_row
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, Issue, invalid

Kind, Status = Task.Kind, Task.Status
BATCH = 2_000
REOPEN_WITHIN = timedelta(minutes=10)
"""A slip is noticed at once; what was finished earlier is done again as a new task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """A task to be created. `author_id` None: the actor's employee, or nobody for the system's own tasks."""

    kind: str
    title: str
    assignee_id: int
    due_on: date
    request: str = ""
    author_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    due_at: datetime | None = None
    is_urgent: bool = False
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """What an assistant has found out about a company."""

    brief: str
    decision_maker: str = ""
    needs: str = ""
    sources: str = ""


CARD_FIELDS = tuple(field.name for field in fields(CardDraft))


@transaction.atomic
def create_task(*, actor: User | None, draft: TaskDraft) -> Task:
    """Hand a piece of work to somebody.

    Raises:
        InvalidInput: No title, no such kind, company or person, or research without a company.
        NotAllowed: The actor has no tasks and sees none.
    """
    if actor is not None:
        require(policies.can_give_tasks(actor), problem=_("Who has no tasks gives none."))
    return give_task(actor=actor, draft=draft)


@transaction.atomic
def give_task(*, actor: User | None, draft: TaskDraft) -> Task:
    """Hand out the work that another deed of the actor brings about, such as a dismissal; whoever may do that may cause this.

    Raises:
        InvalidInput: As for `create_task`.
    """
    row = _row(actor, draft)
    _check(row)
    row.save()
    record(
        actor=actor, action="task.created", obj=row, after={"kind": row.kind, "assignee": row.assignee_id, "due_on": row.due_on}
    )
    return row


@transaction.atomic
def create_tasks(*, actor: User | None, drafts: Iterable[TaskDraft]) -> list[Task]:
    """Hand out many pieces of work in batches of `BATCH` rows; references are checked by the database alone.

    Returns:
        The tasks in the order of `drafts`, with their ids.
    """
    rows: list[Task] = Task.all_rows.bulk_create([_row(actor, draft) for draft in drafts], batch_size=BATCH)
    if rows:
        record(actor=actor, action="tasks.created", after={"count": len(rows), "first": rows[0].pk, "last": rows[-1].pk})
    return rows


@transaction.atomic
def start_task(*, actor: User | None, task: Task) -> Task:
    """Say that somebody is working on it; started already changes nothing. Locks the task.

    Raises:
        Conflict: It is done or cancelled.
        NotAllowed: It is somebody else's.
    """
    row = _locked(actor, task)
    if row.status == Status.OPEN:
        _set_status(actor, row, Status.IN_PROGRESS, "task.started")
    elif row.status != Status.IN_PROGRESS:
        raise _over(row)
    return row


@transaction.atomic
def finish_task(*, actor: User | None, task: Task, result: str = "", card: CardDraft | None = None) -> Task:
    """Say what came of a task; a research task leaves a card on its company. Done already changes nothing. Locks the task.

    Args:
        actor: None for the system's own jobs.
        task: Read through the scope by the caller.
        result: What came of it, in words.
        card: Required for research, refused for other kinds.

    Raises:
        Conflict: It was cancelled.
        InvalidInput: Research without a brief, a card for other work, or clients that are not handed over yet.
        NotAllowed: It is somebody else's.
    """
    row = _locked(actor, task)
    if row.status == Status.DONE:
        return row
    if row.status == Status.CANCELLED:
        raise _over(row)
    if row.kind == Kind.RESEARCH:
        _write_card(row, card)
    elif card is not None:
        _refuse_card(row)
    if row.person is not None:
        _require_handed_over(row.person)
    row.result, row.done_at = result, clock.now()
    _set_status(actor, row, Status.DONE, "task.finished", "result", "done_at")
    return row


@transaction.atomic
def reopen_task(*, actor: User | None, task: Task) -> Task:
    """Take back `finish_task` after a slip: the task is in progress again and the card just written is gone. Locks the task.

    What was written is the draft of whoever takes it back and of who does the task, so the form comes back as it was sent.

    Raises:
        Conflict: It is not done, or was done more than `REOPEN_WITHIN` ago.
        NotAllowed: It is somebody else's.
    """
    row = _locked(actor, task)
    if row.status != Status.DONE:
        raise Conflict(Issue("task_is_not_done", _("This task is not done."), remedy=_("Reload the page.")))
    if not can_be_reopened(row):
        remedy = _("Only what was finished in the last ten minutes can be; ask for a new task.")
        raise Conflict(Issue("done_too_long_ago", _("This task was finished too long ago to be taken back."), remedy=remedy))
    _keep_text(actor, row)
    ResearchCard.all_rows.filter(task=row).delete()
    row.done_at = None
    _set_status(actor, row, Status.IN_PROGRESS, "task.reopened", "done_at")
    return row


def can_be_reopened(task: Task) -> bool:
    """Whether it was finished so lately that it may have been a slip."""
    return task.status == Status.DONE and task.done_at is not None and clock.now() - task.done_at <= REOPEN_WITHIN


@transaction.atomic
def reassign_task(*, actor: User | None, task: Task, assignee: Employee) -> Task:
    """Give an open task to somebody else, to be begun anew; the same person changes nothing. Locks the task.

    Raises:
        Conflict: It is done or cancelled.
        InvalidInput: The person does not work here today.
        NotAllowed: The actor neither asked for it nor heads its assignee.
    """
    row = _lock(task)
    if actor is not None:
        require(
            policies.can_direct_task(actor, row), problem=_("Only who asked for it, or a head, gives a task to somebody else.")
        )
    if row.status not in Task.OPEN:
        raise _over(row)
    if row.assignee_id == assignee.pk:
        return row
    _require_working(assignee)
    before = {"assignee": row.assignee_id, "status": row.status}
    row.assignee, row.status = assignee, Status.OPEN
    row.save(update_fields=["assignee", "status", "updated_at"])
    record(actor=actor, action="task.reassigned", obj=row, before=before, after={"assignee": assignee.pk, "status": row.status})
    return row


@transaction.atomic
def cancel_task(*, actor: User | None, task: Task, reason: str = "") -> Task:
    """Say that it need not be done any more; cancelled already changes nothing. Locks the task.

    Raises:
        Conflict: It is done.
        InvalidInput: Somebody who is dismissed still has clients.
        NotAllowed: The actor neither asked for it nor heads its assignee.
    """
    row = _lock(task)
    if actor is not None:
        require(policies.can_direct_task(actor, row), problem=_("Only who asked for it, or a head, cancels a task."))
    if row.status == Status.DONE:
        raise _over(row)
    if row.status != Status.CANCELLED:
        if row.person is not None and row.person.dismissed_on is not None:
            _require_handed_over(row.person)
        row.result = reason
        _set_status(actor, row, Status.CANCELLED, "task.cancelled", "result")
    return row


@transaction.atomic
def add_cards(*, actor: User | None, cards: Iterable[ResearchCard]) -> int:
    """Write many prepared cards (of an import, of made-up data) in batches; returns how many."""
    rows = ResearchCard.all_rows.bulk_create(list(cards), batch_size=BATCH)
    record(actor=actor, action="cards.added", after={"count": len(rows)})
    return len(rows)


def draft_key(task_id: int) -> str:
    """Under which an unfinished result or card is kept while it is typed."""
    return f"task-{task_id}"


def task_version(task: Task) -> str:
    """Tells whether a task was changed since."""
    return str(int(task.updated_at.timestamp() * 1_000_000))


def _row(actor: User | None, draft: TaskDraft) -> Task:
    row = Task(**{field.name: getattr(draft, field.name) for field in fields(draft)})
    if row.author_id is None and actor is not None:
        row.author_id = viewer_for(actor).employee_id
    return row


def _check(row: Task) -> None:
    if row.kind == Kind.HAND_OVER and row.person_id is None:
        raise invalid(
            "no_person",
            _("Clients are handed over when somebody is dismissed."),
            field="kind",
            value=row.kind,
            remedy=_("Choose another kind."),
        )
    check_row(row)
    check_planned(due_at=row.due_at)
    check_coming(due_on=row.due_on)
    if row.kind == Kind.RESEARCH and row.company_id is None:
        raise invalid("no_company", _("Research needs a company."), field="company", remedy=_("Choose the company to look into."))
    _require_working(row.assignee)


def _require_working(employee: Employee) -> None:
    if employee.dismissed_on is not None and employee.dismissed_on <= clock.today():
        raise invalid(
            "does_not_work_here",
            _("This person does not work here any more."),
            field="assignee",
            value=employee,
            remedy=_("Choose a colleague who does."),
        )


def _require_handed_over(person: Employee) -> None:
    if count := clients_left(person):
        problem = ngettext("%(count)d client is still with %(name)s.", "%(count)d clients are still with %(name)s.", count) % {
            "count": count,
            "name": person.full_name,
        }
        raise invalid("clients_left", problem, field="result", value=count, remedy=_("Hand them over first."))


def _lock(task: Task) -> Task:
    row: Task = (
        Task.all_rows.select_for_update(of=("self",)).select_related("company", "person", "assignee__user").get(pk=task.pk)
    )
    return row


def _locked(actor: User | None, task: Task) -> Task:
    row = _lock(task)
    if actor is not None:
        require(policies.can_work_on_task(actor, row), problem=_("This task is somebody else's."))
    return row


def _over(row: Task) -> Conflict:
    problem = _("This task is done already.") if row.status == Status.DONE else _("This task was cancelled.")
    return Conflict(Issue("task_is_over", problem, "status", row.status, _("Reload the page.")))


def _set_status(actor: User | None, row: Task, status: str, action: str, *also: str) -> None:
    before = {"status": row.status}
    row.status = status
    row.save(update_fields=["status", "updated_at", *also])
    record(actor=actor, action=action, obj=row, before=before, after={"status": status})


def _refuse_card(row: Task) -> None:
    raise invalid(
        "no_card_here",
        _("Only research leaves a card."),
        field="card",
        value=row.kind,
        remedy=_("Write what came of it into the result."),
    )


def _keep_text(actor: User | None, row: Task) -> None:
    card = ResearchCard.all_rows.filter(task=row).first()
    written = {name: getattr(card, name) for name in CARD_FIELDS} if card is not None else {}
    for user in {actor, row.assignee.user} - {None}:
        save_draft(user=user, key=draft_key(row.pk), fields={**written, "result": row.result})


def _write_card(row: Task, card: CardDraft | None) -> None:
    if row.company_id is None or card is None or not card.brief.strip():
        raise invalid(
            "no_brief", _("The card is empty."), field="brief", remedy=_("Write what the caller should know in a few lines.")
        )
    written = ResearchCard(
        company_id=row.company_id,
        task=row,
        author_id=row.assignee_id,
        brief=card.brief.strip(),
        decision_maker=card.decision_maker.strip(),
        needs=card.needs.strip(),
        sources=card.sources.strip(),
        prepared_on=clock.today(),
    )
    check_row(written)
    written.save()
