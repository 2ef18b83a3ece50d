"""A meeting that a call has agreed on moves an open deal forward, and a slip of that call moves it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.deals.models import Deal, Stage, StageChange
from pipeline.deals.services import MEETING_STAGE
from salesys.db import clock


def agree_meeting(*, actor: User | None, deal: Deal, next_step: str, on: date) -> dict[str, object]:
    """Set the next step of an open deal, and its stage where that is below the meeting; for whoever agreed on the meeting.

    Whether they may change deals is not asked: a call brings it about. The caller has the transaction and the row's lock.

    Args:
        actor: Who agreed on it.
        deal: Open, with its stage.
        next_step: In words.
        on: The date of the meeting.

    Returns:
        What stood there before, as JSON holds it, for `take_meeting_back`.
    """
    before: dict[str, object] = {"stage": deal.stage_id, "next_step": deal.next_step, "next_step_on": deal.next_step_on}
    updated_at, step = deal.updated_at, None
    meeting = Stage.all_rows.filter(code=MEETING_STAGE, kind=Stage.Kind.OPEN).first()
    is_below = meeting is not None and deal.stage.position < meeting.position
    deal.next_step, deal.next_step_on = next_step, on
    if meeting is not None and is_below:
        previous, deal.stage = deal.stage, meeting
        step = StageChange.all_rows.create(deal=deal, from_stage=previous, to_stage=meeting, on=clock.today(), by=actor)
    deal.save(update_fields=["stage", "next_step", "next_step_on", "updated_at"])
    after = {"stage": deal.stage_id, "next_step": next_step, "next_step_on": on}
    record(actor=actor, action="deal.moved" if is_below else "deal.updated", obj=deal, before=before, after=after)
    kept = {"next_step_on": str(before["next_step_on"] or ""), "updated_at": updated_at.isoformat()}
    return {**before, **kept, "step": step.pk if step else None}


def take_meeting_back(*, actor: User | None, deal: Deal, before: dict[str, Any]) -> None:
    """Put a deal back as `agree_meeting` found it; the caller has its lock and knows that nobody has changed it since."""
    StageChange.all_rows.filter(pk=before["step"]).delete()
    next_step_on, updated_at = parse_date(str(before["next_step_on"])), parse_datetime(str(before["updated_at"]))
    values = {"next_step": before["next_step"], "next_step_on": next_step_on, "updated_at": updated_at}
    Deal.all_rows.filter(pk=deal.pk).update(stage_id=before["stage"], **values)
    record(
        actor=actor,
        action="deal.move_undone",
        obj=deal,
        before={"stage": deal.stage_id, "next_step": deal.next_step, "next_step_on": deal.next_step_on},
        after={"stage": before["stage"], "next_step": before["next_step"], "next_step_on": next_step_on},
    )
