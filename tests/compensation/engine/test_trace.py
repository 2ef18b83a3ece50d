from __future__ import annotations

from decimal import Decimal

import pytest

from compensation.engine.trace import Earned, Piece, PieceKind, earned, plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("0.100000", "0.1"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("-12.50", "-12.5"),
        ("1E-8", "0.00000001"),
    ],
)
def test_equal_numbers_are_equal_texts(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_a_piece_survives_being_stored() -> None:
    piece = Piece(PieceKind.TIER, Decimal("100.5"), Decimal("0.1"), Decimal("10.05"), Decimal(0), None)
    stored = {"kind": "tier", "base": "100.5", "factor": "0.1", "amount": "10.05", "lower": "0"}
    assert piece.as_json() == stored
    assert Piece.from_json(stored) == piece


def test_the_sum_of_the_pieces_is_rounded_once() -> None:
    halves = [Piece(PieceKind.RATED, Decimal("0.04"), Decimal("0.1"), Decimal("0.004"))] * 2
    assert earned(*halves) == Earned(Decimal("0.01"), tuple(halves))
    assert earned() == Earned(Decimal("0.00"), ())
