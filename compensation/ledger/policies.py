"""Who computes, approves and closes pay."""

from __future__ import annotations

from accounts.access.gate import has_role
from accounts.models import Department, Employee
from accounts.roles import HEAD_ROLES, Role
from compensation.ledger.models import PayPeriod
from salesys.db.scope import viewer_for

PAYROLL = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.ACCOUNTANT)
"""See every period, run and issue, and may ask for a run."""

DECIDERS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
"""Approve a period; accept that nobody is credited for a payment."""


def can_run_commissions(user: object) -> bool:
    """Whether the user may ask for a run."""
    return has_role(user, *PAYROLL)


def can_approve_period(user: object, period: PayPeriod) -> bool:
    """Whether the user may approve it: a decider who did not compute it."""
    return has_role(user, *DECIDERS) and period.calculated_by_id != viewer_for(user).user_id


def can_close_period(user: object) -> bool:
    """Whether the user may close an approved period."""
    return has_role(user, *PAYROLL)


def can_accept_uncredited(user: object) -> bool:
    """Whether the user may accept that nobody is credited for a payment."""
    return has_role(user, *DECIDERS)


def can_weigh_pool(user: object, department: Department) -> bool:
    """Whether the user may divide a department's pool: its head, or who decides for all."""
    viewer = viewer_for(user)
    if viewer.role not in HEAD_ROLES:
        return False
    return viewer.role in DECIDERS or department.pk in viewer.department_ids or leads_department(viewer.team_ids, department)


def leads_department(team_ids: frozenset[int], department: Department) -> bool:
    """Whether everybody who stands in the department today is among the team."""
    members = set(Employee.all_rows.filter(assignments__department=department).values_list("pk", flat=True))
    return bool(members) and members <= team_ids
