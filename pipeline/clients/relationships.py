"""Writes on who holds which client: a change closes one dated row and opens the next, so every past day keeps its answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.clients import policies
from pipeline.clients.models import Company, Relationship
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, Issue, invalid

Kind = Relationship.Kind


@dataclass(frozen=True, slots=True)
class HandOver:
    """Clients whose relationship went from one person to another; what is dated ahead is told at once, too."""

    former_id: int
    holder_id: int
    company_ids: tuple[int, ...]


Follower = Callable[[HandOver], object]
_followers: list[Follower] = []


def follow_hand_overs(follower: Follower) -> None:
    """Tell `follower` of each hand-over, in the transaction of the deed.

    A house that stands above this one registers once, when Django starts.
    """
    if follower not in _followers:
        _followers.append(follower)


def _tell(former_id: int, holder: Employee, company_ids: Iterable[int]) -> None:
    for follower in _followers:
        follower(HandOver(former_id, holder.pk, tuple(company_ids)))


@dataclass(frozen=True, slots=True)
class Holding:
    """One relationship to open in bulk; `to_on` is the first date on which it no longer holds."""

    company_id: int
    employee_id: int
    kind: str
    from_on: date
    to_on: date | None = None


@transaction.atomic
def take_relationship(*, actor: User | None, company: Company, employee: Employee, kind: str, from_on: date) -> Relationship:
    """Open a relationship that nobody has; the same person again changes nothing. Locks the company.

    Raises:
        Conflict: Somebody else has it on that date.
        InvalidInput: The person does not work here on that date.
    """
    _lock(company)
    current = _current(company, kind, from_on)
    if current is not None and current.employee_id != employee.pk:
        raise Conflict(
            Issue(
                "held_by_another",
                _("Somebody else holds this client."),
                "employee",
                str(employee),
                _("A head can hand the client over."),
            )
        )
    return current or _open(actor, _Wanted(company, employee, kind, from_on))


@transaction.atomic
def hand_over_company(
    *, actor: User | None, company: Company, employee: Employee, kind: str, from_on: date, reason: str = ""
) -> Relationship:
    """Give a relationship to somebody from a date on: the present one ends there. Locks the company.

    What was planned after `from_on` stays: the new row ends where the next begins. A relationship that began on the very
    date has held for no day yet, so it changes its holder instead of being closed.

    Args:
        actor: None for the system's own jobs.
        company: Read through the scope by the caller.
        employee: The new holder; the present one again changes nothing.
        kind: Of `Relationship.Kind`; other kinds of the same company are not touched.
        from_on: The first date of the new holder.
        reason: Kept on the row and shown in the history.

    Raises:
        InvalidInput: No such kind, the person does not work here on that date, or a head names a day that is over.
        NotAllowed: The actor is not a head of this client, or a head who would take it.
    """
    if actor is not None:
        policies.require(policies.can_hand_over_company(actor, company), problem=_("Only heads hand clients over."))
        _require_fair(actor, employee, from_on)
    _lock(company)
    current = _current(company, kind, from_on)
    if current is None:
        return _open(actor, _Wanted(company, employee, kind, from_on, reason))
    if current.employee_id == employee.pk:
        return current
    _require_working(employee, from_on)
    if current.valid_from == from_on:
        return _replace_holder(actor, current, employee, reason)
    end = current.valid_to
    current.close_on(from_on)
    current.save(update_fields=["valid"])
    opened = _open(actor, _Wanted(company, employee, kind, from_on, reason, end, current.employee_id))
    _tell(current.employee_id, employee, [company.pk])
    return opened


@transaction.atomic
def reassign_clients_of(
    *, actor: User | None, employee: Employee, to: Employee, from_on: date, kinds: Collection[str] = Relationship.HOLDING
) -> int:
    """Hand all clients of a person who leaves to somebody else from a date on; 4 SQL statements however many there are.

    Locks the companies in order, as every change of their holders does first, then the relationships. Doing it twice finds
    nothing left to do.

    Returns:
        How many relationships changed hands.

    Raises:
        InvalidInput: The new holder does not work here on that date, or is the same person; or a head names a day that is over.
        NotAllowed: The actor is not a head of that person, or a head who would take the clients.
    """
    if actor is not None:
        policies.require(
            policies.can_reassign_clients(actor, employee.pk), problem=_("Only their heads reassign a person's clients.")
        )
        _require_fair(actor, to, from_on)
    if employee.pk == to.pk:
        raise invalid("same_person", _("This is the same person."), field="to", value=to, remedy=_("Choose another colleague."))
    _require_working(to, from_on)
    reason = _("reassigned from %(name)s") % {"name": employee.full_name}
    _lock_clients_of(employee, kinds)
    with connection.cursor() as cursor:
        cursor.execute(REASSIGN, {"from": employee.pk, "to": to.pk, "on": from_on, "kinds": list(kinds), "reason": reason[:200]})
        company_ids = [row[0] for row in cursor.fetchall()]
    record(
        actor=actor,
        action="clients.reassigned",
        obj=employee,
        before={"employee": employee.pk},
        after={"employee": to.pk, "from_on": from_on, "companies": company_ids},
    )
    _tell(employee.pk, to, company_ids)
    return len(company_ids)


@transaction.atomic
def open_relationships(*, actor: User | None, holdings: Iterable[Holding]) -> int:
    """Open many relationships in one SQL statement; those that would overlap an earlier one of the same kind are left out.

    Returns:
        How many were opened.
    """
    rows = list(holdings)
    parameters: dict[str, Any] = {
        "company": [row.company_id for row in rows],
        "employee": [row.employee_id for row in rows],
        "kind": [row.kind for row in rows],
        "from": [row.from_on for row in rows],
        "to": [row.to_on for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN_MANY, parameters)
        opened = int(cursor.rowcount)
    record(actor=actor, action="relationships.opened", after={"count": opened})
    return opened


REASSIGN = """
WITH held AS (
    -- what still holds on the date or begins later
    SELECT id, company_id, kind, valid FROM pipeline_relationship
    WHERE employee_id = %(from)s AND kind = ANY(%(kinds)s) AND (valid @> %(on)s::date OR lower(valid) > %(on)s::date)
    FOR UPDATE
),
whole AS (
    -- not begun yet: only the holder changes
    UPDATE pipeline_relationship r SET employee_id = %(to)s, reason = %(reason)s
    FROM held WHERE r.id = held.id AND lower(held.valid) >= %(on)s::date
    RETURNING r.company_id
),
closed AS (
    UPDATE pipeline_relationship r SET valid = daterange(lower(held.valid), %(on)s::date)
    FROM held WHERE r.id = held.id AND lower(held.valid) < %(on)s::date
    RETURNING r.company_id, held.kind, upper(held.valid) AS until
),
opened AS (
    INSERT INTO pipeline_relationship (company_id, employee_id, kind, valid, reason)
    SELECT company_id, %(to)s, kind, daterange(%(on)s::date, until), %(reason)s FROM closed
    RETURNING company_id
)
SELECT company_id FROM whole UNION ALL SELECT company_id FROM opened ORDER BY 1
"""

OPEN_MANY = """
INSERT INTO pipeline_relationship (company_id, employee_id, kind, valid, reason)
SELECT wanted.company_id, wanted.employee_id, wanted.kind, daterange(wanted.from_on, wanted.to_on), ''
FROM unnest(%(company)s::bigint[], %(employee)s::bigint[], %(kind)s::text[], %(from)s::date[], %(to)s::date[]) WITH ORDINALITY
    AS wanted(company_id, employee_id, kind, from_on, to_on, place)
