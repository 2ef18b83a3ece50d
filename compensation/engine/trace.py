"""What a line was earned from: the pieces between its inputs and its result, as values that a page puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from salesys.kernel.money import round_money


class PieceKind(StrEnum):
    """What one piece of a computation did."""

    PRORATED = "prorated"
    RATED = "rated"
    TIER = "tier"
    FLOOR = "floor"
    CAP = "cap"
    STEP = "step"
    NO_PLAN = "no_plan"
    POOL = "pool"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Piece:
    """`base` times `factor` gives `amount`, not rounded yet; `lower` and `upper` are the bounds of the tier or step."""

    kind: PieceKind
    base: Decimal
    factor: Decimal
    amount: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None

    def as_json(self) -> dict[str, str]:
        """The piece with numbers as plain text, without bounds that it does not have."""
        numbers = {"base": self.base, "factor": self.factor, "amount": self.amount, "lower": self.lower, "upper": self.upper}
        return {"kind": self.kind.value} | {name: plain(number) for name, number in numbers.items() if number is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Piece:
        """The piece that `as_json` wrote."""
        bounds = {name: Decimal(data[name]) for name in ("lower", "upper") if name in data}
        return cls(PieceKind(data["kind"]), Decimal(data["base"]), Decimal(data["factor"]), Decimal(data["amount"]), **bounds)


@dataclass(frozen=True, slots=True)
class Earned:
    """What a component earned, rounded to the kopeck, and from which pieces."""

    amount: Decimal
    pieces: tuple[Piece, ...]


def plain(number: Decimal) -> str:
    """A number as text without exponent and trailing zeros, so that equal numbers are equal texts."""
    text = f"{number or Decimal(0):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def earned(*pieces: Piece) -> Earned:
    """The sum of the pieces, rounded once."""
    return Earned(round_money(sum((piece.amount for piece in pieces), Decimal(0))), pieces)
