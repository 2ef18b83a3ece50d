"""Numbers as strangers write them: read within bounds, so that no length and no exponent can break what follows."""

from __future__ import annotations

from decimal import Decimal

LARGEST_ID = 2**63 - 1
"""What the database's ids can be."""
LONGEST_NUMBER = 60
"""Characters; more than any amount, rate or weight needs, and few enough for any arithmetic on them."""
FURTHEST_POWER = 30


def whole_number(text: str, *, least: int = 0, most: int = LARGEST_ID) -> int | None:
    """A whole number of an address, in plain digits; None for anything else and for what is out of bounds.

    Args:
        text: As it came in, of any length.
        least: Smallest number that is let through.
        most: Largest, included.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if least <= number <= most else None


def decimal_number(text: str) -> Decimal | None:
    """A decimal number, `1234.5` or `1e3`; None for what is none.

    `Decimal` itself takes `1e9999999`, and the first sum with it fails. So what is longer than any amount, or whose first digit
    stands further than thirty places from the point, is infinite here: callers refuse what is not finite anyway. Zero is zero,
    whatever its exponent.
    """
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    if not number.is_finite():
        return number
    if len(text) > LONGEST_NUMBER or (number and abs(number.adjusted()) > FURTHEST_POWER):
        return Decimal("Infinity")
    return number or Decimal(0)
