"""How many people a month's work needs, against how many are there, and by when hiring must start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from planning.engine.pace import capacity
from salesys.kernel.errors import invalid
from salesys.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Post:
    """What one full-time person of a role can do.

    `norm_per_day` is in units of the role's limiting activity per eight hours, `availability` the share of the working time
    that is there for it, `lead_days` the calendar days of hiring and training before a new person does the full norm.
    """

    norm_per_day: int
    availability: Decimal
    lead_days: int


@dataclass(frozen=True, slots=True)
class Headcount:
    """People of one role in one month; `needed` in full-time people, `missing` in whole ones."""

    month: Month
    needed: Decimal
    present: int
    missing: int
    hire_from: date | None


def headcount(need: int, *, month: Month, hours: int, post: Post, present: int) -> Headcount:
    """Compare the people that a month's work needs with those who are there.

    Args:
        need: Units of the role's limiting activity in the month.
        month: The month.
        hours: Working hours of one full-time person in it.
        post: What one person can do.
        present: People in the role in that month.

    Returns:
        The comparison; `hire_from` is the day by which hiring must start, None when nobody is missing.

    Raises:
        InvalidInput: There is work, but norm, hours or availability leave no capacity.
    """
    able = capacity(post.norm_per_day, hours, post.availability)
    if need and able <= 0:
        raise invalid(
            "no_capacity",
            "A person has no capacity in this month.",
            field="norm",
            value=post.norm_per_day,
            remedy="Set a norm above zero.",
        )
    exact = need / able if need else Decimal(0)
    needed = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    missing = max(ceil(exact) - present, 0)
    hire_from = month.first - timedelta(days=post.lead_days) if missing else None
    return Headcount(month, needed, present, missing, hire_from)
