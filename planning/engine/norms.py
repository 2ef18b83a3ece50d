"""A month's work over its working days, and among people, in whole units that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence

from salesys.kernel.errors import gettext_noop, invalid


def spread(total: int, hours: Sequence[int]) -> tuple[int, ...]:
    """Divide whole units over days (or people) in proportion to hours, as evenly as whole units allow.

    The running total is rounded up, so spare units come early and no stretch of days is more than one unit off its share.

    Args:
        total: Units, not negative.
        hours: Working hours per day, not negative.

    Returns:
        One number per day, zero where there are no hours; they sum to `total` exactly.

    Raises:
        InvalidInput: The total or hours are negative, or there is work but not one working hour.
    """
    if total < 0 or min(hours, default=0) < 0:
        raise invalid(
            "negative_norm", "Norms and hours may not be negative.", field="total", value=total, remedy="Use zero or more."
        )
    whole = sum(hours)
    if total and not whole:
        raise invalid(
            "no_working_days",
            gettext_noop("There is no working day left."),
            field="hours",
            remedy=gettext_noop("Move the work to another month."),
        )
    found, before, passed = [], 0, 0
    for part in hours:
        passed += part
        upward = -(-total * passed // whole) if whole else 0
        found.append(upward - before)
        before = upward
    return tuple(found)
