"""Calls and what they bring about: a logged call is one transaction, and a slip is taken back as exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.calling import policies
from pipeline.calling.claims import Claim, caller_of, claim_next_entry, held_entry, release_entry, release_stale_claims, taken
from pipeline.calling.follow_up import Created, Talk, follow_up
from pipeline.calling.lists import add_entries, create_list, set_members, update_list
from pipeline.calling.models import Call, CallListEntry, LastCall
from pipeline.calling.reports import KEEPS_TALKING, CallReport, check_report, fate_of
from pipeline.calling.taking import take_next_company
from pipeline.calling.undo import snapshot, undo_last_call
from pipeline.clients.models import Company
from pipeline.clients.policies import absent, require, sees_company
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.kernel.errors import Conflict

__all__ = [
    "CallReport",
    "Claim",
    "LoggedCall",
    "add_entries",
    "claim_next_entry",
    "create_list",
    "held_entry",
    "log_call",
    "log_company_call",
    "release_entry",
    "release_stale_claims",
    "set_members",
    "take_next_company",
    "undo_last_call",
    "update_list",
]

State = CallListEntry.State


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A call as written, and what it brought about. `is_repeat`: it was there already, nothing was written."""

    call_id: int
    called_on: date
    entry_id: int | None = None
    deal_id: int | None = None
    task_ids: tuple[int, ...] = ()
    is_repeat: bool = False


@transaction.atomic
def log_call(*, actor: User, entry: CallListEntry, report: CallReport) -> LoggedCall:
    """Log the call to the company that the caller has in hand, and everything that follows from its outcome.

    - no answer, busy, secretary: the entry waits for anyone, done after five attempts since somebody was last talked to
    - call back: the entry waits for this caller at the promised time
    - information: a research task for the caller's assistant, due on the next working day at the earliest; the entry waits
      for this caller until the answer is there
    - warm contact, meeting: a deal of the right seller (`handover.seller_for`), or the open one that this seller has with the
      company; relationships where there are none; a follow-up or a meeting for the seller
    - refused, wrong number: the entry is done
    - after these two, a warm contact and a meeting, the company waits on no other list either

    Sent twice, the second finds the call written and changes nothing, however late it comes. Locks the entry, those of other
    lists and, for a warm contact, the company.

    Args:
        actor: Who called.
        entry: Claimed by the actor; a claim that the sweeper took away counts until somebody else has the entry.
        report: What came of it.

    Raises:
        Conflict: The entry is somebody else's by now, or done.
        InvalidInput: Something is wrong with the report; nothing is written.
    """
    caller = Employee.all_rows.get(pk=caller_of(actor))
    row = CallListEntry.all_rows.select_for_update(of=("self",)).select_related("company", "call_list").get(pk=entry.pk)
    last = LastCall.all_rows.filter(employee=caller).first()
    if (logged := _repeated(row, caller, last)) is not None:
        return logged
    if row.claimed_by_id != caller.pk or row.state == State.DONE:
        raise Conflict(taken())
    check_report(report, row.company)
    talk = Talk(actor, caller, row.company, report, row)
    before = snapshot(row)
    created = follow_up(talk)
    call = _write_call(talk, created)
    _settle(talk, row, created)
    return _remember(talk, call, created, before)


@transaction.atomic
def log_company_call(*, actor: User, company: Company, report: CallReport) -> LoggedCall:
    """Log a call that came of no list: a seller to a client of their own. What follows is the same as for `log_call`.

    A call-back becomes a task of the caller. Arguments and errors as for `log_call`.

    Raises:
        NotAllowed: The actor's role does not call.
        NotVisible: The company is not the actor's.
    """
    require(policies.can_call(actor), problem=_("Your role does not call clients."))
    if not sees_company(actor, company):
        raise absent()
    check_report(report, company)
    talk = Talk(actor, Employee.all_rows.get(pk=caller_of(actor)), company, report)
    created = follow_up(talk)
    return _remember(talk, _write_call(talk, created), created, {})


def _repeated(row: CallListEntry, caller: Employee, last: LastCall | None) -> LoggedCall | None:
    """The call that this report was written as before; None when it is the first.

    The newest call is known with its tasks; an older one, logged before what the caller has called since, by its row.
    """
    if row.claimed_by_id != caller.pk or row.claimed_at is None:
        return None
    if last is not None and last.entry_id == row.pk and last.logged_at >= row.claimed_at:
        tasks = tuple(pk for pk, _version in last.created["tasks"])
        return LoggedCall(last.call_id, last.called_on, row.pk, last.created["deal"], tasks, is_repeat=True)
    if row.state == State.CLAIMED:
        return None
    since = row.claimed_at.astimezone(company_time_zone()).date()
    calls = Call.all_rows.filter(company_id=row.company_id, called_on__gte=since, entry=row, employee=caller).order_by("-pk")
    call = next((call for call in calls if call.ended_at >= row.claimed_at), None)
    return LoggedCall(call.pk, call.called_on, row.pk, call.deal_id, is_repeat=True) if call else None


def _write_call(talk: Talk, created: Created) -> Call:
    report, entry = talk.report, talk.entry
    call: Call = Call.all_rows.create(
        called_on=clock.today(),
        started_at=clock.now() - timedelta(seconds=report.duration_seconds),
        duration_seconds=report.duration_seconds,
        employee=talk.caller,
        company=talk.company,
        contact_id=talk.contact_id,
        entry=entry,
        deal_id=created.deal,
        outcome=report.outcome,
        note=report.note.strip(),
        next_step=report.next_step.strip(),
        next_step_at=report.next_step_at,
    )
    return call


def _settle(talk: Talk, row: CallListEntry, created: Created) -> None:
    fate = fate_of(row, talk.report, created.answer_at)
    row.state, row.not_before = fate.state, fate.not_before
    row.reserved_for_id = talk.caller.pk if fate.is_reserved else None
    row.attempts = 0 if talk.report.outcome in KEEPS_TALKING else row.attempts + 1
    row.save(update_fields=["state", "not_before", "reserved_for", "attempts"])


def _remember(talk: Talk, call: Call, created: Created, before: dict[str, object]) -> LoggedCall:
    LastCall.all_rows.update_or_create(
        employee=talk.caller,
        defaults={
            "call_id": call.pk,
            "called_on": call.called_on,
            "entry": talk.entry,
            "entry_before": before,
            "entry_after": snapshot(talk.entry) if talk.entry else {},
            "created": created.as_json(),
            "logged_at": clock.now(),
        },
    )
    tasks = tuple(created.tasks)
    after = {"company": call.company_id, "outcome": call.outcome, "deal": created.deal, "tasks": list(tasks)}
    record(actor=talk.actor, action="call.logged", obj=call, after=after)
    return LoggedCall(call.pk, call.called_on, talk.entry.pk if talk.entry else None, created.deal, tasks)
