"""What follows from a call beyond its entry: deals, relationships and tasks, and their ids for taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.people.models import Employee, User
from accounts.roles import SELLING_ROLES, Role
from pipeline.calling.handover import assistant_for, seller_for
from pipeline.calling.holders import Mark, take_hunter, take_telesales
from pipeline.calling.hours import next_opening
from pipeline.calling.models import Call, CallList, CallListEntry
from pipeline.calling.reports import CallReport
from pipeline.clients.models import Company
from pipeline.deals.meetings import agree_meeting
from pipeline.deals.models import Deal
from pipeline.deals.services import FIRST_STAGE, MEETING_STAGE, DealDraft, open_deal, version_of
from pipeline.tasks.models import Task
from pipeline.tasks.services import TaskDraft, create_task, task_version
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from salesys.db.workdays import next_working_day

Outcome = Call.Outcome
SETTLING = (Outcome.WARM, Outcome.MEETING, Outcome.REFUSED, Outcome.WRONG_NUMBER)
"""After these nobody else calls the company cold, from whatever list."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A call that is being logged: who called whom, from which entry, and what they say about it."""

    actor: User
    caller: Employee
    company: Company
    report: CallReport
    entry: CallListEntry | None = None

    @property
    def call_list(self) -> CallList | None:
        """The list that the company was called from."""
        return self.entry.call_list if self.entry else None

    @property
    def contact_id(self) -> int | None:
        """Who was called."""
        return self.report.contact_id or (self.entry.contact_id if self.entry else None)

    @property
    def next_on(self) -> date:
        """The company's date of the next step; without one, the next working day."""
        at = self.report.next_step_at
        return at.astimezone(company_time_zone()).date() if at else next_working_day(clock.today())

    @property
    def is_meeting(self) -> bool:
        """Whether the client and we will sit down together."""
        return self.report.outcome == Outcome.MEETING

    @property
    def role(self) -> str:
        """The caller's role today."""
        return viewer_for(self.actor).role


@dataclass(slots=True)
class Created:
    """What a call brought about, each part as it was then, so that undoing it sees what has been worked on since.

    Attributes:
        deal: The deal that the contact became, or the open one that there was already.
        deal_version: The deal's, after the call.
        is_deal_new: Whether the call opened it.
        deal_before: Of a deal that there was already, what the call changed of it.
        tasks: Task -> its version.
        taken: Relationships that were opened, as `holders.mark_of` has them.
        replaced: Relationships that ended with it, as they were before.
        settled: Entries of the same company on other lists that nobody calls any more.
        answer_at: When an assistant's answer will be there.
    """

    deal: int | None = None
    deal_version: str = ""
    is_deal_new: bool = False
    deal_before: dict[str, object] = field(default_factory=dict)
    tasks: dict[int, str] = field(default_factory=dict)
    taken: list[Mark] = field(default_factory=list)
    replaced: list[Mark] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    answer_at: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """For `undo_last_call`."""
        kept = ("deal", "deal_version", "is_deal_new", "deal_before", "taken", "replaced", "settled")
        return {name: getattr(self, name) for name in kept} | {"tasks": list(self.tasks.items())}


def follow_up(talk: Talk) -> Created:
    """Do what the outcome asks for; the caller has the transaction."""
    created = _brought_about(talk)
    if talk.report.outcome in SETTLING:
        created.settled = _settle_other_lists(talk)
    return created


def _brought_about(talk: Talk) -> Created:
    if talk.report.outcome in Call.WARM:
        return _hand_to_seller(talk)
    if talk.report.outcome == Outcome.INFORMATION:
        return _ask_assistant(talk)
    if talk.report.outcome == Outcome.CALL_BACK and talk.entry is None:
        return Created(tasks=_task(talk, Task.Kind.CALL_BACK, talk.caller))
    return Created()


