"""Division of a whole into parts by largest remainder: the parts always add up to the whole exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salesys.kernel.errors import gettext_noop, invalid
from salesys.kernel.money import KOPECK, round_money


def allocate_units(total: int, weights: Sequence[Decimal]) -> tuple[int, ...]:
    """Divide `total` indivisible units in proportion to `weights`.

    Args:
        total: Units to divide; a negative total is divided as its mirror image.
        weights: Not negative; when all are zero, the parts are equal.

    Returns:
        One part per weight, in the order of the weights. Units that are left over go to the largest remainders, the
        earlier weight first where remainders are equal, so the result does not depend on anything but the arguments.

    Raises:
        InvalidInput: There are no weights to divide by, or one is negative.

    Source: Hamilton's method (largest remainder).
    """
    if not weights:
        raise invalid(
            "no_weights",
            gettext_noop("There is nobody to divide this among."),
            field="weights",
            remedy=gettext_noop("Add at least one part."),
        )
    if min(weights) < 0:
        raise invalid(
            "negative_weight",
            gettext_noop("A weight may not be negative."),
            field="weights",
            value=min(weights),
            remedy=gettext_noop("Use zero or more."),
        )
    if total < 0:
        return tuple(-part for part in allocate_units(-total, weights))
    shares = [Fraction(weight) for weight in weights] if any(weights) else [Fraction(1)] * len(weights)
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def allocate_money(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Divide an amount of money to the kopeck in proportion to `weights`; see `allocate_units`."""
    if total != round_money(total):
        raise invalid(
            "too_precise", "Only whole kopecks can be divided.", field="total", value=total, remedy="Round the total first."
        )
    return tuple(units * KOPECK for units in allocate_units(int(total / KOPECK), weights))
