"""The plans of the demo's years: goals that could have been set then, agreed, and turned into today's work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.people.models import User
from accounts.roles import Role
from planning.cascade.funnels import horizon_of, write_funnel
from planning.cascade.models import DailyTarget
from planning.cascade.role_tasks import write_role_tasks
from planning.cascade.services import generate_role_tasks
from planning.engine.activities import Activity
from planning.goals.models import YearPlan
from planning.goals.queries import Record, collected_by_month, plan_in_force, records, seats
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.norms.models import HiringLead, Norm
from planning.norms.services import NormInput, set_norm
from salesys.db import clock
from salesys.demo.calibration import SEASON
from salesys.demo.logins import email_of
from salesys.demo.setting import Setting
from salesys.kernel.money import round_rate
from salesys.kernel.periods import Month, months_of_year

NORMS = (
    (Role.TELESALES, Activity.DIALS, 30, "0.9"),
    (Role.TELESALES, Activity.CONVERSATIONS, 10, "0.9"),
    (Role.TELESALES, Activity.WARM_CONTACTS, 1, "0.9"),
    (Role.ASSISTANT, Activity.RESEARCH_CARDS, 8, "0.9"),
    (Role.ASSISTANT, Activity.LETTERS, 6, "0.9"),
    (Role.SELLER, Activity.MEETINGS, 2, "0.8"),
    (Role.SELLER, Activity.PROPOSALS, 2, "0.8"),
)
LEADS = ((Role.SELLER, 45, 60), (Role.TELESALES, 21, 30), (Role.ASSISTANT, 14, 14))
OWN_SHARE = Decimal("0.85")
"""How much of a person's part of a past goal followed their own results; the rest is the average's."""
AMBITION = Decimal("1.01")
"""Goals were set a little above what came of them."""
ROUND_TO = -4
MONTHS_OF_TARGETS = 3
"""Whole months before this one for which daily norms are written."""
MEASURED_SHARE = 0.6


def set_norms(setting: Setting) -> None:
    """Norms from the first day of the history, and how long it takes to hire."""
    if Norm.all_rows.exists():
        return
    actor = user_of(Role.COMMERCIAL_DIRECTOR)
    for role, activity, per_day, availability in NORMS:
        norm = NormInput(role.value, int(activity), per_day, Decimal(availability))
        set_norm(actor=actor, norm=norm, from_on=setting.start)
    HiringLead.all_rows.bulk_create(
        [HiringLead(role=role.value, hiring_days=hiring, training_days=training) for role, hiring, training in LEADS],
        ignore_conflicts=True,
    )


def user_of(role: Role) -> User:
    """The demo's person of a role, as who decides."""
    return User.objects.get(email=email_of(role))


def plan_years(setting: Setting) -> None:
    """An agreed plan for every year that the history touches."""
    today = clock.today()
    collected = collected_by_month(today)
    begun = min(collected, default=Month.of(today))
    for year in range(begun.year, today.year + 1):
        if plan_in_force(year) is None:
            _plan(year, expected_months(year, collected, today), setting.words.qualitative_goals)


def _plan(year: int, months: list[Decimal], qualitative_goals: str) -> YearPlan:
    goal = max(round(sum(months) * AMBITION, ROUND_TO), Decimal(10_000))
    season = [round_rate(month * 12 / (sum(months) or 1)) for month in months] if any(months) else []
    plan = set_year_goal(
        actor=user_of(Role.OWNER), year=year, goal=Decimal(goal), season=season, qualitative_goals=qualitative_goals
    )
    actor = user_of(Role.COMMERCIAL_DIRECTOR)
    distribute_plan(actor=actor, plan=plan, weights=_weights(year))
    return agree_plan(actor=actor, plan=plan)


def expected_months(year: int, collected: Mapping[Month, Decimal], today: date) -> list[Decimal]:
    """What a year could have been expected to bring, by month: near to what it brought, smoothed by the season.

    Months before the history bring nothing; months that have not been follow the season from the latest level.
    """
    level = _level(collected)
    first = min(collected, default=Month.of(today))
    found = []
    for month in months_of_year(year):
        usual = level * Decimal(SEASON[month.number])
        if month in collected:
            share = Decimal(MEASURED_SHARE)
            found.append(max(share * collected[month] + (1 - share) * min(usual, 2 * collected[month]), Decimal(0)))
        else:
            found.append(usual if month >= first else Decimal(0))
    return found


def _level(collected: Mapping[Month, Decimal]) -> Decimal:
    """A usual month's collections of late, with the season taken out."""
    latest = sorted(collected)[-6:]
    parts = [collected[month] / Decimal(SEASON[month.number]) for month in latest]
    return sum(parts, Decimal(0)) / len(parts) if parts else Decimal(100_000)


def _weights(year: int) -> dict[int, Decimal] | None:
    """By person: partly the own results in the year, partly the average; None while the year has none."""
    first, last = months_of_year(year)[0].first, months_of_year(year)[-1].plus(1).first
    measured = records(since=first, until=min(last, clock.today()))
    people = {seat.employee_id for seat in seats(year, since=first)}
    own = {person: _monthly(measured[person]) for person in people if person in measured}
    if not any(own.values()):
        return None
    mean = sum(own.values(), Decimal(0)) / len(own)
    return {person: OWN_SHARE * own.get(person, mean) + (1 - OWN_SHARE) * mean for person in people}


def _monthly(result: Record) -> Decimal:
    return max(result.collected, Decimal(0)) / max(result.months, 1)


def start_work() -> None:
    """Turn plans into days: of the last months as each was seen on its first day, and from today on as of today."""
    today = clock.today()
    this_year = plan_in_force(today.year)
    if this_year is None or DailyTarget.all_rows.filter(on__gte=today).exists():
        return
    for back in range(MONTHS_OF_TARGETS, -1, -1):
        month = Month.of(today).plus(-back)
        plan = plan_in_force(month.year)
        if plan is not None:
            _write_days(plan, month.first)
    generate_role_tasks(plan=this_year, from_on=today, actor=user_of(Role.COMMERCIAL_DIRECTOR))


@transaction.atomic
def _write_days(plan: YearPlan, from_on: date) -> None:
    """The days that a past re-cascade would have written; no items, because nobody can do them any more."""
    horizon = horizon_of(plan, from_on)
    write_funnel(horizon)
    write_role_tasks(horizon)
