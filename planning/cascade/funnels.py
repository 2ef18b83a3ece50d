"""Writes the funnel of a plan: what each seller still has to bring, and the work that it asks for by month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

from django.db import transaction

from planning.bulk import analyze, copy_rows, execute, select, statement
from planning.cascade.carriers import carried_months
from planning.cascade.measures import Funnel, funnels
from planning.cascade.models import FunnelNeed, SellerFunnel, SellerMonth, StageMeasure
from planning.engine.activities import Activity
from planning.engine.funnel import MonthMoney, deals_to_win, yields
from planning.engine.pace import remaining_targets
from planning.goals.models import PlanAmount, PlanNode, YearPlan
from planning.goals.queries import plan_in_force
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month

SQL = Path(__file__).parent / "sql"
TAIL_MONTHS = 6
"""Months of the next year whose first payments the last weeks of this one already work for."""

PATIENCE_DAYS = 90
"""For how long after its day a payment is still expected, and at least for how long a deal is."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is computed: days from `from_on` to the end of the plan's year, on what had happened before `basis`.

    A month is planned once, as of its first day; within it only the days are paced anew. So what a person has to do in a
    month does not move under their feet, and the same night computed twice gives the same.

    `basis` is the first day of the month of `from_on`, `work_months` get work, `target_months` are the months whose targets ask
    for it: the same and those after the year.
    """

    plan: YearPlan
    from_on: date
    basis: date
    work_months: tuple[Month, ...]
    target_months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A seller's agreed amounts of the year and the direction of each month (0: none)."""

    amounts: dict[Month, Decimal]
    directions: dict[Month, int]


def horizon_of(plan: YearPlan, from_on: date) -> Horizon:
    """The horizon of a plan from a date on; a date before the year means its first day."""
    year = plan.months
    first = max(from_on, year[0].first)
    work = year[first.month - 1 :]
    return Horizon(
        plan, first, first.replace(day=1), work, (*work, *(year[-1].plus(offset) for offset in range(1, TAIL_MONTHS + 1)))
    )


@transaction.atomic
def write_funnel(horizon: Horizon) -> int:
    """Compute the funnel of every seller of the plan and replace what stood before; months before the horizon stay.

    What falls to a month in which its seller is not there is asked of nobody and returned (`SellerMonth.returned`).

    Locks nothing of its own: the caller holds the plan. 17 SQL statements whatever the number of sellers.

    Returns:
        How many needs were written.
    """
    plan = horizon.plan
    agreed = agreed_amounts(plan)
    places = {employee_id: next(reversed(own.directions.values())) for employee_id, own in agreed.items()}
    measured = funnels(places, basis=horizon.basis)
    _replace(plan, horizon)
    _write_measures(horizon, measured)
    _write_months(horizon, agreed, measured)
    analyze("planning_stagemeasure", "planning_sellermonth")
    months = [horizon.work_months[0].plus(-1).first, *(month.first for month in horizon.work_months)]
    parameters = {"plan": plan.pk, "work_months": months, "first_month": horizon.basis}
    written = execute(statement(SQL / "funnel_needs.sql"), parameters)
    analyze("planning_funnelneed")
    return written


def agreed_amounts(plan: YearPlan) -> dict[int, Agreed]:
    """A plan's sellers with their amounts; a seller who changes direction has both parts added; 1 SQL statement."""
    rows = PlanAmount.all_rows.filter(node__plan=plan, node__level=PlanNode.Level.SELLER).order_by(
        "node__employee", "month", "amount"
    )
    found: dict[int, Agreed] = {}
    for employee_id, direction_id, first, amount in rows.values_list("node__employee", "node__direction", "month", "amount"):
        own, month = found.setdefault(employee_id, Agreed({}, {})), Month.of(first)
        own.amounts[month] = own.amounts.get(month, ZERO) + amount
        if amount or month not in own.directions:
            own.directions[month] = direction_id or 0
    return found


def _replace(plan: YearPlan, horizon: Horizon) -> None:
    SellerFunnel.all_rows.filter(plan=plan).delete()
    StageMeasure.all_rows.filter(plan=plan).delete()
    SellerMonth.all_rows.filter(plan=plan, month__gte=horizon.basis).delete()
    FunnelNeed.all_rows.filter(plan=plan, month__gte=horizon.basis).delete()


def _write_measures(horizon: Horizon, measured: Mapping[int, Funnel]) -> None:
    plan = horizon.plan
    columns = ["plan_id", "employee_id", "direction_id", "basis_on", "deals_measured", "payment_per_deal", "payment_lag_days"]
    rows = (
        (plan.pk, f.employee_id, f.direction_id or None, horizon.basis, f.deals_measured, f.payment_per_deal, f.payment_lag_days)
        for f in measured.values()
    )
    copy_rows(SellerFunnel._meta.db_table, columns, rows)
    columns = [
        "plan_id",
        "employee_id",
        "activity",
        "trials",
        "successes",
        "common_rate",
        "rate",
        "share",
        "step_days",
        "lead_days",
        "per_deal",
    ]
    copy_rows(StageMeasure._meta.db_table, columns, (row for f in measured.values() for row in _measure_rows(plan, f)))


