"""Who computes, approves and closes pay."""

from __future__ import annotations

from accounts.access.gate import has_role
from accounts.models import Department, Employee
from accounts.roles import HEAD_ROLES, Role
from compensation.ledger.models import PayPeriod
from salesys.db import clock
from salesys.db.scope import viewer_for

PAYROLL = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.ACCOUNTANT)
"""See every period, run and issue, and may ask for a run."""

DECIDERS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
"""Approve a period; accept that nobody is credited for a payment, or that a component is not computed."""


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


def can_accept_uncomputed(user: object) -> bool:
    """Whether the user may accept that a component of somebody's pay is not computed."""
    return has_role(user, *DECIDERS)


def can_weigh_pool(user: object, department: Department) -> bool:
    """Whether the user may divide a department's pool: who decides for all, or the head to whom everybody in it answers.

    A head who only shares the department with other heads would see, and divide, the pay of their people.
    """
    viewer = viewer_for(user)
    if viewer.role not in HEAD_ROLES:
        return False
    return viewer.role in DECIDERS or leads_department(viewer.team_ids, department)


def leads_department(team_ids: frozenset[int], department: Department) -> bool:
    """Whether somebody stands in the department today, and everybody who does is among the team; 1 SQL statement."""
    standing = Employee.all_rows.filter(assignments__department=department, assignments__valid__contains=clock.today())
    members = set(standing.values_list("pk", flat=True))
    return bool(members) and members <= team_ids
