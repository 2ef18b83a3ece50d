"""Who computes, approves and closes pay."""

from __future__ import annotations

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.access.gate import has_role
from accounts.models import Department, Employee
from accounts.roles import HEAD_ROLES, Role
from compensation.ledger.models import PayPeriod
from salesys.db.scope import viewer_for
from salesys.kernel.periods import Month

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


def can_see_pay_of(user: object, payee_id: int) -> bool:
    """Whether the user may read what somebody earns: payroll everybody's, heads their people's, everyone the own."""
    viewer = viewer_for(user)
    reach = viewer.reach("commissions")
    return reach == "all" or (reach == "team" and payee_id in viewer.team_ids) or (reach == "own" and payee_id == viewer.own_id)


def can_weigh_pool(user: object, department: Department, month: Month) -> bool:
    """Whether the user may divide a department's pool of a month: who decides for all, or the head to whom all in it answer.

    A head who only shares the department with other heads would see, and divide, the pay of their people.
    """
    viewer = viewer_for(user)
    if viewer.role not in HEAD_ROLES:
        return False
    return viewer.role in DECIDERS or leads_department(viewer.team_ids, department, month)


def leads_department(team_ids: frozenset[int], department: Department, month: Month) -> bool:
    """Whether somebody stood in the department in the month, and everybody who did answers to the team's head today.

    Who has left the company counts for the head under whom they left: nobody else answers for them. At most 2 SQL statements.
    """
    span = DateRange(month.first, month.plus(1).first)
    standing = Employee.all_rows.filter(assignments__department=department, assignments__valid__overlap=span)
    members = set(standing.values_list("pk", flat=True))
    others = members - team_ids
    if others:
        others -= set(Employee.all_rows.left_from(team_ids).filter(pk__in=others).values_list("pk", flat=True))
    return bool(members) and not others
