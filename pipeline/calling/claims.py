"""The queue: who calls which company next. Nobody gets what somebody else has, and nobody waits for anybody."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.calling.hours import next_opening, open_zones, quarter_of, working_days_before
from pipeline.calling.models import CallList, CallListEntry, OpenZones
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed

CLAIM = "SELECT pipeline_claim_entry(%s, %s, %s, %s, %s)"
"""The order of the queue is in the function: `migrations/0011_claim_entry.py`."""
STALE_AFTER = timedelta(minutes=90)
"""Nobody talks to one company for longer; what is still claimed then was forgotten."""
PROMISE_KEPT_FOR = 2
"""Working days: a call-back that its caller has not made by then may be made by anyone on the list."""
PUNCTUAL = timedelta(hours=1)
"""Until then a promised time counts as agreed with the client; afterwards the client's working hours count."""
WAITING = """
WITH RECURSIVE
lists AS (
    SELECT l.id FROM pipeline_calllistmember m JOIN pipeline_calllist l ON l.id = m.call_list_id AND l.is_active
    WHERE m.employee_id = %(caller)s
),
-- The time zones in which untouched companies wait: one step through the index for each.
zones AS (
    SELECT l.id AS list_id, first.time_zone FROM lists l CROSS JOIN LATERAL (
        SELECT e.time_zone FROM pipeline_calllistentry e
        WHERE e.call_list_id = l.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
        ORDER BY e.time_zone LIMIT 1
    ) first
    UNION ALL
    SELECT zones.list_id, next.time_zone FROM zones CROSS JOIN LATERAL (
        SELECT e.time_zone FROM pipeline_calllistentry e
        WHERE e.call_list_id = zones.list_id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
          AND e.time_zone > zones.time_zone
        ORDER BY e.time_zone LIMIT 1
    ) next
),
-- When the first of those that did not answer comes again.
later AS (
    SELECT min(first.not_before) AS at FROM lists l CROSS JOIN LATERAL (
        SELECT e.not_before FROM pipeline_calllistentry e
        WHERE e.call_list_id = l.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before > %(now)s
        ORDER BY e.not_before LIMIT 1
    ) first
)
SELECT (SELECT at FROM later), ARRAY(SELECT DISTINCT time_zone FROM zones)
"""
"""What still waits on the caller's lists."""
ADD_UP = """
WITH spent AS (
    DELETE FROM pipeline_calllistcount WHERE (call_list_id, what) IN (
        SELECT call_list_id, what FROM pipeline_calllistcount GROUP BY call_list_id, what HAVING count(*) > 1
    ) RETURNING call_list_id, what, count
)
INSERT INTO pipeline_calllistcount (call_list_id, what, count)
SELECT call_list_id, what, sum(count) FROM spent GROUP BY call_list_id, what HAVING sum(count) <> 0
"""
NO_HOURS = -1
"""The queue's answer when nobody has asked in this quarter of an hour yet."""
TRIES = 8
State = CallListEntry.State


class Reason(StrEnum):
    """Why there is no next company."""

    NO_LIST = "no_list"
    BUDGET = "budget"
    CLOSED = "closed"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Claim:
    """The entry that the caller has in hand now, or why there is none and from when there may be one.

    `refusal` says what a spent budget for opening contacts has kept back.
    """

    entry_id: int | None
    reason: Reason | None = None
    next_at: datetime | None = None
    refusal: Issue | None = None


def claim_next_entry(*, actor: User) -> Claim:
    """Give the caller the next company, or again the one in hand.

    Order: what the caller holds; call-backs that the caller promised and that are due; companies that did not answer and
    are due again; untouched ones by priority. The last two only where it is between nine and six on a working day, and
    never a company that somebody else has promised to call or has taken today from another list. Never one that somebody
    else is calling.

    One SQL statement, three for the first caller of a quarter of an hour; locks one entry and waits for none. Two requests
    of one person at once are settled by unique indexes: the loser asks again and gets what the winner has got.

    Raises:
        NotAllowed: The actor is nobody's employee today.
    """
    caller, now = caller_of(actor), clock.now()
    day_begins = datetime.combine(clock.today(), time(), company_time_zone())
    parameters = (caller, now, now - PUNCTUAL, day_begins, quarter_of(now))
    for _attempt in range(TRIES):
        try:
            # A savepoint where there is a transaction to lose; by itself the one statement is its own transaction
            with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
                cursor.execute(CLAIM, parameters)
                found = cursor.fetchone()
        except IntegrityError:
            continue
        if found[0] == NO_HOURS:
            _open_quarter(quarter_of(now))
            continue
        return Claim(found[0]) if found[0] else _why_empty(caller, now)
    return _why_empty(caller, now)


