"""Writes dated work: a month's need per employee, its days, the people that it needs, and concrete items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from planning.bulk import analyze, copy_rows, drop_scratch, execute, select, statement
from planning.calendar.queries import workdays
from planning.cascade.facts import facts_by_employee
from planning.cascade.funnels import Horizon
from planning.cascade.models import DailyTarget, HeadcountNeed, RoleNeed
from planning.engine.headcount import Headcount, Post, headcount
from planning.norms.queries import LIMITING, ROLE_OF, lead_days, norms_on
from salesys.kernel.periods import Month

SQL = Path(__file__).parent / "sql"
COPY_TARGETS = 'INSERT INTO planning_dailytarget (employee_id, "on", activity, amount, plan_id) '
STAGE_TARGETS = "CREATE TEMP TABLE cascade_target ON COMMIT DROP AS "


@dataclass(frozen=True, slots=True)
class Written:
    """What a cascade left: `changed` counts the daily targets that are new, different or gone."""

    needs: int
    targets: int
    changed: int


@transaction.atomic
def write_role_tasks(horizon: Horizon) -> Written:
    """Compute months, days and headcount from the funnel that is written; days before the horizon stay as they are.

    The caller holds the plan's lock. 16 SQL statements whatever the number of people.
    """
    _lay_out_days(horizon)
    needs = _write_needs(horizon)
    changed = _write_days(horizon)
    _write_headcount(horizon)
    drop_scratch("cascade_day", "cascade_stretch", "cascade_seat", "cascade_left", "cascade_presence", "cascade_target")
    targets = DailyTarget.all_rows.filter(plan=horizon.plan, on__gte=horizon.from_on).count()
    return Written(needs, targets, changed)


def _lay_out_days(horizon: Horizon) -> None:
    days = workdays(horizon.basis, horizon.plan.months[-1].last)
    execute(statement(SQL / "workdays.sql"), {"days": [day.on for day in days], "hours": [day.hours for day in days]})
    execute(statement(SQL / "presence.sql"), {"from_on": horizon.from_on})


def _write_needs(horizon: Horizon) -> int:
    RoleNeed.all_rows.filter(month__gte=horizon.basis, month__lte=horizon.plan.months[-1].first).delete()
    parameters = {"plan": horizon.plan.pk, "first_month": horizon.basis, **_norms(horizon), **_done(horizon)}
    written = execute(statement(SQL / "role_needs.sql"), parameters)
    analyze("planning_roleneed")
    return written


def _norms(horizon: Horizon) -> dict[str, list[object]]:
    """Norms of each month as of its first day that is planned."""
    rows: list[tuple[object, ...]] = []
    for month in horizon.work_months:
        known = norms_on(max(month.first, horizon.from_on))
        for activity, role in ROLE_OF.items():
            if (role, activity) in known:
                norm = known[role, activity]
                rows.append((month.first, int(activity), role.value, norm.per_day, norm.availability))
    names = ["norm_months", "norm_activities", "norm_roles", "norm_units", "norm_shares"]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _done(horizon: Horizon) -> dict[str, list[object]]:
    """What was done in the month of `from_on` before it."""
    sums = facts_by_employee(since=horizon.basis, until=horizon.from_on)
    return {
        "done_employees": [employee_id for employee_id, _activity in sums],
        "done_activities": [int(activity) for _employee_id, activity in sums],
        "done_amounts": list(sums.values()),
    }


def _write_days(horizon: Horizon) -> int:
    """Fill an empty stretch directly; otherwise stage the days and touch only those that differ."""
    select_days = statement(SQL / "daily_targets.sql")
    parameters = {"plan": horizon.plan.pk, "first_month": horizon.basis}
    last = horizon.plan.months[-1].last
    if not DailyTarget.all_rows.filter(on__range=(horizon.from_on, last)).exists():
        written = execute(COPY_TARGETS + select_days, parameters)
        analyze("planning_dailytarget")
        return written
    execute(STAGE_TARGETS + select_days, parameters)
    window = {"from_on": horizon.from_on, "until": horizon.plan.months[-1].plus(1).first}
    ((changed,),) = select(statement(SQL / "change_targets.sql"), window)
    return int(changed)


def _write_headcount(horizon: Horizon) -> None:
    HeadcountNeed.all_rows.filter(plan=horizon.plan, month__gte=horizon.basis).delete()
    rows = select(statement(SQL / "headcount.sql"), {"plan": horizon.plan.pk, "first_month": horizon.basis})
    columns = ["plan_id", "role", "direction_id", "month", "units", "needed", "present", "missing", "hire_from"]
    copy_rows(HeadcountNeed._meta.db_table, columns, _headcount_rows(horizon, rows))


def _headcount_rows(horizon: Horizon, rows: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    hours = _month_hours(horizon)
    leads = lead_days()
    posts = {month: _posts(month, leads) for month in horizon.work_months}
    for role, direction_id, first, units, present in rows:
        month = Month.of(first)  # type: ignore[arg-type]
        found = _compare(int(str(units)), month, hours=hours[month], post=posts[month][str(role)], present=int(str(present)))
        yield (horizon.plan.pk, role, direction_id or None, first, units, found.needed, present, found.missing, found.hire_from)


def _compare(units: int, month: Month, *, hours: int, post: Post, present: int) -> Headcount:
    return headcount(units if hours else 0, month=month, hours=hours, post=post, present=present)


def _month_hours(horizon: Horizon) -> dict[Month, int]:
    hours: dict[Month, int] = dict.fromkeys(horizon.work_months, 0)
    for day in workdays(horizon.basis, horizon.plan.months[-1].last):
        hours[Month.of(day.on)] += day.hours
    return hours


def _posts(month: Month, leads: Mapping[str, int]) -> dict[str, Post]:
    known = norms_on(month.first)
    return {
        role: Post(known[role, activity].per_day, Decimal(known[role, activity].availability), leads[role])
        for role, activity in LIMITING.items()
    }