def _measure_rows(plan: YearPlan, funnel: Funnel) -> Iterator[tuple[object, ...]]:
    for step in yields(funnel.steps(), payment_lag_days=funnel.payment_lag_days):
        own = funnel.measures.get(step.activity)
        counts = (own.sample.trials, own.sample.successes) if own else (0, 0)
        used = (own.common_rate, own.rate, own.share, own.step_days) if own else (1, 1, 1, 0)
        yield (plan.pk, funnel.employee_id, int(step.activity), *counts, *used, step.lead_days, step.per_deal)


def _write_months(horizon: Horizon, agreed: Mapping[int, Agreed], measured: Mapping[int, Funnel]) -> None:
    coming = _coming_money(horizon, measured)
    collected = _collected(horizon)
    next_year = _next_year(horizon)
    carried = carried_months(agreed, horizon.target_months)
    columns = ["plan_id", "employee_id", "direction_id", "month", "agreed", "target", "expected", "pipeline", "gap", "deals"]
    rows = (
        _month_rows(
            horizon,
            own,
            measured[employee_id],
            targets=_targets(horizon, own, collected.get(employee_id, ZERO), next_year.get(employee_id)),
            coming=coming,
            carried=carried[employee_id],
        )
        for employee_id, own in agreed.items()
    )
    copy_rows(SellerMonth._meta.db_table, [*columns, "returned"], chain.from_iterable(rows))


Coming = Mapping[tuple[int, Month], tuple[Decimal, Decimal]]


def _month_rows(
    horizon: Horizon, own: Agreed, funnel: Funnel, *, targets: Sequence[Decimal], coming: Coming, carried: Collection[Month]
) -> Iterator[tuple[object, ...]]:
    months = [
        MonthMoney(month, target, *coming.get((funnel.employee_id, month), (ZERO, ZERO)))
        for month, target in zip(horizon.target_months, targets, strict=True)
    ]
    for money, deals in zip(months, deals_to_win(months, payment_per_deal=funnel.payment_per_deal), strict=True):
        direction_id = own.directions.get(money.month, funnel.direction_id) or None
        first, planned = money.month.first, own.amounts.get(money.month, money.target)
        head = (horizon.plan.pk, funnel.employee_id, direction_id, first, planned)
        asked = (money.gap, deals, ZERO) if money.month in carried else (ZERO, ZERO, money.gap)
        yield (*head, money.target, money.expected, money.pipeline, *asked)


def _targets(horizon: Horizon, own: Agreed, collected: Decimal, next_year: Agreed | None) -> tuple[Decimal, ...]:
    """Remaining targets of the year, then those of the next: its agreed plan, else this year's same months again."""
    year = [own.amounts.get(month, ZERO) for month in horizon.plan.months]
    finished = 12 - len(horizon.work_months)
    left = remaining_targets(year, collected=collected, finished=finished)
    after = next_year.amounts if next_year else {month.plus(12): amount for month, amount in own.amounts.items()}
    return (*left, *(after.get(month, ZERO) for month in horizon.target_months[len(left) :]))


def _next_year(horizon: Horizon) -> dict[int, Agreed]:
    following = plan_in_force(horizon.plan.year + 1)
    return agreed_amounts(following) if following else {}


def _collected(horizon: Horizon) -> dict[int, Decimal]:
    """What each seller collected in the finished months of the year."""
    window = {"since": horizon.plan.months[0].first, "until": horizon.basis}
    return dict(select(statement(SQL / "collected.sql"), window))


def _coming_money(horizon: Horizon, measured: Mapping[int, Funnel]) -> dict[tuple[int, Month], tuple[Decimal, Decimal]]:
    """Expected payments and weighted open deals by seller and month."""
    rows = [_chances(funnel) for funnel in measured.values()]
    names = ["sellers", "from_warm", "from_meeting", "from_proposal", "deal_values", "payment_lags", "cycle_days"]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    parameters = {**columns, "basis": horizon.basis, "first_month": horizon.basis, "patience_days": PATIENCE_DAYS}
    found = select(statement(SQL / "expected_money.sql"), parameters)
    return {(employee_id, Month.of(month)): (expected, pipeline) for employee_id, month, expected, pipeline in found}


def _chances(funnel: Funnel) -> tuple[object, ...]:
    """Chance of a win from each stage on: the product of the steps that are left."""
    steps = funnel.measures
    proposal = min(steps[Activity.PROPOSALS].rate, Decimal(1))
    meeting = proposal * min(steps[Activity.MEETINGS].rate, Decimal(1))
    warm = meeting * min(steps[Activity.WARM_CONTACTS].rate, Decimal(1))
    cycle = sum(steps[activity].step_days for activity in (Activity.PROPOSALS, Activity.MEETINGS, Activity.WARM_CONTACTS))
    return (funnel.employee_id, warm, meeting, proposal, funnel.payment_per_deal, funnel.payment_lag_days, cycle)
