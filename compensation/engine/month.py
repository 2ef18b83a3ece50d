"""What everybody earns in one month from sums that are known: salaries, summed rates, plan bonuses, team pools.

Credits that are paid one by one are not here: they are arithmetic over rows in bulk (`sql/credit.sql`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple

from compensation.engine.earning import earn_plan_bonus, earn_rate, earn_salary, share_team_fund, team_fund
from compensation.engine.terms import Component, PlanBonus, Rate, Salary, TeamPool
from compensation.engine.trace import Earned, plain
from salesys.kernel.errors import InvalidInput, Issue
from salesys.kernel.money import MAX_MONEY

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


class Version(NamedTuple):
    """Whose version a version is, and since when it holds."""

    scheme_id: int
    from_on: date


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
        components: Version -> its components with their ids, in order; of those that hold in the month, and of those that what
            is summed was credited under (a refund as its original was).
        versions: Version -> its scheme and first day; those of `covers` are known without.
        sums: (payee, component, department or 0) -> credited basis of the month, of components that are summed.
        attained: Payee -> plan and fact; payees who are missing have no plan.
        worked_days: Working days in `[from, until)`.
        norm_days: Working days of the month.
        weights: (department, payee) -> part of the pool as its head has set it; empty for days worked.
        are_days_paid: Whether salaries, bonuses and floors are earned: not before the ledger begins.
        unsound: Component -> why nothing can be computed from its terms as they are stored.
    """

    covers: Sequence[Cover]
    components: Mapping[int, Sequence[tuple[int, Component]]]
    versions: Mapping[int, Version] = field(default_factory=dict)
    sums: Mapping[EarningKey, Decimal] = field(default_factory=dict)
    attained: Mapping[int, Attained] = field(default_factory=dict)
    worked_days: Callable[[date, date], int] = lambda _from_on, _until_on: 0
    norm_days: int = 0
    weights: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    are_days_paid: bool = True
    unsound: Mapping[int, Issue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonthEarning:
    """The amount of a line and how it came about, ready to be stored."""

    amount: Decimal
    trace: Trace


@dataclass(frozen=True, slots=True)
class MonthEarnings:
    """Every line of the month that could be computed, and why each other one could not.

    `lost` are refunds that were credited towards a pool which the department does not have in the month: no line takes them
    back, so somebody has to be told.
    """

    lines: dict[EarningKey, MonthEarning]
    issues: dict[EarningKey, Issue]
    lost: dict[EarningKey, Issue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Lines that are computed together, one for each key; what fails, fails for all of them and for nobody else."""

    keys: Sequence[EarningKey]
    compute: Callable[[], Sequence[MonthEarning]]


def month_earnings(month: MonthInputs) -> MonthEarnings:
    """Every line of the month that is earned on sums, by what it is for.

    A component that cannot be computed is an issue of the payees concerned; everybody else's lines do not depend on it.
    """
    found = MonthEarnings({}, {}, _lost_refunds(month))
    for attempt in _attempts(month):
        settled = month.unsound.get(attempt.keys[0].component_id) or _settled(attempt)
        if isinstance(settled, Issue):
            found.issues.update(dict.fromkeys(attempt.keys, settled))
        else:
            found.lines.update(zip(attempt.keys, settled, strict=True))
    return found


def _attempts(month: MonthInputs) -> Iterator[_Attempt]:
    last = _last_covers(month.covers)
    yield from _summed_rates(month, last)
    yield from _team_pools(month)
    if month.are_days_paid:
        yield from _salaries(month)
        yield from _plan_bonuses(month, last)


def _settled(attempt: _Attempt) -> Sequence[MonthEarning] | Issue:
    """The lines, or what stands in the way; an amount that the ledger cannot hold is no amount."""
    try:
        lines = attempt.compute()
        largest = max(abs(line.amount) for line in lines)
        if largest <= MAX_MONEY:
            return lines
    except InvalidInput as error:
        return error.issues[0]
    except ArithmeticError as error:
        return Issue("not_computable", "This cannot be computed.", "amount", type(error).__name__, "Mend the terms.")
    return Issue("out_of_range", "This amount is out of range.", "amount", plain(largest), "Mend the terms.")


def _last_covers(covers: Sequence[Cover]) -> dict[int, Cover]:
    """Payee -> the cover that holds last in the month: its version speaks for the month as a whole."""
    last: dict[int, Cover] = {}
    for cover in covers:
        if cover.payee_id not in last or cover.until_on > last[cover.payee_id].until_on:
            last[cover.payee_id] = cover
    return last


def _salaries(month: MonthInputs) -> Iterator[_Attempt]:
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
        yield _one(key, partial(_salary, terms[key.component_id], worked, month.norm_days, (from_on, until_on)))


def _one(key: EarningKey, compute: Callable[[], MonthEarning]) -> _Attempt:
    return _Attempt((key,), lambda: (compute(),))


@lru_cache(maxsize=4096)
def _salary(terms: Salary, worked: int, norm: int, dates: tuple[date, date]) -> MonthEarning:
    result = earn_salary(terms, worked_days=worked, norm_days=norm)
    inputs = {"worked_days": str(worked), "norm_days": str(norm), "from_on": str(dates[0]), "until_on": str(dates[1])}
    return _line(result, inputs)


def _summed_rates(month: MonthInputs, last: Mapping[int, Cover]) -> Iterator[_Attempt]:
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
        if isinstance(component.terms, Rate) and (component.terms.is_summed or component_id in month.unsound)
    }
    # A floor is a promise for the month, so it holds once, under the terms in force last, credits or none; like a salary, it is
    # none of the ledger's before it begins
    with_floor = in_force if month.are_days_paid else frozenset()
    for key in sums.keys() | {key for key in with_floor if terms[key.component_id].floor}:
        if key not in in_force and not sums[key] and key.component_id in month.unsound:
            # Nothing is credited to the payee under these terms any more, so nothing can be wrong with what they earn
            continue
        rate = terms[key.component_id] if key in with_floor else replace(terms[key.component_id], floor=None)
        yield _one(key, partial(_rate, rate, sums.get(key, ZERO), month.attained.get(key.payee_id)))


def _rate(terms: Rate, basis: Decimal, attained: Attained | None) -> MonthEarning:
    result = earn_rate(terms, basis, attainment=attained.ratio if attained else None)
    return _line(result, {"basis": plain(basis)} | (_attained(attained) if terms.tier_on == "attainment" else {}))


def _plan_bonuses(month: MonthInputs, last: Mapping[int, Cover]) -> Iterator[_Attempt]:
    for payee_id, cover in last.items():
        components = month.components[cover.version_id]
        for component_id, component in components:
            if isinstance(component.terms, PlanBonus):
                salary = sum((part.terms.amount for _id, part in components if isinstance(part.terms, Salary)), ZERO)
                attained = month.attained.get(payee_id)
                yield _one(EarningKey(payee_id, component_id), partial(_plan_bonus, component.terms, attained, salary))


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

    def collects(self, key: EarningKey) -> bool:
        """Whether a sum counts towards this pool."""
        return key.department_id == self.department_id and key.component_id in self.aliases


def _team_pools(month: MonthInputs) -> Iterator[_Attempt]:
    for pool in _pools(month):
        collections = sum((basis for key, basis in month.sums.items() if pool.collects(key)), ZERO)
        keys = [EarningKey(payee_id, pool.component_id, pool.department_id) for payee_id in pool.days]
        yield _Attempt(keys, partial(_shares, pool, collections, month.weights))


def _lost_refunds(month: MonthInputs) -> dict[EarningKey, Issue]:
    """Sums below zero of departments whose scheme, or all of whose members, are others than when the payment came."""
    owed = {key: basis for key, basis in month.sums.items() if key.department_id and basis < 0}
    if not owed:
        return {}
    pools = list(_pools(month))
    remedy = "Take it back by hand, or give the department a member of the pool for that month."
    return {
        key: Issue("no_pool", "A refund belongs to a pool that has no members in the month.", "collections", plain(basis), remedy)
        for key, basis in owed.items()
        if not any(pool.collects(key) for pool in pools)
    }


def _pools(month: MonthInputs) -> Iterator[_Pool]:
    by_scheme: dict[tuple[int, int], list[Cover]] = defaultdict(list)
    for cover in month.covers:
        by_scheme[cover.department_id, cover.scheme_id].append(cover)
    for (department_id, scheme_id), covers in sorted(by_scheme.items()):
        final = max(covers, key=lambda cover: (cover.until_on, cover.version_id))
        days: dict[int, int] = defaultdict(int)
        for cover in sorted(covers, key=lambda cover: cover.payee_id):
            days[cover.payee_id] += month.worked_days(cover.from_on, cover.until_on)
        for component_id, component in month.components[final.version_id]:
            if isinstance(component.terms, TeamPool):
                yield _Pool(department_id, component_id, component.terms, _aliases(month, scheme_id, component.code), days)


def _aliases(month: MonthInputs, scheme_id: int, code: str) -> frozenset[int]:
    """The component as it stands in each version of the scheme by which anything is paid or credited in the month."""
    versions = {version_id for version_id, version in _versions(month).items() if version.scheme_id == scheme_id}
    return frozenset(
        component_id for version_id in versions for component_id, part in month.components[version_id] if part.code == code
    )


def _versions(month: MonthInputs) -> dict[int, Version]:
    known = {cover.version_id: Version(cover.scheme_id, cover.from_on) for cover in month.covers}
    return known | dict(month.versions)


def _shares(pool: _Pool, collections: Decimal, weights: Mapping[tuple[int, int], Decimal]) -> list[MonthEarning]:
    """One line per member, in the order of `pool.days`."""
    fund = team_fund(pool.terms, collections=collections)
    by_head = [weights.get((pool.department_id, payee_id), ZERO) for payee_id in pool.days]
    chosen = by_head if any(by_head) else [Decimal(days) for days in pool.days.values()]
    inputs = {
        "collections": plain(collections),
        "members": str(len(pool.days)),
        "by": "weights" if any(by_head) else "days",
        "all": plain(sum(chosen, ZERO)),
    }
    shares = share_team_fund(fund, chosen)
    return [_line(share, inputs | {"own": plain(weight)}) for weight, share in zip(chosen, shares, strict=True)]


def _line(result: Earned, inputs: Mapping[str, str]) -> MonthEarning:
    return MonthEarning(result.amount, {"inputs": dict(inputs), "pieces": [piece.as_json() for piece in result.pieces]})
