from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compensation.engine.newness import FIRST_DEAL, FIRST_MONTH, MAX_DAYS, ClientStart, NewUntil, NewUntilRule, is_new
from salesys.kernel.errors import InvalidInput

START = ClientStart(first_paid_on=date(2026, 1, 20), first_deal_id=7)


@pytest.mark.parametrize(
    ("deal_id", "expected"),
    [(7, True), (8, False), (None, False)],
)
def test_first_deal_counts_payments_of_that_deal_whenever_they_arrive(deal_id: int | None, expected: bool) -> None:
    assert is_new(FIRST_DEAL, START, paid_on=date(2029, 5, 1), deal_id=deal_id) is expected


def test_first_deal_never_counts_where_no_deal_was_won() -> None:
    start = ClientStart(first_paid_on=date(2026, 1, 20))
    assert not is_new(FIRST_DEAL, start, paid_on=date(2026, 1, 20), deal_id=None)
    assert not is_new(FIRST_DEAL, start, paid_on=date(2026, 1, 20), deal_id=7)


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 1, 31), True),
        (date(2026, 2, 1), False),
        (date(2025, 12, 31), False),
        (date(2027, 1, 20), False),
    ],
)
def test_first_month_is_the_calendar_month_of_the_first_payment(paid_on: date, expected: bool) -> None:
    assert is_new(FIRST_MONTH, START, paid_on=paid_on, deal_id=None) is expected


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [
        (date(2026, 1, 19), False),
        (date(2026, 1, 20), True),
        (date(2026, 4, 19), True),
        (date(2026, 4, 20), False),
    ],
)
def test_days_are_half_open_from_the_first_payment(paid_on: date, expected: bool) -> None:
    assert is_new(NewUntil(NewUntilRule.DAYS, 90), START, paid_on=paid_on, deal_id=None) is expected


@given(st.integers(1, MAX_DAYS))
def test_exactly_n_days_are_new(days: int) -> None:
    rule = NewUntil(NewUntilRule.DAYS, days)
    last = START.first_paid_on + timedelta(days=days - 1)
    assert is_new(rule, START, paid_on=last, deal_id=None)
    assert not is_new(rule, START, paid_on=last + timedelta(days=1), deal_id=None)


@pytest.mark.parametrize("text", ["first_deal", "first_month", "days:1", "days:90", f"days:{MAX_DAYS}"])
def test_rules_are_read_and_written_alike(text: str) -> None:
    assert str(NewUntil.parse(f" {text} ")) == text


@pytest.mark.parametrize(
    "text", ["", "days", "days:", "days:0", "days:-1", f"days:{MAX_DAYS + 1}", "days:1.5", "days:²", "first_deal:1", "ever"]
)
def test_other_rules_are_refused_with_field_and_value(text: str) -> None:
    with pytest.raises(InvalidInput) as error:
        NewUntil.parse(text, field="new_until")
    issue = error.value.issues[0]
    assert (issue.code, issue.field, issue.value) == ("not_a_new_until_rule", "new_until", text)
