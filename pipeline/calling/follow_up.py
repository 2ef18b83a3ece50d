"""What follows from a call beyond its entry: deals, relationships and tasks, and their ids for taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.people.models import Employee, User
from pipeline.calling.handover import assistant_for, seller_for
from pipeline.calling.hours import next_opening
from pipeline.calling.models import Call, CallList, CallListEntry
from pipeline.calling.reports import CallReport
from pipeline.clients.models import Company, Relationship
from pipeline.clients.services import take_relationship
from pipeline.deals.models import Deal
from pipeline.deals.services import FIRST_STAGE, MEETING_STAGE, DealDraft, open_deal, version_of
from pipeline.tasks.models import Task
from pipeline.tasks.services import TaskDraft, create_task
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.db.workdays import next_working_day

Outcome, Kind = Call.Outcome, Relationship.Kind


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
    def next_on(self) -> date:
        """The company's date of the next step; without one, the next working day."""
        at = self.report.next_step_at
        return at.astimezone(company_time_zone()).date() if at else next_working_day(clock.today())


@dataclass(slots=True)
class Created:
    """What a call brought about; `answer_at` is when an assistant's answer will be there."""

    deal: int | None = None
    deal_version: str = ""
    is_deal_new: bool = False
    tasks: list[int] = field(default_factory=list)
    relationships: list[int] = field(default_factory=list)
    answer_at: datetime | None = None

    def ids(self) -> dict[str, object]:
        """As JSON holds it, for `undo_last_call`."""
        return {
            "deal": self.deal,
            "deal_version": self.deal_version,
            "is_deal_new": self.is_deal_new,
            "tasks": self.tasks,
            "relationships": self.relationships,
        }


def follow_up(talk: Talk) -> Created:
    """Do what the outcome asks for; the caller has the transaction."""
    if talk.report.outcome in Call.WARM:
        return _hand_to_seller(talk)
    if talk.report.outcome == Outcome.INFORMATION:
        return _ask_assistant(talk)
    if talk.report.outcome == Outcome.CALL_BACK and talk.entry is None:
        return Created(tasks=[_task(talk, Task.Kind.CALL_BACK, talk.caller)])
    return Created()


def _hand_to_seller(talk: Talk) -> Created:
    Company.all_rows.select_for_update(of=("self",)).get(pk=talk.company.pk)
    seller = seller_for(company=talk.company, call_list=talk.call_list, on=clock.today())
    deal = Deal.all_rows.filter(company=talk.company, seller=seller, status=Deal.Status.OPEN).first()
    created = Created(is_deal_new=deal is None)
    deal = deal or _open_warm_deal(talk, seller)
    created.deal, created.deal_version = deal.pk, version_of(deal)
    opened = (_take(talk, talk.caller, Kind.TELESALES), _take(talk, seller, Kind.HUNTER))
    created.relationships = [row.pk for row in opened if row is not None]
    kind = Task.Kind.MEETING if talk.report.outcome == Outcome.MEETING else Task.Kind.FOLLOW_UP
    created.tasks = [_task(talk, kind, seller)]
    return created


def _open_warm_deal(talk: Talk, seller: Employee) -> Deal:
    is_meeting = talk.report.outcome == Outcome.MEETING
    draft = DealDraft(
        title=talk.company.name,
        company_id=talk.company.pk,
        seller_id=seller.pk,
        warmed_by_id=talk.caller.pk,
        product_id=talk.report.product_id,
        amount=talk.report.amount,
        next_step=talk.report.next_step.strip() or (_("Meeting") if is_meeting else _("First talk after the warm contact")),
        next_step_on=talk.next_on,
    )
    return open_deal(actor=talk.actor, draft=draft, stage=MEETING_STAGE if is_meeting else FIRST_STAGE)


def _take(talk: Talk, employee: Employee, kind: str) -> Relationship | None:
    """The relationship that was opened; None where somebody has it already."""
    today = clock.today()
    if Relationship.all_rows.filter(company=talk.company, kind=kind, valid__contains=today).exists():
        return None
    return take_relationship(actor=talk.actor, company=talk.company, employee=employee, kind=kind, from_on=today)


def _ask_assistant(talk: Talk) -> Created:
    assistant = assistant_for(caller=talk.caller, on=clock.today())
    due_on = next_working_day(clock.today())
    after = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), company_time_zone())
    task = _task(talk, Task.Kind.RESEARCH, assistant)
    return Created(tasks=[task], answer_at=next_opening(talk.company.time_zone, after))


def _task(talk: Talk, kind: str, assignee: Employee) -> int:
    is_research = kind == Task.Kind.RESEARCH
    draft = TaskDraft(
        kind=kind,
        title=f"{Task.Kind(kind).label}: {talk.company.name}"[:300],
        request="\n".join(filter(None, [talk.report.next_step.strip(), talk.report.note.strip()])),
        assignee_id=assignee.pk,
        company_id=talk.company.pk,
        contact_id=talk.report.contact_id,
        due_on=next_working_day(clock.today()) if is_research else talk.next_on,
        due_at=None if is_research else talk.report.next_step_at,
    )
    return int(create_task(actor=talk.actor, draft=draft).pk)
