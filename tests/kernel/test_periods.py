from __future__ import annotations

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import DateSpan, Month, months_of_year

dates = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


def span(start: str, end: str | None = None) -> DateSpan:
    return DateSpan(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def test_a_month_knows_its_days() -> None:
    february = Month.parse("2028-02")
    assert (february.first, february.last, str(february)) == (date(2028, 2, 1), date(2028, 2, 29), "2028-02")
    assert february.span == span("2028-02-01", "2028-03-01")


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "x-1", "2026-1-1", "9999-12", "1899-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Month.parse(text)
    assert (caught.value.issues[0].field, caught.value.issues[0].value) == ("month", text)


def test_there_is_no_thirteenth_month() -> None:
    with pytest.raises(InvalidInput):
        Month(2026, 13)


@given(dates, st.integers(min_value=-600, max_value=600))
def test_going_there_and_back_ends_in_the_same_month(on: date, months: int) -> None:
    month = Month.of(on)
    assert month.plus(months).plus(-months) == month
    assert month.until(month.plus(months)) == months


def test_a_year_has_twelve_months_in_order() -> None:
    months = months_of_year(2026)
    assert (len(months), months[0], months[-1]) == (12, Month(2026, 1), Month(2026, 12))
    assert list(months) == sorted(months)


def test_the_end_of_a_span_is_outside() -> None:
    january = span("2026-01-01", "2026-02-01")
    assert date(2026, 1, 1) in january
    assert date(2026, 1, 31) in january
    assert date(2026, 2, 1) not in january
    assert date(2025, 12, 31) not in january
    assert date(2999, 1, 1) in span("2026-01-01")


@pytest.mark.parametrize("end", ["2026-01-01", "2025-12-31"])
def test_an_empty_span_is_refused(end: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        span("2026-01-01", end)
    assert caught.value.issues[0].field == "end"


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (span("2026-01-01", "2026-02-01"), span("2026-02-01"), None),
        (span("2026-02-01"), span("2026-01-01", "2026-02-01"), None),
        (span("2026-01-01", "2026-02-02"), span("2026-02-01"), span("2026-02-01", "2026-02-02")),
        (span("2026-01-01"), span("2026-03-01"), span("2026-03-01")),
        (span("2026-01-01", "2026-12-01"), span("2026-03-01", "2026-04-01"), span("2026-03-01", "2026-04-01")),
    ],
)
def test_spans_that_touch_do_not_overlap(one: DateSpan, other: DateSpan, both: DateSpan | None) -> None:
    assert one.overlaps(other) is (both is not None)
    assert one.clip(other) == both == other.clip(one)


def test_days_come_in_order() -> None:
    assert list(span("2026-02-27", "2026-03-02").days()) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert list(islice(span("2026-12-31").days(), 2)) == [date(2026, 12, 31), date(2027, 1, 1)]