def _hand_to_seller(talk: Talk) -> Created:
    Company.all_rows.select_for_update(of=("self",)).get(pk=talk.company.pk)
    seller = _seller_of(talk)
    created = Created()
    open_deals = Deal.all_rows.select_for_update(of=("self",)).filter(company=talk.company, status=Deal.Status.OPEN)
    deal = open_deals.filter(seller=seller).select_related("stage").first()
    if deal is None:
        created.is_deal_new, deal = True, _open_warm_deal(talk, seller)
    elif talk.is_meeting:
        created.deal_before = agree_meeting(actor=talk.actor, deal=deal, next_step=_next_step(talk), on=talk.next_on)
    created.deal, created.deal_version = deal.pk, version_of(deal)
    if talk.role == Role.TELESALES:
        created.taken, created.replaced = take_telesales(actor=talk.actor, company=talk.company, caller=talk.caller)
    created.taken += take_hunter(actor=talk.actor, company=talk.company, seller=seller)
    created.tasks = _task(talk, Task.Kind.MEETING if talk.is_meeting else Task.Kind.FOLLOW_UP, seller)
    return created


def _seller_of(talk: Talk) -> Employee:
    """Who sells and has called a client of their own goes on with it; what comes of a list goes to whom the list says."""
    if talk.entry is None and talk.role in SELLING_ROLES:
        return talk.caller
    return seller_for(company=talk.company, call_list=talk.call_list, on=clock.today())


def _open_warm_deal(talk: Talk, seller: Employee) -> Deal:
    draft = DealDraft(
        title=talk.company.name,
        company_id=talk.company.pk,
        seller_id=seller.pk,
        warmed_by_id=talk.caller.pk if talk.role == Role.TELESALES else None,
        product_id=talk.report.product_id,
        amount=talk.report.amount,
        next_step=_next_step(talk),
        next_step_on=talk.next_on,
    )
    return open_deal(actor=talk.actor, draft=draft, stage=MEETING_STAGE if talk.is_meeting else FIRST_STAGE)


def _next_step(talk: Talk) -> str:
    return talk.report.next_step.strip() or (_("Meeting") if talk.is_meeting else _("First talk after the warm contact"))


def _settle_other_lists(talk: Talk) -> list[int]:
    """Take the company off other lists; ids of the entries. A wrong number says nothing about the company's other people."""
    rows = CallListEntry.all_rows.filter(company=talk.company, state=CallListEntry.State.WAITING)
    if talk.entry is not None:
        rows = rows.exclude(pk=talk.entry.pk)
    if talk.report.outcome == Outcome.WRONG_NUMBER:
        rows = rows.filter(Q(contact_id=talk.contact_id))
    ids = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    CallListEntry.all_rows.filter(pk__in=ids).update(state=CallListEntry.State.DONE)
    return ids


def _ask_assistant(talk: Talk) -> Created:
    assistant = assistant_for(caller=talk.caller, on=clock.today())
    due_on = next_working_day(clock.today())
    after = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), company_time_zone())
    task = _task(talk, Task.Kind.RESEARCH, assistant)
    return Created(tasks=task, answer_at=next_opening(talk.company.time_zone, after))


def _task(talk: Talk, kind: str, assignee: Employee) -> dict[int, str]:
    """The task that was created, and its version."""
    is_research = kind == Task.Kind.RESEARCH
    draft = TaskDraft(
        kind=kind,
        title=f"{capfirst(Task.Kind(kind).label)}: {talk.company.name}"[:300],
        request="\n".join(filter(None, [talk.report.next_step.strip(), talk.report.note.strip()])),
        assignee_id=assignee.pk,
        company_id=talk.company.pk,
        contact_id=talk.report.contact_id,
        due_on=next_working_day(clock.today()) if is_research else talk.next_on,
        due_at=None if is_research else talk.report.next_step_at,
    )
    made = create_task(actor=talk.actor, draft=draft)
    return {made.pk: task_version(made)}
