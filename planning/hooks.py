"""What planning answers to the streets below, which may not import it: targets of the day and corrected working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.calling.norms import use_norms
from planning.calendar.models import CalendarCorrection
from planning.cascade.models import DailyTarget
from planning.engine.activities import Activity
from salesys.db.workdays import use_corrections

CODES: dict[int, str] = {
    Activity.DIALS: "dials",
    Activity.CONVERSATIONS: "conversations",
    Activity.WARM_CONTACTS: "warm_contacts",
    Activity.RESEARCH_CARDS: "cards",
    Activity.LETTERS: "letters",
}


def register() -> None:
    """Let the call queue and the cockpit ask planning; called once, when Django starts."""
    use_norms(targets_of_day)
    use_corrections(is_corrected, corrections_between)


def targets_of_day(employee_id: int, on: date) -> Mapping[str, int]:
    """A person's targets of one date by activity code; 1 SQL statement."""
    rows = DailyTarget.all_rows.filter(employee_id=employee_id, on=on, activity__in=CODES)
    return {CODES[activity]: int(amount) for activity, amount in rows.values_list("activity", "amount")}


def corrections_between(first: date, last: date) -> Mapping[date, bool]:
    """Corrected dates of a stretch, both ends included, and whether the company works on them; 1 SQL statement."""
    rows = CalendarCorrection.all_rows.filter(on__range=(first, last)).values_list("on", "hours")
    return {on: bool(hours > 0) for on, hours in rows}


def is_corrected(on: date) -> bool | None:
    """Whether the company works on a date that differs from its country's calendar; None where it does not. 1 SQL statement."""
    hours = CalendarCorrection.all_rows.filter(on=on).values_list("hours", flat=True).first()
    return None if hours is None else bool(hours > 0)
