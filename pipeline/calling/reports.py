"""What a caller says about a call, checked, and what it means for the entry of the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from pipeline.calling.hours import next_opening
from pipeline.calling.models import Call, CallListEntry
from pipeline.clients.models import Company, Contact
from salesys.db import clock
from salesys.kernel.errors import Issue, raise_if_any
from salesys.kernel.money import MAX_MONEY, ZERO

Outcome, State = Call.Outcome, CallListEntry.State
LONGEST_CALL = timedelta(hours=8)
LONGEST_NOTE = 20_000
FARTHEST_STEP = timedelta(days=366)
MOST_ATTEMPTS = 5
"""After so many dials that reached nobody, the company leaves the list."""
RETRY_AFTER = {
    Outcome.BUSY: timedelta(minutes=30),
    Outcome.NO_ANSWER: timedelta(hours=3),
    Outcome.GATEKEEPER: timedelta(hours=20),
}
KEEPS_TALKING = (Outcome.CALL_BACK, Outcome.INFORMATION)
"""Somebody was reached and wants to be called again: attempts are counted anew."""
NEEDS_TIME = (Outcome.CALL_BACK, Outcome.MEETING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """What came of a call.

    Attributes:
        outcome: Of `Call.Outcome`.
        note: What was said.
        next_step: What happens next; for `information`, what is to be found out.
        next_step_at: When; required for a call-back and for a meeting.
        duration_seconds: Of the talk.
        contact_id: With whom; the entry's contact by default.
        amount: Of the deal that a warm contact becomes, without VAT in the company's currency.
        product_id: Of that deal.
    """

    outcome: str
    note: str = ""
    next_step: str = ""
    next_step_at: datetime | None = None
    duration_seconds: int = 0
    contact_id: int | None = None
    amount: Decimal = ZERO
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an entry after a call."""

    state: str
    not_before: datetime | None = None
    is_reserved: bool = False


def check_report(report: CallReport, company: Company) -> None:
    """Check a report before anything is written; one SQL statement when a contact is named.

    Raises:
        InvalidInput: With every issue at once.
    """
    raise_if_any([*_outcome_issues(report), *_size_issues(report), *_contact_issues(report, company)])


def _outcome_issues(report: CallReport) -> Iterator[Issue]:
    if report.outcome not in Outcome.values:
        yield Issue("no_such_outcome", _("Choose an outcome."), "outcome", report.outcome, ", ".join(Outcome.values))
    at, now = report.next_step_at, clock.now()
    if at is None and report.outcome in NEEDS_TIME:
        yield Issue("no_time", _("When was it agreed for?"), "next_step_at", "", _("Choose a date and a time."))
    if at is not None and not now < at <= now + FARTHEST_STEP:
        yield Issue(
            "bad_time", _("The next step must lie ahead, within a year."), "next_step_at", str(at), _("Choose another date.")
        )


def _size_issues(report: CallReport) -> Iterator[Issue]:
    if not 0 <= report.duration_seconds <= LONGEST_CALL.total_seconds():
        value = str(report.duration_seconds)
        yield Issue(
            "bad_duration", _("A call lasts between nothing and eight hours."), "duration_seconds", value, _("Write seconds.")
        )
    if len(report.note) > LONGEST_NOTE or "\0" in report.note + report.next_step:
        yield Issue("bad_note", _("The note is too long."), "note", report.note[:80], _("Shorten it."))
    if len(report.next_step) > 200:
        yield Issue(
            "bad_next_step", _("The next step is too long."), "next_step", report.next_step[:80], _("Put details into the note.")
        )
    if not ZERO <= report.amount <= MAX_MONEY:
        yield Issue("bad_amount", _("The amount may not be negative."), "amount", str(report.amount), _("Use zero or more."))


def _contact_issues(report: CallReport, company: Company) -> Iterator[Issue]:
    if report.contact_id is not None and not Contact.all_rows.filter(pk=report.contact_id, company=company).exists():
        yield Issue(
            "no_such_contact", _("This person is not at this company."), "contact", str(report.contact_id), _("Choose another.")
        )


def fate_of(entry: CallListEntry, report: CallReport, answer_at: datetime | None) -> Fate:
    """What becomes of an entry: done, or waiting again for anyone, or for the caller at the promised time.

    Args:
        entry: As it is during the call; `attempts` counts the calls since somebody was last reached.
        report: Checked.
        answer_at: When the assistant's answer to a question of this call will be there.
    """
    outcome = Outcome(report.outcome)
    if outcome == Outcome.CALL_BACK:
        return Fate(State.WAITING, report.next_step_at, is_reserved=True)
    if outcome == Outcome.INFORMATION:
        return Fate(State.WAITING, report.next_step_at or answer_at, is_reserved=True)
    if outcome in RETRY_AFTER and entry.attempts + 1 < MOST_ATTEMPTS:
        return Fate(State.WAITING, next_opening(entry.time_zone, clock.now() + RETRY_AFTER[outcome]))
    return Fate(State.DONE)
