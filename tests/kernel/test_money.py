from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesys.kernel.errors import InvalidInput
from salesys.kernel.money import convert, cut_rate, parse_money, round_money, round_rate, without_vat

amounts = st.decimals(
    min_value=Decimal(-9999999999), max_value=Decimal(9999999999), allow_nan=False, allow_infinity=False, places=6
)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.004999", "0.00"), ("0.005", "0.01"), ("0.015", "0.02"), ("-0.005", "-0.01"), ("-0.004", "0.00"), ("2.675", "2.68")],
)
def test_amounts_are_rounded_half_up_away_from_zero(exact: str, rounded: str) -> None:
    assert round_money(Decimal(exact)) == Decimal(rounded)


@given(amounts)
def test_a_refund_undoes_its_payment_exactly(amount: Decimal) -> None:
    assert round_money(amount) + round_money(-amount) == 0


@given(amounts)
def test_rounding_twice_is_rounding_once(amount: Decimal) -> None:
    assert round_money(round_money(amount)) == round_money(amount)


def test_rates_have_six_places() -> None:
    assert round_rate(Decimal("0.1234565")) == Decimal("0.123457")


@pytest.mark.parametrize(
    ("exact", "cut"), [("0.9999999", "0.999999"), ("1", "1.000000"), ("1.0000019", "1.000001"), ("-0.9999999", "-0.999999")]
)
def test_a_measure_is_cut_toward_zero(exact: str, cut: str) -> None:
    assert cut_rate(Decimal(exact)) == Decimal(cut)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\N{NO-BREAK SPACE}234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("\N{MINUS SIGN}500", "-500.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_number"),
        ("ten", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("NaN", "out_of_range"),
        ("Infinity", "out_of_range"),
        ("10000000000000000", "out_of_range"),
        ("1e9999999", "out_of_range"),
        ("9" * 4400, "out_of_range"),
        ("1.005", "too_precise"),
    ],
)
def test_what_is_no_amount_is_refused_with_field_and_value(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_money(text, field="paid")
    (issue,) = caught.value.issues
    assert (issue.code, issue.field, issue.value) == (code, "paid", text)
    assert issue.remedy


def test_vat_is_taken_out_of_an_inclusive_amount() -> None:
    assert without_vat(Decimal("120.00"), Decimal("0.20")) == Decimal("100.00")
    assert without_vat(Decimal("100.00"), Decimal("0.20")) == Decimal("83.33")
    assert without_vat(Decimal("100.00"), Decimal(0)) == Decimal("100.00")


def test_other_currencies_are_converted_at_the_rate_of_the_day() -> None:
    assert convert(Decimal("10.00"), Decimal("92.345678")) == Decimal("923.46")
