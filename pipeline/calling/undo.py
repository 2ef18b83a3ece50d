"""Taking back the outcome of the newest call: the database ends as if it had not been logged."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.calling.claims import caller_of
from pipeline.calling.drafts import keep_report
from pipeline.calling.holders import give_back
from pipeline.calling.models import Call, CallListEntry, LastCall
from pipeline.deals.meetings import take_meeting_back
from pipeline.deals.models import Deal, StageChange
from pipeline.deals.services import version_of
from pipeline.tasks.models import Task
from pipeline.tasks.services import task_version
from salesys.db import clock
from salesys.kernel.errors import Conflict, Issue

UNDO_WITHIN = timedelta(minutes=10)
State = CallListEntry.State


def snapshot(entry: CallListEntry) -> dict[str, object]:
    """What a call changes on its entry, as JSON holds it."""
    return {
        "state": str(entry.state),
        "not_before": entry.not_before.astimezone(UTC).isoformat() if entry.not_before else None,
        "reserved_for_id": entry.reserved_for_id,
        "attempts": entry.attempts,
    }


@transaction.atomic
def undo_last_call(*, actor: User) -> CallListEntry | None:
    """Take back the caller's newest call with the deal, tasks and relationships that it made; its entry is as before.

    What the caller has taken since goes back to the list, and the entry of the call is in hand again. What was typed is the
    caller's draft for the company again. Locks both entries, the deal, the tasks and the relationships.

    Returns:
        The entry that is in hand again; None when the call came of no list.

    Raises:
        Conflict: There is nothing to take back, it is too long ago, or somebody has worked on with it meanwhile.
    """
    caller = caller_of(actor)
    last = LastCall.all_rows.select_for_update(of=("self",)).filter(employee_id=caller).first()
    if last is None or clock.now() - last.logged_at > UNDO_WITHIN:
        raise Conflict(
            Issue(
                "nothing_to_undo",
                _("There is no outcome to take back."),
                remedy=_("Only the newest can be, for ten minutes."),
            )
        )
    call = Call.all_rows.get(pk=last.call_id, called_on=last.called_on)
    _take_back_followers(actor, last, call)
    record(
        actor=actor,
        action="call.undone",
        obj=call,
        before={"company": call.company_id, "outcome": call.outcome, "note": call.note},
    )
    Call.all_rows.filter(pk=last.call_id, called_on=last.called_on).delete()
    entry = _put_back(last, last.entry_id, caller) if last.entry_id else None
    last.delete()
    return entry


def _take_back_followers(actor: User, last: LastCall, call: Call) -> None:
    """What followed from the call, as `follow_up.Created` has kept it."""
    created = last.created
    _delete_tasks(dict(created["tasks"]))
    keep_report(actor=actor, call=call, deal=_take_deal_back(actor, created))
    if not give_back(taken=created["taken"], replaced=created["replaced"], taken_on=last.called_on):
        raise _moved_on(_("Somebody has given this client to another person."))
    settled = CallListEntry.all_rows.filter(pk__in=created["settled"], state=State.DONE)
    settled.update(state=State.WAITING)


def _moved_on(what: str) -> Conflict:
    return Conflict(Issue("moved_on", what, remedy=_("Log another call, or ask your head.")))


def _delete_tasks(versions: dict[int, str]) -> None:
    tasks = list(Task.all_rows.select_for_update(of=("self",)).filter(pk__in=versions))
    if {task.pk: task_version(task) for task in tasks} != versions or any(task.status != Task.Status.OPEN for task in tasks):
        raise _moved_on(_("Somebody has begun the task that came of this call."))
    Task.all_rows.filter(pk__in=versions).delete()


def _take_deal_back(actor: User, created: dict[str, Any]) -> Deal | None:
    """Delete the deal that the call opened, or put the one that it moved back; returns the deleted one as it was."""
    if not created["is_deal_new"] and not created["deal_before"]:
        return None
    deal = Deal.all_rows.select_for_update(of=("self",)).filter(pk=created["deal"]).first()
    if deal is None or version_of(deal) != created["deal_version"] or deal.status != Deal.Status.OPEN:
        raise _moved_on(_("Somebody has worked on the deal that came of this call."))
    if created["deal_before"]:
        take_meeting_back(actor=actor, deal=deal, before=created["deal_before"])
        return None
    StageChange.all_rows.filter(deal=deal).delete()
    Deal.all_rows.filter(pk=deal.pk).delete()
    return deal


def _put_back(last: LastCall, entry_id: int, caller: int) -> CallListEntry:
    entry: CallListEntry = CallListEntry.all_rows.select_for_update(of=("self",)).get(pk=entry_id)
    if snapshot(entry) != last.entry_after:
        raise _moved_on(_("Somebody has this company in hand already."))
    CallListEntry.all_rows.filter(claimed_by_id=caller, state=State.CLAIMED).update(state=State.WAITING)
    for name, value in last.entry_before.items():
        setattr(entry, name, parse_datetime(value) if name == "not_before" and value else value)
    entry.state, entry.claimed_by_id, entry.claimed_at = State.CLAIMED, caller, clock.now()
    try:
        with transaction.atomic():
            entry.save(update_fields=[*last.entry_before, "claimed_by", "claimed_at"])
    except IntegrityError:
        raise _moved_on(_("Somebody has this company in hand already.")) from None
    return entry
