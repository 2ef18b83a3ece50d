"""Who holds a company that has become warm: the relationships that a call opens, and the way back from them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.people.models import Employee, User
from pipeline.clients.models import Company, Relationship
from pipeline.clients.services import hand_over_company, take_relationship
from salesys.db import clock

Kind = Relationship.Kind
Mark = list[Any]
"""A relationship as JSON holds it: its id, holder, first date, and the first date on which it holds no more."""


def mark_of(row: Relationship) -> Mark:
    """What tells whether somebody has changed a relationship."""
    return [row.pk, row.employee_id, str(row.valid_from), str(row.valid_to) if row.valid_to else None]


def take_hunter(*, actor: User, company: Company, seller: Employee) -> list[Mark]:
    """Make the seller the hunter of a company that has none, unless they hold it in another way already.

    Returns:
        The relationship that was opened, or nothing.
    """
    if _current(company, Kind.HUNTER) is not None or _holds(company, seller):
        return []
    return [_take(actor, company, seller, Kind.HUNTER)]


def take_telesales(*, actor: User, company: Company, caller: Employee) -> tuple[list[Mark], list[Mark]]:
    """Credit the caller with having warmed the company, where nobody has it who still works here.

    Of somebody who began it today and left today, the date decides nothing any more: it stays.

    Returns:
        The relationship that was opened, and the one of somebody who has left that ended with it, as it was.
    """
    today, current = clock.today(), _current(company, Kind.TELESALES)
    if current is None:
        return [_take(actor, company, caller, Kind.TELESALES)], []
    if _works(current.employee, today) or current.valid_from == today:
        return [], []
    before = mark_of(current)
    opened = hand_over_company(actor=None, company=company, employee=caller, kind=Kind.TELESALES, from_on=today)
    return [mark_of(opened)], [before]


def give_back(*, taken: list[Mark], replaced: list[Mark], taken_on: date) -> bool:
    """Delete what was opened and open again what ended with it on `taken_on`, locking both.

    Returns:
        Whether it was done; if somebody has changed one of them since, nothing is.
    """
    ended = [[*mark[:3], str(taken_on)] for mark in replaced]
    rows: Any = Relationship.all_rows.select_for_update(of=("self",)).filter(pk__in=[mark[0] for mark in taken + ended])
    if sorted(map(mark_of, rows), key=str) != sorted(taken + ended, key=str):
        return False
    Relationship.all_rows.filter(pk__in=[mark[0] for mark in taken]).delete()
    for pk, _holder, start, end in replaced:
        Relationship.all_rows.filter(pk=pk).update(valid=DateRange(_day(start), _day(end)))
    return True


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _current(company: Company, kind: str) -> Relationship | None:
    rows: Any = Relationship.all_rows.filter(company=company, kind=kind, valid__contains=clock.today())
    found: Relationship | None = rows.select_related("employee").first()
    return found


def _holds(company: Company, seller: Employee) -> bool:
    held = Relationship.all_rows.filter(company=company, employee=seller, kind__in=Relationship.HOLDING)
    return bool(held.filter(valid__contains=clock.today()).exists())


def _works(employee: Employee, on: date) -> bool:
    return employee.dismissed_on is None or employee.dismissed_on > on


def _take(actor: User, company: Company, employee: Employee, kind: str) -> Mark:
    return mark_of(take_relationship(actor=actor, company=company, employee=employee, kind=kind, from_on=clock.today()))