WHERE NOT EXISTS (
    SELECT FROM pipeline_relationship r
    WHERE r.company_id = wanted.company_id AND r.kind = wanted.kind AND r.valid && daterange(wanted.from_on, wanted.to_on)
)
ORDER BY wanted.place
ON CONFLICT DO NOTHING
"""


def _lock(company: Company) -> None:
    """One change of a company's holders at a time."""
    Company.all_rows.select_for_update(of=("self",)).get(pk=company.pk)


def _lock_clients_of(employee: Employee, kinds: Collection[str]) -> None:
    """The same for every client of a person, in one order, so that two who do this for two people never wait for each other.

    Rows that are ended already are among them: a few locks too many are cheaper than a second look at the dates.
    """
    held = Relationship.all_rows.filter(employee=employee, kind__in=list(kinds)).values("company_id")
    list(Company.all_rows.select_for_update(of=("self",)).filter(pk__in=held).order_by("pk").values_list("pk", flat=True))


def _current(company: Company, kind: str, on: date) -> Relationship | None:
    if kind not in Kind.values:
        raise invalid(
            "no_such_kind", _("There is no such relationship."), field="kind", value=kind, remedy=", ".join(Kind.values)
        )
    rows: Any = Relationship.all_rows.filter(company=company, kind=kind, valid__contains=on)
    found: Relationship | None = rows.first()
    return found


def _require_fair(actor: User, employee: Employee, from_on: date) -> None:
    """Who holds a client earns by it: a head decides for others and from today on, only the top beyond that."""
    viewer = viewer_for(actor)
    if viewer.reach("clients") == "all":
        return
    remedy = _("Ask the commercial director.")
    policies.require(employee.pk != viewer.employee_id, problem=_("Nobody takes a client for themselves."), remedy=remedy)
    if from_on < clock.today():
        problem = _("This day is over: what was paid since has been credited.")
        raise invalid("in_the_past", problem, field="from_on", value=from_on, remedy=_("Choose today or a later day."))


def _require_working(employee: Employee, on: date) -> None:
    if employee.hired_on > on or (employee.dismissed_on is not None and employee.dismissed_on <= on):
        raise invalid(
            "does_not_work_here",
            _("This person does not work here on that date."),
            field="employee",
            value=employee,
            remedy=_("Choose a colleague who does."),
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A relationship to open; `end` None means until the next one begins; `previous` is whose place is taken."""

    company: Company
    employee: Employee
    kind: str
    from_on: date
    reason: str = ""
    end: date | None = None
    previous: int | None = None


def _open(actor: User | None, wanted: _Wanted) -> Relationship:
    _require_working(wanted.employee, wanted.from_on)
    rows: Any = Relationship.all_rows.filter(company=wanted.company, kind=wanted.kind)
    coming: Relationship | None = rows.filter(valid__startswith__gt=wanted.from_on).order_by("valid").first()
    end = wanted.end or (coming.valid_from if coming else None)
    row: Relationship = Relationship.all_rows.create(
        company=wanted.company,
        employee=wanted.employee,
        kind=wanted.kind,
        valid=DateRange(wanted.from_on, end),
        reason=wanted.reason[:200],
    )
    after = {"company": wanted.company.pk, "employee": wanted.employee.pk, "kind": wanted.kind, "from_on": wanted.from_on}
    record(actor=actor, action="relationship.opened", obj=row, before={"employee": wanted.previous}, after=after)
    return row


def _replace_holder(actor: User | None, row: Relationship, employee: Employee, reason: str) -> Relationship:
    before = {"employee": row.employee_id}
    row.employee, row.reason = employee, reason[:200]
    row.save(update_fields=["employee", "reason"])
    record(actor=actor, action="relationship.changed", obj=row, before=before, after={"employee": employee.pk})
    _tell(before["employee"], employee, [row.company_id])
    return row
