"""Re-cascade: what remains of a month or year as of a day, at which pace, and whether that can be done at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from planning.engine.norms import spread
from salesys.kernel.allocation import allocate_money
from salesys.kernel.errors import invalid
from salesys.kernel.money import ZERO

OVERLOAD_PERCENT = 120
"""A pace above this share of capacity goes back to the level above instead of onto a person's day."""

DAY_HOURS = 8
NO_LIMIT = Decimal("999.99")


@dataclass(frozen=True, slots=True)
class Pace:
    """The rest of a month: what remains, what was given to the days, and what goes back up as a signal.

    `remaining` = `assigned` + `returned`; the days sum to `assigned`.
    """

    remaining: int
    assigned: int
    returned: int
    load: Decimal
    days: tuple[int, ...]


def capacity(norm_per_day: int, hours: int, availability: Decimal) -> Decimal:
    """Units that a person can do in some working hours, at a norm per day of eight hours."""
    return norm_per_day * hours * availability / DAY_HOURS


def repace(
    need: int,
    done: int,
    hours: Sequence[int],
    *,
    norm_per_day: int,
    availability: Decimal = Decimal(1),
    is_there: bool = True,
) -> Pace:
    """Spread what is left of a month's need over its remaining days.

    Args:
        need: Units of the whole month.
        done: Units already done in it, before the first of the remaining days.
        hours: Working hours of the remaining days.
        norm_per_day: Units per day of eight hours that the role is able to do.
        availability: Share of the working time that is there for this work.
        is_there: Whether the person stands in the role on any of the remaining days, holidays included.

    Returns:
        The pace. More than 120 % of capacity is not assigned but returned; of who is not there, everything is, and the load
        is zero: nobody carries it.

    Raises:
        InvalidInput: A number is negative.
    """
    if min(need, done, norm_per_day) < 0 or availability < 0:
        raise invalid(
            "negative_norm", "Needs and norms may not be negative.", field="need", value=need, remedy="Use zero or more."
        )
    remaining = max(need - done, 0)
    able = capacity(norm_per_day, sum(hours), availability)
    assigned = min(remaining, int(able * OVERLOAD_PERCENT / 100))
    if not is_there:
        return Pace(remaining, 0, remaining, ZERO, (0,) * len(hours))
    load = min((remaining / able).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), NO_LIMIT) if able else NO_LIMIT
    return Pace(remaining, assigned, remaining - assigned, load if remaining else ZERO, spread(assigned, hours))


def remaining_targets(targets: Sequence[Decimal], *, collected: Decimal, finished: int) -> tuple[Decimal, ...]:
    """Targets of the months that are left, after what the finished months really brought.

    Args:
        targets: The agreed months, in order.
        collected: What the finished months brought, without VAT; refunds may make it negative.
        finished: How many months are over.

    Returns:
        One target per month that is left. What was missed is added to them, what was brought beyond is taken off, in
        proportion to their agreed amounts, exact to the kopeck; all zero when the year is reached.

    Raises:
        InvalidInput: More months are finished than there are.
    """
    if not 0 <= finished <= len(targets):
        raise invalid("no_such_month", "There are not that many months.", field="finished", value=finished, remedy="Use 0 to 12.")
    left = targets[finished:]
    missing = sum(targets, ZERO) - collected
    if missing <= 0 or not left:
        return (ZERO,) * len(left)
    if missing == sum(left, ZERO):
        return tuple(left)
    return allocate_money(missing, left)
