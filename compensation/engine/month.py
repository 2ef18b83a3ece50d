"""What everybody earns in one month from sums that are known: salaries, summed rates, plan bonuses, team pools.

Credits that are paid one by one are not here: they are arithmetic over rows in bulk (`sql/credit.sql`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from compensation.engine.earning import earn_plan_bonus, earn_rate, earn_salary, share_team_fund, team_fund
from compensation.engine.terms import Component, PlanBonus, Rate, Salary, TeamPool
from compensation.engine.trace import Earned, plain

ZERO = Decimal(0)
NO_DEPARTMENT = 0

Trace = dict[str, object]


class EarningKey(NamedTuple):
    """What a line of the month is for; `department_id` is that of a team pool, else 0."""

    payee_id: int
    component_id: int
    department_id: int = NO_DEPARTMENT


@dataclass(frozen=True, slots=True)
class Cover:
    """A payee is paid by a version of a scheme in a department, on the dates `[from_on, until_on)` of the month."""

    payee_id: int
    department_id: int
    scheme_id: int
    version_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Attained:
    """Plan and fact of a payee in the month; `ratio` is None where there is no plan to attain."""

    plan: Decimal
    fact: Decimal
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthInputs:
    """All that a month's earnings follow from.

    Attributes:
        covers: Who is paid by what, clipped to the month.
        components: Version -> its components with their ids, in order.
        sums: (payee, component, department or 0) -> credited basis of the month, of components that are summed.
        attained: Payee -> plan and fact; payees who are missing have no plan.
        worked_days: Working days in `[from, until)`.
        norm_days: Working days of the month.
        weights: (department, payee) -> part of the pool as its head has set it; empty for days worked.
        are_days_paid: Whether salaries and bonuses are earned: not before the ledger begins.
    """

    covers: Sequence[Cover]
    components: Mapping[int, Sequence[tuple[int, Component]]]
    sums: Mapping[EarningKey, Decimal] = field(default_factory=dict)
    attained: Mapping[int, Attained] = field(default_factory=dict)
    worked_days: Callable[[date, date], int] = lambda _from_on, _until_on: 0
    norm_days: int = 0
    weights: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    are_days_paid: bool = True


@dataclass(frozen=True, slots=True)
class MonthEarning:
    """The amount of a line and how it came about, ready to be stored."""

    amount: Decimal
    trace: Trace


def month_earnings(month: MonthInputs) -> dict[EarningKey, MonthEarning]:
    """Every line of the month that is earned on sums, by what it is for."""
    last = _last_covers(month.covers)
    found = dict(_summed_rates(month, last))
    found.update(_team_pools(month))
    if month.are_days_paid:
        found.update(_salaries(month))
        found.update(_plan_bonuses(month, last))
    return found


def _last_covers(covers: Sequence[Cover]) -> dict[int, Cover]:
    """Payee -> the cover that holds last in the month: its version speaks for the month as a whole."""
    last: dict[int, Cover] = {}
    for cover in covers:
        if cover.payee_id not in last or cover.until_on > last[cover.payee_id].until_on:
            last[cover.payee_id] = cover
    return last


def _salaries(month: MonthInputs) -> Iterator[tuple[EarningKey, MonthEarning]]:
    spans: dict[EarningKey, list[Cover]] = defaultdict(list)
    terms: dict[int, Salary] = {}
    for cover in month.covers:
        for component_id, component in month.components[cover.version_id]:
            if isinstance(component.terms, Salary):
                terms[component_id] = component.terms
                spans[EarningKey(cover.payee_id, component_id)].append(cover)
    for key, covers in spans.items():
        worked = sum(month.worked_days(cover.from_on, cover.until_on) for cover in covers)
        from_on, until_on = min(cover.from_on for cover in covers), max(cover.until_on for cover in covers)
        yield key, _salary(terms[key.component_id], worked, month.norm_days, (from_on, until_on))


@lru_cache(maxsize=4096)
def _salary(terms: Salary, worked: int, norm: int, dates: tuple[date, date]) -> MonthEarning:
    result = earn_salary(terms, worked_days=worked, norm_days=norm)
    inputs = {"worked_days": str(worked), "norm_days": str(norm), "from_on": str(dates[0]), "until_on": str(dates[1])}
    return _line(result, inputs)


def _summed_rates(month: MonthInputs, last: Mapping[int, Cover]) -> Iterator[tuple[EarningKey, MonthEarning]]:
    terms = {
        component_id: component.terms
        for components in month.components.values()
        for component_id, component in components
        if isinstance(component.terms, Rate)
    }
    sums = {key: basis for key, basis in month.sums.items() if key.component_id in terms}
    in_force = {
        EarningKey(cover.payee_id, component_id)
        for cover in last.values()
        for component_id, component in month.components[cover.version_id]
        if isinstance(component.terms, Rate) and component.terms.is_summed
    }
    # A floor is a promise for the month, so it holds once, under the terms in force last, credits or none
    for key in sums.keys() | {key for key in in_force if terms[key.component_id].floor}:
        rate = terms[key.component_id] if key in in_force else replace(terms[key.component_id], floor=None)
        yield key, _rate(rate, sums.get(key, ZERO), month.attained.get(key.payee_id))


def _rate(terms: Rate, basis: Decimal, attained: Attained | None) -> MonthEarning:
    result = earn_rate(terms, basis, attainment=attained.ratio if attained else None)
    return _line(result, {"basis": plain(basis)} | (_attained(attained) if terms.tier_on == "attainment" else {}))


def _plan_bonuses(month: MonthInputs, last: Mapping[int, Cover]) -> Iterator[tuple[EarningKey, MonthEarning]]:
    for payee_id, cover in last.items():
        components = month.components[cover.version_id]
        for component_id, component in components:
            if isinstance(component.terms, PlanBonus):
                salary = sum((part.terms.amount for _id, part in components if isinstance(part.terms, Salary)), ZERO)
                yield EarningKey(payee_id, component_id), _plan_bonus(component.terms, month.attained.get(payee_id), salary)


@lru_cache(maxsize=4096)
def _plan_bonus(terms: PlanBonus, attained: Attained | None, salary: Decimal) -> MonthEarning:
    result = earn_plan_bonus(terms, attainment=attained.ratio if attained else None, salary=salary)
    return _line(result, _attained(attained) | {"salary": plain(salary)})


def _attained(attained: Attained | None) -> dict[str, str]:
    if attained is None:
        return {}
    ratio = {} if attained.ratio is None else {"attainment": plain(attained.ratio)}
    return {"plan": plain(attained.plan), "fact": plain(attained.fact)} | ratio


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pool of a department: the terms of the version in force last, and who has worked in it on which days."""

    department_id: int
    component_id: int
    terms: TeamPool
    aliases: frozenset[int]
    days: Mapping[int, int]


