"""Year goal to months, and each month down the tree, exact to the kopeck in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from salesys.kernel.allocation import allocate_money, allocate_units
from salesys.kernel.errors import gettext_noop, invalid
from salesys.kernel.money import KOPECK, ZERO


@dataclass(frozen=True, slots=True)
class Branch:
    """A node to be planned: its weights relative to its siblings, one per month, and the nodes below it."""

    key: str
    weights: tuple[Decimal, ...]
    children: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Allotment:
    """What one node got: an amount per month; `parent` is None at the top."""

    key: str
    parent: str | None
    amounts: tuple[Decimal, ...]

    @property
    def year(self) -> Decimal:
        """The node's year: the sum of its months, never a figure of its own."""
        return sum(self.amounts, ZERO)


def months_of_goal(goal: Decimal, weights: Sequence[Decimal], finished: Sequence[Decimal] = ()) -> tuple[Decimal, ...]:
    """Divide a year's goal over its months by seasonal weights; months that are over keep what they had.

    Args:
        goal: Company currency, whole kopecks, more than zero.
        weights: One per month, not negative, not all of those to come zero.
        finished: The amounts of January and the months after it that are over.

    Returns:
        One amount per month, those of `finished` first; they sum to the goal exactly.

    Raises:
        InvalidInput: The goal is not positive or less than what is over, the weights are not twelve, one is negative, or all
            are zero.
    """
    if goal <= 0:
        raise invalid(
            "goal_not_positive",
            gettext_noop("A goal must be more than zero."),
            field="goal",
            value=goal,
            remedy=gettext_noop("Give the amount to collect."),
        )
    if len(weights) != 12:
        raise invalid(
            "months_missing",
            gettext_noop("A plan has twelve months."),
            field="weights",
            value=len(weights),
            remedy=gettext_noop("Give one weight per month."),
        )
    rest, to_come = goal - sum(finished, ZERO), weights[len(finished) :]
    if rest < 0:
        raise invalid(
            "goal_below_finished",
            gettext_noop("The months that are over have more."),
            field="goal",
            value=goal,
            remedy=gettext_noop("Give a larger goal."),
        )
    if not rest:
        return (*finished, *(ZERO for _weight in to_come))
    if not any(to_come):
        raise invalid(
            "no_season",
            gettext_noop("Every month has the weight zero."),
            field="weights",
            remedy=gettext_noop("Give at least one month a weight."),
        )
    return (*finished, *allocate_money(rest, to_come))


def distribute(top: Branch, amounts: Sequence[Decimal]) -> tuple[Allotment, ...]:
    """Divide monthly amounts from the top of a tree down to its leaves.

    In every month the children of a node sum to it exactly, and so in every year. The order in which children are given
    does not matter: they are taken by key.

    Args:
        top: The tree; the weights of the top itself are not used.
        amounts: What the top gets in each month, whole kopecks.

    Returns:
        One allotment per node, parents before their children, siblings by key.

    Raises:
        InvalidInput: A weight is negative, or a node has weights for another number of months.
    """
    return tuple(_below(top, None, tuple(amounts)))


def after_finished(
    finished: Mapping[str, Sequence[Decimal]], to_come: Sequence[Allotment], *, count: int
) -> tuple[Allotment, ...]:
    """Put what the parts had in the months that are over before what they get in those to come.

    Args:
        finished: Amounts of the leaves by key; a leaf that is missing had nothing. No leaf may be missing among the parts.
        to_come: As `distribute` gives them for the months that are left.
        count: How many months are over, also where nobody had anything in them.

    Returns:
        The same parts in the same order; a part above others had what those below it had together.
    """
    had = {part.key: list(finished.get(part.key, (ZERO,) * count)) for part in to_come}
    for part in reversed(to_come):
        if part.parent is not None:
            had[part.parent] = [above + own for above, own in zip(had[part.parent], had[part.key], strict=True)]
    return tuple(Allotment(part.key, part.parent, (*had[part.key], *part.amounts)) for part in to_come)


def _below(branch: Branch, parent: str | None, amounts: tuple[Decimal, ...]) -> list[Allotment]:
    found = [Allotment(branch.key, parent, amounts)]
    children = sorted(branch.children, key=lambda child: child.key)
    if children:
        parts = split_months(amounts, [child.weights for child in children])
        for child, part in zip(children, parts, strict=True):
            found += _below(child, branch.key, part)
    return found


def split_months(amounts: Sequence[Decimal], weights: Sequence[Sequence[Decimal]]) -> tuple[tuple[Decimal, ...], ...]:
    """Divide each month among parts, carrying the remainders of a kopeck from month to month.

    Rounding each month by itself would hand the spare kopecks to the same parts twelve times. Here each month is divided
    by what is due *so far* less what was given so far, so that a part is never a whole kopeck away from its exact share, in
    any month and in the year, as long as its weight stays above zero and its share of each month is at least a kopeck.

    Args:
        amounts: One per month, whole kopecks, not negative.
        weights: Per part, one weight per month; a part gets nothing in a month in which its weight is zero, unless all are.

    Returns:
        Per part, one amount per month; each month sums exactly.

    Raises:
        InvalidInput: No parts, a negative weight, or a number of weights other than the number of months.

    Source: largest remainder on cumulated quotas (controlled rounding of a two-way table).
    """
    _check_weights(len(amounts), weights)
    due = [Fraction(0)] * len(weights)
    given = [0] * len(weights)
    columns = []
    for month, amount in enumerate(amounts):
        shares = [Fraction(part[month]) for part in weights]
        if not any(shares):
            shares = [Fraction(1)] * len(shares)
        units, whole = int(amount / KOPECK), sum(shares)
        due = [owed + units * share / whole for owed, share in zip(due, shares, strict=True)]
        column = allocate_units(units, _claims(due, given, shares))
        given = [had + got for had, got in zip(given, column, strict=True)]
        columns.append(column)
    return tuple(tuple(units * KOPECK for units in row) for row in zip(*columns, strict=True))


def _check_weights(months: int, weights: Sequence[Sequence[Decimal]]) -> None:
    if not weights:
        raise invalid(
            "no_weights",
            gettext_noop("There is nobody to divide this among."),
            field="weights",
            remedy=gettext_noop("Add at least one part."),
        )
    for part in weights:
        if len(part) != months:
            raise invalid(
                "months_missing",
                gettext_noop("A weight is missing."),
                field="weights",
                value=len(part),
                remedy=f"Give {months} weights.",
            )
        if min(part) < 0:
            raise invalid(
                "negative_weight",
                gettext_noop("A weight may not be negative."),
                field="weights",
                value=min(part),
                remedy=gettext_noop("Use zero or more."),
            )


def _claims(due: Sequence[Fraction], given: Sequence[int], shares: Sequence[Fraction]) -> list[Decimal]:
    """What each part may still claim, as whole numbers in proportion; by plain shares when nobody is owed anything."""
    claims = [max(owed - had, Fraction(0)) if share else Fraction(0) for owed, had, share in zip(due, given, shares, strict=True)]
    if not any(claims):
        claims = list(shares)
    common = lcm(*(claim.denominator for claim in claims))
    return [Decimal(claim.numerator * (common // claim.denominator)) for claim in claims]


def gap_below(amounts: Sequence[Decimal], children: Sequence[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    """Per month, how much the children lack of their parent's amount; negative where they carry more than it."""
    return tuple(amount - sum(column, ZERO) for amount, column in zip(amounts, zip(*children, strict=True), strict=True))
