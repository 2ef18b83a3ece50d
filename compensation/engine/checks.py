"""Whether the terms of a scheme can be computed at all: every issue at once, each with its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from compensation.engine.terms import Component, PlanBonus, Rate, Salary, SchemeTerms, TeamPool, Terms, Tier
from salesys.kernel.errors import Issue, gettext_noop

MAX_RATE = Decimal(1)


def scheme_issues(scheme: SchemeTerms) -> tuple[Issue, ...]:
    """What is wrong with a scheme, in the order of its components; empty when it can be saved.

    Fields are named `components[2].rate`, `components[2].tiers[0].upper`, with positions from zero.
    """
    if not scheme.components:
        problem = Issue(
            "no_components", "A scheme without components pays nobody anything.", "components", "", "Add a component."
        )
        return (problem,)
    found = [issue for place, part in enumerate(scheme.components) for issue in _component(f"components[{place}]", part)]
    return (*found, *_repeated_codes(scheme.components))


def component_issues(part: Component) -> tuple[Issue, ...]:
    """What is wrong with one component; empty when it can be computed. Fields begin with its code: `bonus.steps[0].lower`."""
    return tuple(_component(part.code, part))


def no_tiers(field: str) -> Issue:
    """Tiers or steps are needed and there are none."""
    return Issue("no_tiers", "At least one step is needed.", field, "", gettext_noop("Add a step from zero."))


def _repeated_codes(components: Sequence[Component]) -> Iterator[Issue]:
    for code, times in Counter(part.code for part in components).items():
        if times > 1:
            yield Issue(
                "repeated_code", "Two components have the same code.", "components", code, gettext_noop("Give each its own code.")
            )


def _component(field: str, part: Component) -> Iterator[Issue]:
    if not part.code:
        yield Issue(
            "no_code", "A component needs a code.", f"{field}.code", "", gettext_noop("Use a short name such as new_clients.")
        )
    odd = next((number for number in _numbers(part.terms) if not number.is_finite()), None)
    if odd is not None:
        yield Issue("not_a_number", "This is not a number.", field, str(odd), gettext_noop("Write it like 1234.50."))
        return
    match part.terms:
        case Salary(amount=amount):
            yield from _not_negative(f"{field}.amount", amount)
        case Rate():
            yield from _rate(field, part.terms)
        case PlanBonus(steps=steps):
            yield from _tiers(f"{field}.steps", steps, highest=None)
        case _:
            yield from _share(f"{field}.rate", part.terms.rate)
            yield from _not_negative(f"{field}.breakeven", part.terms.breakeven)


def _numbers(terms: Terms) -> Iterator[Decimal]:
    """Every number that the terms name: nothing can be compared with one that is none."""
    match terms:
        case Salary(amount=amount):
            yield amount
        case TeamPool(rate=rate, breakeven=breakeven):
            yield from (rate, breakeven)
        case Rate(rate=rate, floor=floor, cap=cap, tiers=tiers):
            yield from (rate, *(bound for bound in (floor, cap) if bound is not None), *_tier_numbers(tiers))
        case _:
            yield from _tier_numbers(terms.steps)


def _tier_numbers(tiers: Sequence[Tier]) -> Iterator[Decimal]:
    for tier in tiers:
        yield from (tier.lower, tier.value)
        if tier.upper is not None:
            yield tier.upper


def _rate(field: str, terms: Rate) -> Iterator[Issue]:
    yield from _share(f"{field}.rate", terms.rate)
    if terms.tiers:
        yield from _tiers(f"{field}.tiers", terms.tiers, highest=MAX_RATE)
    if terms.floor is not None and terms.cap is not None and terms.floor > terms.cap:
        yield Issue(
            "floor_above_cap", "The floor is above the cap.", f"{field}.floor", str(terms.floor), f"Use at most {terms.cap}."
        )


def _tiers(field: str, tiers: Sequence[Tier], *, highest: Decimal | None) -> Iterator[Issue]:
    """Contiguous from zero without end, values in range."""
    if not tiers:
        yield no_tiers(field)
        return
    if tiers[0].lower != 0:
        yield Issue(
            "tiers_not_from_zero", "The first tier must begin at zero.", f"{field}[0].lower", str(tiers[0].lower), "Write 0."
        )
    for place, tier in enumerate(tiers):
        yield from _span(f"{field}[{place}]", tier, is_last=place == len(tiers) - 1)
        yield from (
            _share(f"{field}[{place}].value", tier.value) if highest else _not_negative(f"{field}[{place}].value", tier.value)
        )
    for place, (tier, following) in enumerate(pairwise(tiers)):
        if tier.upper is not None and following.lower != tier.upper:
            yield Issue(
                "tiers_not_contiguous",
                "Each tier must begin where the one before it ends.",
                f"{field}[{place + 1}].lower",
                str(following.lower),
                f"Write {tier.upper}.",
            )


def _span(field: str, tier: Tier, *, is_last: bool) -> Iterator[Issue]:
    if is_last and tier.upper is not None:
        yield Issue(
            "tiers_end", "The last tier must be without an upper bound.", f"{field}.upper", str(tier.upper), "Leave it empty."
        )
    elif not is_last and tier.upper is None:
        yield Issue(
            "tier_without_end", "Only the last tier may be without an upper bound.", f"{field}.upper", "", "Write a bound."
        )
    elif tier.upper is not None and tier.upper <= tier.lower:
        yield Issue(
            "empty_tier",
            "A tier must end above its beginning.",
            f"{field}.upper",
            str(tier.upper),
            f"Use more than {tier.lower}.",
        )


def _share(field: str, rate: Decimal) -> Iterator[Issue]:
    yield from _not_negative(field, rate)
    if rate > MAX_RATE:
        yield Issue("rate_above_one", "A rate is a share: 0.1 is 10 %.", field, str(rate), gettext_noop("Use at most 1."))


def _not_negative(field: str, number: Decimal) -> Iterator[Issue]:
    if number < 0:
        yield Issue("negative", "This may not be negative.", field, str(number), gettext_noop("Use zero or more."))
