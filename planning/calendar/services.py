"""Changes of the company's working calendar."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from planning.calendar.models import CalendarCorrection
from planning.guard import require
from planning.policies import can_correct_calendar
from salesys.kernel.errors import invalid

LONGEST_DAY_HOURS = 12


@transaction.atomic
def correct_day(*, actor: User | None, on: date, hours: int, reason: str) -> CalendarCorrection:
    """Say how many hours the company works on a date; a second correction of the date replaces the first.

    Raises:
        InvalidInput: Hours outside 0 to 12, or no reason.
        NotAllowed: The actor does not keep the calendar.
    """
    require(actor, can_correct_calendar)
    if not 0 <= hours <= LONGEST_DAY_HOURS:
        raise invalid(
            "hours_of_a_day",
            _("A working day has 0 to 12 hours."),
            field="hours",
            value=hours,
            remedy=_("Write 0 for a day off, 8 for a whole day."),
        )
    if not reason.strip():
        raise invalid("reason_missing", _("There is no reason."), field="reason", remedy=_("Say why this day is different."))
    before = CalendarCorrection.all_rows.select_for_update().filter(on=on).first()
    values = {"hours": hours, "reason": reason.strip()}
    correction, _created = CalendarCorrection.all_rows.update_or_create(on=on, defaults=values)
    record(
        actor=actor,
        action="calendar.corrected",
        obj=correction,
        before={"hours": before.hours, "reason": before.reason} if before else {},
        after={"on": on, **values},
    )
    return correction


@transaction.atomic
def remove_correction(*, actor: User | None, correction: CalendarCorrection) -> None:
    """Let the country's calendar hold again on the date.

    Raises:
        NotAllowed: The actor does not keep the calendar.
    """
    require(actor, can_correct_calendar)
    record(
        actor=actor, action="calendar.correction_removed", obj=correction, before={"on": correction.on, "hours": correction.hours}
    )
    correction.delete()
