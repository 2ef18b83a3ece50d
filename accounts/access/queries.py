"""Reads of the audit trail and of opened contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.access.models import AuditEvent, ContactReveal, RevealBudget
from accounts.access.reveal import DEFAULT, DEFAULTS
from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment

HIDDEN = ("password", "secret", "secret_hash")


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One audit event in words: who, what, which row, which fields from what to what."""

    event: AuditEvent
    who: str
    changes: tuple[tuple[str, str, str], ...]


def shown_events(events: Iterable[AuditEvent]) -> list[ShownEvent]:
    """Events with the names of their actors; 1 SQL statement for the names, whatever the number of events."""
    events = list(events)
    names = dict(Employee.all_rows.filter(user__in={event.actor_id for event in events}).values_list("user_id", "full_name"))
    return [
        ShownEvent(event, names.get(event.actor_id, str(event.actor)) if event.actor_id else "", _changes(event))
        for event in events
    ]


def _changes(event: AuditEvent) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, pair) for name, pair in event.changes.items() if name not in HIDDEN and isinstance(pair, list))
    return tuple((name, _text(pair[0]), _text(pair[1])) for name, pair in pairs if len(pair) == 2)


def _text(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many contacts a person has opened today and this month, and may."""

    employee: Employee
    role: str
    day_used: int
    day_allowed: int
    month_used: int
    month_allowed: int


def reveal_usage(employees: Iterable[Employee], on: date) -> list[Usage]:
    """Opened contacts per person who has opened any this month, most of the month's budget first; 3 SQL statements."""
    by_user = {employee.user_id: employee for employee in employees if employee.user_id}
    opened = (
        ContactReveal.all_rows.filter(user__in=by_user, on__gte=on.replace(day=1), on__lte=on)
        .values_list("user")
        .annotate(month=Count("pk"), day=Count("pk", filter=Q(on=on)))
    )
    budgets = {row.role: (row.per_day, row.per_month) for row in RevealBudget.objects.all()}
    roles = dict(Assignment.all_rows.filter(employee__user__in=by_user, valid__contains=on).values_list("employee__user", "role"))
    rows = []
    for user_id, month, day in opened:
        role = roles.get(user_id, "")
        per_day, per_month = budgets.get(role, DEFAULTS.get(role, DEFAULT))
        rows.append(Usage(by_user[user_id], str(Role(role).label) if role else "", day, per_day, month, per_month))
    return sorted(rows, key=lambda row: (-row.month_used, row.employee.full_name))
