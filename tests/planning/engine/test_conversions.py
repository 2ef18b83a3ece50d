from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.engine.conversions import (
    DEFAULT_STRENGTH,
    MAX_RATE,
    MAX_STRENGTH,
    MIN_STRENGTH,
    Sample,
    pooled,
    prior_strength,
    shrink,
    shrink_all,
)
from salesys.kernel.errors import InvalidInput

SAMPLE = st.integers(0, 500).flatmap(lambda trials: st.integers(0, trials).map(lambda successes: Sample(successes, trials)))


def test_without_own_trials_the_rate_is_the_one_around() -> None:
    assert shrink(Sample(0, 0), toward=Decimal("0.3"), strength=Decimal(20)) == Decimal("0.300000")


def test_own_trials_pull_the_rate_toward_themselves() -> None:
    assert shrink(Sample(10, 20), toward=Decimal("0.3"), strength=Decimal(20)) == Decimal("0.400000")


def test_a_rate_is_never_zero_and_always_fits_its_column() -> None:
    assert shrink(Sample(0, 10**9), toward=Decimal(0), strength=Decimal(20)) == Decimal("0.000001")
    assert shrink(Sample(10**9, 0), toward=Decimal(1), strength=Decimal(2)) == MAX_RATE


@pytest.mark.parametrize(("successes", "trials"), [(-1, 1), (1, -1)])
def test_negative_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(InvalidInput):
        Sample(successes, trials)


@pytest.mark.parametrize(
    "samples",
    [
        [],
        [Sample(0, 0)],
        [Sample(1, 2), Sample(0, 0)],
        [Sample(0, 5), Sample(0, 7)],
        [Sample(5, 5), Sample(7, 7)],
        [Sample(9, 5), Sample(1, 1)],
    ],
)
def test_strength_is_the_usual_one_where_nothing_can_be_compared(samples: list[Sample]) -> None:
    assert prior_strength(samples) == DEFAULT_STRENGTH


def test_people_who_do_not_differ_share_one_rate() -> None:
    assert prior_strength([Sample(10, 100), Sample(10, 100), Sample(10, 100)]) == MAX_STRENGTH


def test_people_who_differ_wholly_keep_their_own_rates() -> None:
    assert prior_strength([Sample(0, 100), Sample(100, 100)]) == MIN_STRENGTH


def test_strength_of_people_who_differ_somewhat() -> None:
    """Spread 100 x 0.04 x 2 = 8, chance 0.24, size 200 - 100: between = (8 - 0.24) / 100; 0.24 / 0.0776 - 1 = 2.092784."""
    assert prior_strength([Sample(20, 100), Sample(60, 100)]) == Decimal("2.092784")


def test_a_direction_is_shrunk_toward_the_company_and_its_people_toward_it() -> None:
    common, own = shrink_all([Sample(20, 100), Sample(60, 100), Sample(0, 0)], toward=Decimal("0.4"))
    assert common == Decimal("0.400000")
    assert own == (Decimal("0.204100"), Decimal("0.595900"), Decimal("0.400000"))


def test_a_direction_of_nobody_has_the_rate_above_it() -> None:
    assert shrink_all([], toward=Decimal("0.25")) == (Decimal("0.250000"), ())


@given(st.lists(SAMPLE, max_size=8), st.randoms())
def test_order_does_not_matter(samples: list[Sample], random: object) -> None:
    shuffled = list(samples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert prior_strength(samples) == prior_strength(shuffled)
    assert pooled(samples) == pooled(shuffled)


@given(SAMPLE, st.decimals("0.000001", 1, places=6), st.decimals(2, 1000, places=6))
def test_a_rate_lies_between_its_own_and_the_one_around(sample: Sample, toward: Decimal, strength: Decimal) -> None:
    rate = shrink(sample, toward=toward, strength=strength)
    own = Decimal(sample.successes) / sample.trials if sample.trials else toward
    assert min(own, toward) - Decimal("0.000001") <= rate <= max(own, toward) + Decimal("0.000001")


@given(SAMPLE.filter(lambda sample: sample.trials > sample.successes), st.decimals("0.000001", 1, places=6))
def test_one_more_success_never_lowers_a_rate(sample: Sample, toward: Decimal) -> None:
    better = Sample(sample.successes + 1, sample.trials)
    assert shrink(better, toward=toward, strength=Decimal(20)) >= shrink(sample, toward=toward, strength=Decimal(20))
