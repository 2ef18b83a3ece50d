"""Reads of opened contacts and of what may be opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q

from accounts.access.budgets import DEFAULT, DEFAULTS, OPENING_ROLES, warned_at
from accounts.access.models import ContactReveal, PersonalBudget, RevealBudget
from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment


@dataclass(frozen=True, slots=True)
class Usage:
    """How many contacts a person has opened today and this month, and may; `is_own` says that the budget is the person's own."""

    employee: Employee
    role: str
    day_used: int
    day_allowed: int
    month_used: int
    month_allowed: int
    is_own: bool = False

    @property
    def day_tone(self) -> str:
        """`bad` when the day's budget is spent, `warning` from four fifths on, `good` below."""
        return _tone(self.day_used, self.day_allowed)

    @property
    def month_tone(self) -> str:
        """The same of the month."""
        return _tone(self.month_used, self.month_allowed)

    @property
    def share(self) -> Fraction:
        """The larger of what is used of the day and of the month; a budget of nothing is spent."""
        pairs = ((self.day_used, self.day_allowed), (self.month_used, self.month_allowed))
        return max(Fraction(used, allowed) if allowed else Fraction(1) for used, allowed in pairs)


def _tone(used: int, allowed: int) -> str:
    if used >= allowed:
        return "bad"
    return "warning" if used >= warned_at(allowed) else "good"


def reveal_usage(employees: Iterable[Employee], on: date, *, is_idle_shown: bool = False) -> list[Usage]:
    """Opened contacts per person, most of a budget first, then by name; 4 SQL statements.

    Args:
        employees: Whose.
        on: The day, and the month that it is in.
        is_idle_shown: Also those who have opened none this month.
    """
    by_user = {employee.user_id: employee for employee in employees if employee.user_id}
    opened = (
        ContactReveal.all_rows.filter(user__in=by_user, on__gte=on.replace(day=1), on__lte=on)
        .values_list("user")
        .annotate(month=Count("pk"), day=Count("pk", filter=Q(on=on)))
    )
    counts = dict.fromkeys(by_user if is_idle_shown else (), (0, 0)) | {user: (month, day) for user, month, day in opened}
    budgets = {row.role: (row.per_day, row.per_month) for row in RevealBudget.objects.all()}
    personal = PersonalBudget.all_rows.filter(user__in=counts).values_list("user", "per_day", "per_month")
    own = {user_id: (per_day, per_month) for user_id, per_day, per_month in personal}
    roles = dict(Assignment.all_rows.filter(employee__user__in=by_user, valid__contains=on).values_list("employee__user", "role"))
    rows = []
    for user_id, (month, day) in counts.items():
        role = roles.get(user_id, "")
        per_day, per_month = own.get(user_id) or budgets.get(role, DEFAULTS.get(role, DEFAULT))
        label = str(Role(role).label) if role else ""
        rows.append(Usage(by_user[user_id], label, day, per_day, month, per_month, user_id in own))
    return sorted(rows, key=lambda row: (-row.share, row.employee.full_name))


@dataclass(frozen=True, slots=True)
class RoleBudget:
    """What a person of a role may open; `is_set` says that the company chose it."""

    role: str
    label: str
    per_day: int
    per_month: int
    is_set: bool


def role_budgets() -> list[RoleBudget]:
    """The budget of every role that opens contacts, in the order of the roles; 1 SQL statement."""
    chosen = {row.role: (row.per_day, row.per_month) for row in RevealBudget.objects.all()}
    return [
        RoleBudget(role.value, str(role.label), *chosen.get(role, DEFAULTS.get(role, DEFAULT)), role.value in chosen)
        for role in OPENING_ROLES
    ]
