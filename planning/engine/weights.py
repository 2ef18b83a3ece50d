"""Weights by which a goal is divided: seasons of the year, results of people, and the ramp of new people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from planning.engine.conversions import shrink_mean
from salesys.kernel.money import round_rate
from salesys.kernel.periods import Month

EXPERIENCE_MONTHS = 3
"""How many months of the colleagues' average each person's own record is mixed with."""

RAMP = (Decimal("0.250000"), Decimal("0.500000"), Decimal("0.750000"))
"""Share of full productivity in the first, second and third month of work; full from then on."""

FULL = Decimal("1.000000")
NOTHING = Decimal("0.000000")


def seasonality(collected: Mapping[Month, Decimal]) -> tuple[Decimal, ...]:
    """Weights of January to December from what was collected in complete months.

    Args:
        collected: Amount by month, any number of years; refunds may make a month negative, which counts as nothing.

    Returns:
        Twelve weights that average one. A calendar month that was never seen weighs one; with no history all do.
    """
    by_number: dict[int, list[Decimal]] = {}
    for month, amount in collected.items():
        by_number.setdefault(month.number, []).append(max(amount, Decimal(0)))
    means = {number: sum(amounts, Decimal(0)) / len(amounts) for number, amounts in by_number.items()}
    level = sum(means.values(), Decimal(0)) / max(len(means), 1)
    if not level:
        return (FULL,) * 12
    return tuple(round_rate(means.get(number, level) / level) for number in range(1, 13))


def ramp_share(month: Month, *, hired: Month, left: Month | None = None, curve: Sequence[Decimal] = RAMP) -> Decimal:
    """Share of full productivity of a person in a month.

    Args:
        month: The month asked about.
        hired: The first month of work.
        left: The first month without the person, or None.
        curve: Shares in the first months of work, in order.

    Returns:
        Zero before the hiring and after the leaving, the curve at first, one afterwards.
    """
    tenure = hired.until(month)
    if tenure < 0 or (left is not None and left <= month):
        return NOTHING
    return curve[tenure] if tenure < len(curve) else FULL


def result_weight(collected: Decimal, months: int, *, colleagues_mean: Decimal) -> Decimal:
    """Expected monthly result of a person: the own record mixed with the colleagues' average.

    Args:
        collected: Sum over the person's measured months; a negative sum counts as nothing.
        months: How many months that is.
        colleagues_mean: Average per person and month around them; one when nobody has collected anything.

    Returns:
        A weight in currency per month: near the colleagues' average for new people, near the own record for old ones.

    Raises:
        InvalidInput: A negative number of months.
    """
    return shrink_mean(collected, months, toward=colleagues_mean, strength=EXPERIENCE_MONTHS)