def _team_pools(month: MonthInputs) -> Iterator[tuple[EarningKey, MonthEarning]]:
    for pool in _pools(month):
        collections = sum(
            (
                basis
                for key, basis in month.sums.items()
                if key.department_id == pool.department_id and key.component_id in pool.aliases
            ),
            ZERO,
        )
        yield from _shares(pool, collections, month.weights)


def _pools(month: MonthInputs) -> Iterator[_Pool]:
    by_scheme: dict[tuple[int, int], list[Cover]] = defaultdict(list)
    for cover in month.covers:
        by_scheme[cover.department_id, cover.scheme_id].append(cover)
    for (department_id, _scheme_id), covers in sorted(by_scheme.items()):
        final = max(covers, key=lambda cover: (cover.until_on, cover.version_id))
        days: dict[int, int] = defaultdict(int)
        for cover in sorted(covers, key=lambda cover: cover.payee_id):
            days[cover.payee_id] += month.worked_days(cover.from_on, cover.until_on)
        for component_id, component in month.components[final.version_id]:
            if isinstance(component.terms, TeamPool):
                versions = {cover.version_id for cover in covers}
                yield _Pool(department_id, component_id, component.terms, _aliases(month, versions, component.code), days)


def _aliases(month: MonthInputs, versions: set[int], code: str) -> frozenset[int]:
    """The component as it stood in each version that held in the month."""
    return frozenset(
        component_id for version_id in versions for component_id, part in month.components[version_id] if part.code == code
    )


def _shares(
    pool: _Pool, collections: Decimal, weights: Mapping[tuple[int, int], Decimal]
) -> Iterator[tuple[EarningKey, MonthEarning]]:
    fund = team_fund(pool.terms, collections=collections)
    by_head = [weights.get((pool.department_id, payee_id), ZERO) for payee_id in pool.days]
    chosen = by_head if any(by_head) else [Decimal(days) for days in pool.days.values()]
    inputs = {
        "collections": plain(collections),
        "members": str(len(pool.days)),
        "by": "weights" if any(by_head) else "days",
        "all": plain(sum(chosen, ZERO)),
    }
    for payee_id, weight, share in zip(pool.days, chosen, share_team_fund(fund, chosen), strict=True):
        key = EarningKey(payee_id, pool.component_id, pool.department_id)
        yield key, _line(share, inputs | {"own": plain(weight)})


def _line(result: Earned, inputs: Mapping[str, str]) -> MonthEarning:
    return MonthEarning(result.amount, {"inputs": dict(inputs), "pieces": [piece.as_json() for piece in result.pieces]})
