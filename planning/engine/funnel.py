"""The funnel backwards: from money that is missing to the work that brings it, moved earlier by the measured days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from planning.engine.activities import STEPS, Activity, Step
from salesys.kernel.errors import invalid
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month

FINE = Decimal("0.000000001")
"""Grain of fractional deals; PostgreSQL rounds at the same places, so both compute the same integers."""

COARSE = Decimal("0.000001")
"""What is less than a millionth of a unit is a rounding trace and asks for no work."""


@dataclass(frozen=True, slots=True)
class MonthMoney:
    """What a seller must collect in a month, and what is on its way already, in company currency without VAT."""

    month: Month
    target: Decimal
    expected: Decimal = ZERO
    pipeline: Decimal = ZERO

    @property
    def gap(self) -> Decimal:
        """What new deals must bring: target less expected payments less weighted open deals, never below zero."""
        return max(self.target - self.expected - self.pipeline, ZERO)


@dataclass(frozen=True, slots=True)
class Yield:
    """Units of an activity per deal, and how many days before the deal's payment they are due."""

    activity: Activity
    per_deal: Decimal
    lead_days: int


@dataclass(frozen=True, slots=True)
class Need:
    """Whole units of an activity in a month; `exact` is the unrounded need up to the end of that month."""

    activity: Activity
    month: Month
    exact: Decimal
    amount: int


def yields(steps: Sequence[Step] = STEPS, *, payment_lag_days: int) -> tuple[Yield, ...]:
    """Units of each activity per won deal, from the rates of the steps.

    Args:
        steps: Each after the step that it serves; rates more than zero, shares more than zero and at most one.
        payment_lag_days: Days from winning to payment, not negative.

    Returns:
        One yield per activity, deals first, then in the order of the steps.

    Raises:
        InvalidInput: A rate is not positive, a share is none, or days are negative.
    """
    if payment_lag_days < 0 or any(step.lead_days < 0 for step in steps):
        raise invalid("negative_days", "Days between stages may not be negative.", field="lead_days", remedy="Use zero or more.")
    found = {Activity.DEALS: Yield(Activity.DEALS, Decimal(1), payment_lag_days)}
    for step in steps:
        if step.rate <= 0:
            raise invalid(
                "rate_not_positive", "A conversion must be more than zero.", field="rate", value=step.rate, remedy="Use a share."
            )
        if not 0 < step.share <= 1:
            raise invalid(
                "share_out_of_range", "A share lies between zero and one.", field="share", value=step.share, remedy="Use a share."
            )
        served = found[step.serves]
        per_deal = (served.per_deal * step.share / step.rate).quantize(FINE, rounding=ROUND_HALF_UP)
        found[step.activity] = Yield(step.activity, per_deal, served.lead_days + step.lead_days)
    return tuple(found.values())


def deals_to_win(months: Sequence[MonthMoney], *, payment_per_deal: Decimal) -> tuple[Decimal, ...]:
    """Deals whose payments fill each month's gap, unrounded.

    Args:
        months: In order of time, without holes.
        payment_per_deal: Average payments of the first year of a won deal, without VAT, more than zero.

    Returns:
        One fractional number per month.

    Raises:
        InvalidInput: The average is not positive.
    """
    if payment_per_deal <= 0:
        raise invalid(
            "deal_value_not_positive",
            "The average payment of a won deal must be more than zero.",
            field="payment_per_deal",
            value=payment_per_deal,
            remedy="Win and collect a first deal, or give an estimate.",
        )
    return tuple((money.gap / payment_per_deal).quantize(FINE, rounding=ROUND_HALF_UP) for money in months)


def due_by(on: date, first: Month, deals: Sequence[Decimal]) -> Decimal:
    """Deals whose payments are due up to and including a date, a month's deals being due evenly over its days.

    Args:
        on: The date.
        first: The month of `deals[0]`.
        deals: Fractional deals per month, in order.
    """
    index = first.until(Month.of(on))
    if index < 0:
        return Decimal(0)
    whole = sum(deals[:index], Decimal(0))
    if index >= len(deals):
        return whole
    month = Month.of(on)
    part = deals[index] * on.day / month.last.day
    return whole + part.quantize(FINE, rounding=ROUND_HALF_UP)


def needs(first: Month, deals: Sequence[Decimal], per_deal: Sequence[Yield], *, work_months: Sequence[Month]) -> tuple[Need, ...]:
    """Whole units of each activity in each month of work.

    The need up to the end of a month is what serves payments due up to that day plus the lead days. It is rounded up once,
    as a running total, so a year never asks for more than one unit above its exact need. What should have been begun before
    the first month of work can no longer be in time and is not asked for: the money that it fails to bring is spread over
    the months that are left when its month is over.

    Args:
        first: The month of `deals[0]`, the first with a target.
        deals: Fractional deals per month; may reach past the months of work, whose last weeks serve them.
        per_deal: Units and lead days per activity.
        work_months: Consecutive months to which work may be given, at least one.

    Returns:
        One need per activity and month of work, activities in the order given, months in order of time.
    """
    found = []
    for step in per_deal:
        before = ceil(_served(step, work_months[0].plus(-1), first, deals))
        for month in work_months:
            exact = _served(step, month, first, deals)
            found.append(Need(step.activity, month, exact, ceil(exact) - before))
            before = ceil(exact)
    return tuple(found)


def _served(step: Yield, month: Month, first: Month, deals: Sequence[Decimal]) -> Decimal:
    """Units of a step for all payments that the work up to the end of a month serves."""
    due = due_by(month.last + timedelta(days=step.lead_days), first, deals)
    return (step.per_deal * due).quantize(COARSE, rounding=ROUND_HALF_UP)
