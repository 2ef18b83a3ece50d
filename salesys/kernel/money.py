"""Money is `Decimal` with two places in the company's currency; rates have six places.

There is one rounding rule, here: half-up to the kopeck, away from zero for negative amounts, so that a refund
undoes its payment exactly. PostgreSQL's `round(numeric, 2)` follows the same rule. A measure that decides between steps is
no amount: it is cut, so that nothing is reached before it is.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import partial

from salesys.kernel.errors import gettext_noop, invalid
from salesys.kernel.numbers import decimal_number

ZERO = Decimal("0.00")
KOPECK = Decimal("0.01")
RATE_STEP = Decimal("0.000001")
MAX_MONEY = Decimal("9999999999999999.99")
AS_WRITTEN = gettext_noop("Write it like 1234.50.")


def round_money(amount: Decimal) -> Decimal:
    """Round to the kopeck, half-up, symmetrical around zero."""
    return amount.quantize(KOPECK, rounding=ROUND_HALF_UP)


def round_rate(rate: Decimal) -> Decimal:
    """Round a rate (share, currency rate) to six places, half-up."""
    return rate.quantize(RATE_STEP, rounding=ROUND_HALF_UP)


def cut_rate(rate: Decimal) -> Decimal:
    """Cut a share to six places, toward zero: 0.9999995 of a plan is not the whole of it."""
    return rate.quantize(RATE_STEP, rounding=ROUND_DOWN)


def parse_money(text: str, *, field: str = "amount") -> Decimal:
    """Read an amount as people write it: `1 234,50`, `1,234.50`, `-500`, with or without spaces.

    Raises:
        InvalidInput: Not a number, more than two places, or more than numeric(18, 2) holds.
    """
    cleaned = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if "," in cleaned and "." in cleaned:
        cleaned = cleaned.replace("," if cleaned.rindex(".") > cleaned.rindex(",") else ".", "")
    amount = decimal_number(cleaned.replace(",", "."))
    refused = partial(invalid, field=field, value=text)
    if amount is None:
        raise refused("not_a_number", gettext_noop("This is not an amount."), remedy=AS_WRITTEN)
    if not amount.is_finite() or abs(amount) > MAX_MONEY:
        raise refused("out_of_range", gettext_noop("This amount is out of range."), remedy=AS_WRITTEN)
    if amount != round_money(amount):
        problem = gettext_noop("Amounts have at most two decimal places.")
        raise refused("too_precise", problem, remedy=gettext_noop("Round it to kopecks."))
    return round_money(amount)


def without_vat(amount: Decimal, vat_rate: Decimal) -> Decimal:
    """The part of a VAT-inclusive amount that is not VAT; `vat_rate` is a share, 0.20 for 20 %."""
    return round_money(amount / (1 + vat_rate))


def convert(amount: Decimal, currency_rate: Decimal) -> Decimal:
    """An amount in the company's currency; `currency_rate` is company currency per unit of the payment's currency."""
    return round_money(amount * currency_rate)
