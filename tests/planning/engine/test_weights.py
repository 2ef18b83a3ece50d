from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.engine.weights import ramp_share, result_weight, seasonality
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month, months_of_year


def test_a_company_without_history_has_no_season() -> None:
    assert seasonality({}) == (Decimal(1),) * 12
    assert seasonality({Month(2025, 1): Decimal("-5.00")}) == (Decimal(1),) * 12


def test_a_season_is_the_mean_of_its_years() -> None:
    collected = {month: Decimal(100) for month in months_of_year(2025)} | {Month(2024, 12): Decimal(300)}
    weights = seasonality(collected)
    assert weights[11] == Decimal("1.846154")
    assert weights[:11] == (Decimal("0.923077"),) * 11


def test_a_month_never_seen_weighs_one() -> None:
    assert seasonality({Month(2025, 1): Decimal(300), Month(2025, 2): Decimal(100)}) == (
        Decimal("1.500000"),
        Decimal("0.500000"),
        *(Decimal("1.000000"),) * 10,
    )


@pytest.mark.parametrize(
    ("month", "share"),
    [
        (Month(2026, 1), "0"),
        (Month(2026, 2), "0.25"),
        (Month(2026, 3), "0.5"),
        (Month(2026, 4), "0.75"),
        (Month(2026, 5), "1"),
        (Month(2026, 8), "1"),
        (Month(2026, 9), "0"),
    ],
)
def test_new_people_ramp_up_and_people_who_left_carry_nothing(month: Month, share: str) -> None:
    assert ramp_share(month, hired=Month(2026, 2), left=Month(2026, 9)) == Decimal(share)


def test_who_stays_keeps_the_full_share() -> None:
    assert ramp_share(Month(2030, 1), hired=Month(2026, 2)) == 1


def test_a_new_person_weighs_as_the_colleagues_do() -> None:
    assert result_weight(Decimal(0), 0, colleagues_mean=Decimal(100)) == Decimal(100)


def test_an_own_record_counts_more_the_longer_it_is() -> None:
    assert result_weight(Decimal(600), 3, colleagues_mean=Decimal(100)) == Decimal(150)
    assert result_weight(Decimal(2400), 12, colleagues_mean=Decimal(100)) == Decimal(180)


def test_refunds_do_not_make_a_weight_negative() -> None:
    assert result_weight(Decimal(-600), 3, colleagues_mean=Decimal(-1)) == 0


def test_negative_months_are_refused() -> None:
    with pytest.raises(InvalidInput):
        result_weight(Decimal(1), -1, colleagues_mean=Decimal(1))


@given(st.dictionaries(st.builds(Month, st.integers(2020, 2026), st.integers(1, 12)), st.decimals(0, 10**9, places=2)))
def test_there_are_always_twelve_weights_that_average_about_one(collected: dict[Month, Decimal]) -> None:
    weights = seasonality(collected)
    assert len(weights) == 12
    assert abs(sum(weights, Decimal(0)) - 12) < Decimal("0.0001")
