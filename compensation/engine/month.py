"""What everybody earns in one month from sums that are known: salaries, summed rates, plan bonuses, team pools.

Credits that are paid one by one are not here: they are arithmetic over rows in bulk (`sql/credit.sql`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from compensation.engine.earning import earn_plan_bonus, earn_rate, earn_salary, share_team_fund, team_fund
from compensation.engine.inputs import Attained, Cover, EarningKey, MonthInputs
from compensation.engine.summed import SummedRate, summed_rates
from compensation.engine.terms import PlanBonus, Salary, TeamPool
from compensation.engine.trace import Earned, plain
from salesys.kernel.errors import InvalidInput, Issue
from salesys.kernel.money import MAX_MONEY

ZERO = Decimal(0)

Trace = dict[str, object]


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
    for rate in summed_rates(month):
        payee_id, component_id, _department_id = rate.key
        is_in_force = payee_id in last and last[payee_id].version_id == rate.version_id
        if not is_in_force and not rate.basis and component_id in month.unsound:
            # Nothing is credited to the payee under these terms any more, so nothing can be wrong with what they earn
            continue
        yield _one(rate.key, partial(_rate, rate, month.attained.get(payee_id)))


def _rate(rate: SummedRate, attained: Attained | None) -> MonthEarning:
    result = earn_rate(rate.terms, rate.basis, attainment=attained.ratio if attained else None)
    by_plan = _attained(attained) if rate.terms.tier_on == "attainment" else {}
    return _line(result, {"basis": plain(rate.basis)} | by_plan | rate.proration)


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
    return frozenset(
        component_id
        for version_id, parts in month.components.items()
        if month.version(version_id).scheme_id == scheme_id
        for component_id, part in parts
        if part.code == code
    )


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
