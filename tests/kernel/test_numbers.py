from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesys.kernel.numbers import LARGEST_ID, decimal_number, whole_number

TEXTS = st.text(st.characters(), max_size=80) | st.from_regex(r"[+-]?[0-9.]{1,70}(e[+-]?[0-9]{1,9})?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("9223372036854775807", LARGEST_ID),
        ("9223372036854775808", None),
        ("9" * 4400, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        ("١٢", None),
        ("1\x00", None),
    ],
)
def test_a_whole_number_is_read_within_its_bounds(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(("text", "number"), [("1999", None), ("2000", 2000), ("2200", 2200), ("2201", None), ("02000", None)])
def test_bounds_are_included(text: str, number: int | None) -> None:
    assert whole_number(text, least=2000, most=2200) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.50", Decimal("1234.50")),
        ("1e30", Decimal("1e30")),
        ("1e31", Decimal("Infinity")),
        ("1e9999999", Decimal("Infinity")),
        ("1e-9999999", Decimal("Infinity")),
        ("0e9999999", Decimal(0)),
        ("9" * 4400, Decimal("Infinity")),
        ("ten", None),
        ("", None),
    ],
)
def test_a_decimal_number_never_breaks_what_is_counted_with_it(text: str, number: Decimal | None) -> None:
    assert decimal_number(text) == number


@given(TEXTS)
def test_whatever_is_let_through_can_be_counted_with(text: str) -> None:
    number = decimal_number(text)
    if number is not None and number.is_finite():
        assert abs(number * number + 1) < Decimal("1e70")