@transaction.atomic
def release_entry(*, actor: User | None, entry: CallListEntry, reason: str = "", again_in: timedelta | None = None) -> bool:
    """Give a claimed entry back uncalled, in its old place; locks it.

    Args:
        actor: None for the system's own jobs.
        entry: What is given back.
        reason: For the audit trail.
        again_in: Nobody gets it again before; a promised call-back stays promised to its caller.

    Returns:
        Whether it was the actor's to give back; a second click finds it gone and changes nothing.
    """
    rows = CallListEntry.all_rows.filter(pk=entry.pk, state=State.CLAIMED)
    if actor is not None:
        rows = rows.filter(claimed_by_id=caller_of(actor))
    row = rows.select_for_update().first()
    if row is None:
        return False
    row.state = State.WAITING
    if again_in is not None:
        row.not_before = clock.now() + again_in
    row.save(update_fields=["state", "not_before"])
    record(
        actor=actor,
        action="entry.released",
        obj=row,
        after={"company": row.company_id, "caller": row.claimed_by_id, "reason": reason},
    )
    return True


@transaction.atomic
def release_stale_claims() -> int:
    """Free what was forgotten, for the sweeper: old claims, late promises, and everything of people who have left.

    A promise counts as late after `PROMISE_KEPT_FOR` working days, so what was promised for a Friday is kept over the weekend.

    A freed entry remembers its last caller, who may still log the call as long as nobody else has taken it.
    Three SQL statements; locks the entries that it frees. Doing it twice finds nothing left.

    Returns:
        How many entries were freed.
    """
    now, today = clock.now(), clock.today()
    gone = Employee.all_rows.filter(dismissed_on__lte=today)
    claimed = CallListEntry.all_rows.filter(state=State.CLAIMED)
    freed = claimed.filter(claimed_at__lt=now - STALE_AFTER).update(state=State.WAITING)
    freed += claimed.filter(claimed_by__in=gone).update(state=State.WAITING)
    reserved = CallListEntry.all_rows.filter(state=State.WAITING, reserved_for__isnull=False)
    freed += reserved.filter(not_before__lt=working_days_before(now, PROMISE_KEPT_FOR)).update(reserved_for=None)
    freed += reserved.filter(reserved_for__in=gone).update(reserved_for=None)
    OpenZones.all_rows.filter(quarter__lt=quarter_of(now - timedelta(days=1))).delete()
    if freed:
        record(actor=None, action="entries.swept", after={"count": freed})
    return freed


def held_entry(*, actor: User, entry_id: int) -> CallListEntry | None:
    """The entry if the caller has it, or had it last; None when it is somebody else's or absent. 1 SQL statement."""
    rows = CallListEntry.all_rows.select_related("company", "call_list")
    found: CallListEntry | None = rows.filter(pk=entry_id, claimed_by_id=caller_of(actor)).first()
    return found


def taken() -> Issue:
    """What is said when a company is no longer the caller's."""
    return Issue(
        "entry_is_taken",
        _("This company is not yours to call any more."),
        remedy=_("Take the next one; what you typed is kept as a draft."),
    )


def _open_quarter(quarter: int) -> None:
    """Write down which time zones are open; several may do so at once, all with the same answer."""
    OpenZones.all_rows.bulk_create([OpenZones(quarter=quarter, zones=open_zones(quarter))], ignore_conflicts=True)


def caller_of(actor: User) -> int:
    """The employee behind a user.

    Raises:
        NotAllowed: The user has no place in the structure today.
    """
    employee_id = viewer_for(actor).employee_id
    if employee_id is None:
        raise NotAllowed(Issue("nobody", _("You have no place in the structure today."), remedy=_("Ask the administrator.")))
    return employee_id


def add_up_counts() -> int:
    """Replace the rows that triggers have added to the counts of lists by their sums, for the sweeper; 1 SQL statement.

    Several may do so at once: each adds up only what it has removed.

    Returns:
        How many sums there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP)
        return int(cursor.rowcount)


def _why_empty(caller: int, now: datetime) -> Claim:
    """At most 4 SQL statements."""
    promised = CallListEntry.all_rows.filter(reserved_for=caller, state=State.WAITING, not_before__isnull=False)
    first = promised.order_by("not_before").values_list("not_before", "time_zone").first()
    own = max(first[0] or now, next_opening(first[1], now) if (first[0] or now) <= now else now) if first else None
    if own is None and not CallList.all_rows.filter(is_active=True, members__employee=caller).exists():
        return Claim(None, Reason.NO_LIST)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"caller": caller, "now": now})
        later, zones = cursor.fetchone()
    openings = [at for zone in zones if (at := next_opening(zone, now)) > now]
    soonest = min((at for at in (own, later, *openings) if at is not None), default=None)
    if soonest is None:
        return Claim(None, Reason.LATER if zones else Reason.DONE)
    is_closed = bool(openings) and min(openings) == soonest
    return Claim(None, Reason.CLOSED if is_closed else Reason.LATER, soonest)
