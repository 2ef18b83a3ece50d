from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.engine.norms import spread
from planning.engine.pace import NO_LIMIT, Pace, remaining_targets, repace
from salesys.kernel.errors import InvalidInput

HOURS = st.lists(st.integers(0, 12), min_size=1, max_size=23)


@pytest.mark.parametrize(
    ("total", "hours", "days"),
    [
        (0, [8, 8], (0, 0)),
        (0, [], ()),
        (0, [0], (0,)),
        (10, [8, 8, 8, 8], (3, 2, 3, 2)),
        (2, [8, 8, 8, 8], (1, 0, 1, 0)),
        (10, [0, 8, 0, 8], (0, 5, 0, 5)),
        (15, [8, 7], (8, 7)),
        (1, [0, 1], (0, 1)),
    ],
)
def test_units_are_spread_over_hours(total: int, hours: list[int], days: tuple[int, ...]) -> None:
    assert spread(total, hours) == days


@pytest.mark.parametrize(("total", "hours"), [(1, []), (1, [0, 0]), (-1, [8]), (1, [8, -1])])
def test_work_without_a_working_hour_is_refused(total: int, hours: list[int]) -> None:
    with pytest.raises(InvalidInput):
        spread(total, hours)


@given(st.integers(0, 10_000), HOURS.filter(any))
def test_days_sum_to_the_month_and_stay_near_their_share(total: int, hours: list[int]) -> None:
    days = spread(total, hours)
    assert sum(days) == total
    for part, worked in zip(days, hours, strict=True):
        assert abs(part - Decimal(total) * worked / sum(hours)) < 1
        assert worked or not part


@pytest.mark.parametrize(
    ("remaining", "assigned", "returned", "load"),
    [(119, 119, 0, "1.19"), (120, 120, 0, "1.20"), (121, 120, 1, "1.21"), (300, 120, 180, "3.00")],
)
def test_a_pace_above_a_fifth_over_capacity_goes_back_up(remaining: int, assigned: int, returned: int, load: str) -> None:
    pace = repace(remaining + 7, 7, [8, 8], norm_per_day=50)
    assert (pace.remaining, pace.assigned, pace.returned, pace.load) == (remaining, assigned, returned, Decimal(load))
    assert sum(pace.days) == assigned


def test_who_is_not_there_returns_everything_at_no_load() -> None:
    assert repace(20, 7, [0, 0], norm_per_day=5, is_there=False) == Pace(13, 0, 13, Decimal("0.00"), (0, 0))
    assert repace(20, 7, [0, 0], norm_per_day=5) == Pace(13, 0, 13, NO_LIMIT, (0, 0))


def test_a_month_that_is_done_asks_for_nothing() -> None:
    assert repace(10, 12, [8], norm_per_day=5) == Pace(0, 0, 0, Decimal("0.00"), (0,))


def test_part_of_the_time_is_part_of_the_capacity() -> None:
    assert repace(10, 0, [8, 8], norm_per_day=5, availability=Decimal("0.5")).load == Decimal("2.00")


@pytest.mark.parametrize(("hours", "norm"), [([0], 5), ([8], 0), ([], 5)])
def test_without_capacity_everything_goes_back_up(hours: list[int], norm: int) -> None:
    pace = repace(3, 0, hours, norm_per_day=norm)
    assert (pace.assigned, pace.returned, pace.load) == (0, 3, NO_LIMIT)


@pytest.mark.parametrize(("need", "done", "norm", "share"), [(-1, 0, 1, "1"), (1, -1, 1, "1"), (1, 0, -1, "1"), (1, 0, 1, "-1")])
def test_negative_figures_are_refused(need: int, done: int, norm: int, share: str) -> None:
    with pytest.raises(InvalidInput):
        repace(need, done, [8], norm_per_day=norm, availability=Decimal(share))


@given(st.integers(0, 5000), st.integers(0, 5000), HOURS, st.integers(0, 100))
def test_nothing_of_a_need_is_lost(need: int, done: int, hours: list[int], norm: int) -> None:
    pace = repace(need, done, hours, norm_per_day=norm)
    assert pace.assigned + pace.returned == max(need - done, 0)
    assert sum(pace.days) == pace.assigned
    assert repace(need, done, hours, norm_per_day=norm) == pace


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 50), HOURS)
def test_who_has_done_more_never_has_to_do_more(need: int, done: int, more: int, hours: list[int]) -> None:
    assert repace(need, done + more, hours, norm_per_day=40).assigned <= repace(need, done, hours, norm_per_day=40).assigned


@pytest.mark.parametrize(
    ("collected", "finished", "left"),
    [
        ("0.00", 0, ("100.00", "200.00", "100.00")),
        ("100.00", 1, ("200.00", "100.00")),
        ("40.00", 1, ("240.00", "120.00")),
        ("160.00", 1, ("160.00", "80.00")),
        ("399.99", 2, ("0.01",)),
        ("400.00", 2, ("0.00",)),
        ("500.00", 2, ("0.00",)),
        ("0.00", 3, ()),
        ("-10.00", 2, ("410.00",)),
    ],
)
def test_what_was_missed_is_carried_to_the_months_that_are_left(collected: str, finished: int, left: tuple[str, ...]) -> None:
    targets = (Decimal("100.00"), Decimal("200.00"), Decimal("100.00"))
    assert remaining_targets(targets, collected=Decimal(collected), finished=finished) == tuple(
        Decimal(amount) for amount in left
    )


@pytest.mark.parametrize("finished", [-1, 4])
def test_months_that_do_not_exist_cannot_be_finished(finished: int) -> None:
    with pytest.raises(InvalidInput):
        remaining_targets((Decimal("1.00"),) * 3, collected=Decimal(0), finished=finished)
