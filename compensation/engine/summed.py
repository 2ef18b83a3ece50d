"""Rates that are earned on the sum of a month: one for each payee, scheme and code, whatever versions held in the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from compensation.engine.inputs import Cover, EarningKey, MonthInputs, Version
from compensation.engine.terms import ZERO, Rate
from compensation.engine.trace import plain
from salesys.kernel.money import round_money


@dataclass(frozen=True, slots=True)
class SummedRate:
    """What a rate is taken of, and by which terms.

    Attributes:
        key: The payee, and the component as the last version has it that covered or credited the payee in the month.
        version_id: That version.
        terms: Its terms, with the floor of the days that it covered.
        basis: What was credited under the code in any version of the scheme.
        proration: How the floor came about, where it is not the whole month's; for the trace.
    """

    key: EarningKey
    version_id: int
    terms: Rate
    basis: Decimal
    proration: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Part:
    version_id: int
    version: Version
    code: str
    terms: Rate


Group = tuple[int, int, str]
Span = tuple[Cover, _Part]


def summed_rates(month: MonthInputs) -> Iterator[SummedRate]:
    """Every rate of the month that has a sum or a floor.

    A version saved in the middle of a month goes on with the sum of the one before, so that tiers and caps hold once for the
    month, under the terms in force last, as those of a pool do.
    """
    parts = _parts(month)
    sums: dict[Group, dict[int, Decimal]] = defaultdict(dict)
    for key, basis in month.sums.items():
        if key.component_id in parts:
            sums[_group(key.payee_id, parts[key.component_id])][key.component_id] = basis
    spans = _spans(month, parts)
    for group in sums.keys() | spans.keys():
        credited = sums.get(group, {})
        found = credited.keys() | spans.get(group, {}).keys()
        final = max(found, key=lambda component_id: (parts[component_id].version.from_on, parts[component_id].version_id))
        covered = [(cover, parts[component_id]) for component_id, covers in spans.get(group, {}).items() for cover in covers]
        floor, proration = _floor(month, parts[final].terms, covered)
        if credited or floor:
            terms = replace(parts[final].terms, floor=floor)
            key = EarningKey(group[0], final)
            yield SummedRate(key, parts[final].version_id, terms, sum(credited.values(), ZERO), proration)


def _parts(month: MonthInputs) -> dict[int, _Part]:
    """Component -> itself, of those that are summed or would be if they were sound."""
    return {
        component_id: _Part(version_id, month.version(version_id), part.code, part.terms)
        for version_id, components in month.components.items()
        for component_id, part in components
        if isinstance(part.terms, Rate) and (part.terms.is_summed or component_id in month.unsound)
    }


def _group(payee_id: int, part: _Part) -> Group:
    return payee_id, part.version.scheme_id, part.code


def _spans(month: MonthInputs, parts: dict[int, _Part]) -> dict[Group, dict[int, list[Cover]]]:
    """Group -> component -> when it covered the payee."""
    found: dict[Group, dict[int, list[Cover]]] = defaultdict(lambda: defaultdict(list))
    for cover in month.covers:
        for component_id, _part in month.components[cover.version_id]:
            if component_id in parts:
                found[_group(cover.payee_id, parts[component_id])][component_id].append(cover)
    return found


def _floor(month: MonthInputs, terms: Rate, covered: Sequence[Span]) -> tuple[Decimal | None, dict[str, str]]:
    """The floor of the days on which one was promised, like the salary of those days; none before the ledger begins.

    Who is not covered in the month at all has none, so that a refund that comes after somebody left is not lifted to it.
    """
    promised = [cover for cover, part in covered if part.terms.floor is not None]
    if terms.floor is None or not promised or not month.are_days_paid:
        return None, {}
    worked = sum(month.worked_days(cover.from_on, cover.until_on) for cover in promised)
    if worked >= month.norm_days:
        return terms.floor, {}
    told = {"floor": plain(terms.floor), "worked_days": str(worked), "norm_days": str(month.norm_days)}
    return round_money(terms.floor * worked / month.norm_days), told
