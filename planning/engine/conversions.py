"""Measured conversions, shrunk toward those of the people around them where the own numbers are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from salesys.kernel.errors import invalid
from salesys.kernel.money import RATE_STEP, round_rate

DEFAULT_STRENGTH = Decimal("20.000000")
"""Trials that the prior is worth where it cannot be estimated from differences between people."""

MIN_STRENGTH = Decimal("2.000000")
MAX_STRENGTH = Decimal("1000.000000")
MAX_RATE = Decimal("999.999999")


@dataclass(frozen=True, slots=True)
class Sample:
    """`successes` units of the next stage out of `trials` units of this one, over twelve months."""

    successes: int
    trials: int

    def __post_init__(self) -> None:
        if self.successes < 0 or self.trials < 0:
            raise invalid(
                "negative_count", "Counts may not be negative.", field="trials", value=self.trials, remedy="Count again."
            )


def pooled(samples: Sequence[Sample]) -> Sample:
    """All samples taken together."""
    return Sample(sum(sample.successes for sample in samples), sum(sample.trials for sample in samples))


def shrink(sample: Sample, *, toward: Decimal, strength: Decimal) -> Decimal:
    """A rate between the own measurement and the one around it.

    Args:
        sample: Own counts.
        toward: The rate of the level above.
        strength: How many trials that rate is worth.

    Returns:
        `(successes + strength x toward) / (trials + strength)` to six places, never zero (a need is divided by it), never
        more than a rate column holds.

    Source: posterior mean of the beta-binomial (gamma-Poisson where rates exceed one) model.
    """
    rate = round_rate((sample.successes + strength * toward) / (sample.trials + strength))
    return min(max(rate, RATE_STEP), MAX_RATE)


def prior_strength(samples: Sequence[Sample]) -> Decimal:
    """How many trials the common rate is worth, from how much people really differ.

    When the observed differences are no larger than chance makes them, people are alike and the common rate weighs most;
    when they are large, each person's own record counts.

    Args:
        samples: Counts of the people of one direction.

    Returns:
        Strength within [2, 1000]; 20 when fewer than two people have trials or the common rate leaves nothing to compare.

    Source: Kleinman (1973), method of moments for proportions with unequal sizes.
    """
    used = [sample for sample in samples if sample.trials]
    trials = sum(sample.trials for sample in used)
    mean = Fraction(sum(sample.successes for sample in used), trials) if trials else Fraction(0)
    chance = mean * (1 - mean)
    if len(used) < 2 or chance <= 0:
        return DEFAULT_STRENGTH
    spread = sum(sample.trials * (Fraction(sample.successes, sample.trials) - mean) ** 2 for sample in used)
    size = trials - Fraction(sum(sample.trials**2 for sample in used), trials)
    between = (spread - (len(used) - 1) * chance) / size
    if between <= 0:
        return MAX_STRENGTH
    strength = chance / between - 1
    return min(max(round_rate(Decimal(strength.numerator) / Decimal(strength.denominator)), MIN_STRENGTH), MAX_STRENGTH)


def shrink_all(samples: Sequence[Sample], *, toward: Decimal) -> tuple[Decimal, tuple[Decimal, ...]]:
    """The rate of a direction and those of its people.

    Args:
        samples: Counts per person.
        toward: The rate of the level above the direction.

    Returns:
        The direction's rate, itself shrunk toward the level above, and one rate per person shrunk toward the direction's.
    """
    common = shrink(pooled(samples), toward=toward, strength=DEFAULT_STRENGTH)
    strength = prior_strength(samples)
    return common, tuple(shrink(sample, toward=common, strength=strength) for sample in samples)


def shrink_mean(total: Decimal, count: int, *, toward: Decimal, strength: int) -> Decimal:
    """An average between the own one and the one around, to six places.

    Args:
        total: Sum of the own values; a negative sum counts as nothing.
        count: How many own values there are.
        toward: The average of the level above; a negative one counts as nothing.
        strength: How many values that average is worth, more than zero.

    Raises:
        InvalidInput: A negative count.
    """
    if count < 0:
        raise invalid("negative_count", "Counts may not be negative.", field="count", value=count, remedy="Count again.")
    own = max(total, Decimal(0)) + strength * max(toward, Decimal(0))
    return round_rate(own / (count + strength))
