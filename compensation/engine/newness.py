"""Until when a client counts as new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from salesys.kernel.errors import invalid

MAX_DAYS = 3660


class NewUntilRule(StrEnum):
    """The three ways to say until when a client is new."""

    FIRST_DEAL = "first_deal"
    FIRST_MONTH = "first_month"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class NewUntil:
    """The rule of a scheme; `days` counts only for `NewUntilRule.DAYS`."""

    rule: NewUntilRule
    days: int = 0

    @classmethod
    def parse(cls, text: str, *, field: str = "new_until") -> Self:
        """Read `first_deal`, `first_month` or `days:90`.

        Raises:
            InvalidInput: It is none of these, or the number of days is not between 1 and ten years.
        """
        rule, _colon, number = text.strip().partition(":")
        if rule in {NewUntilRule.FIRST_DEAL, NewUntilRule.FIRST_MONTH} and not number:
            return cls(NewUntilRule(rule))
        if rule == NewUntilRule.DAYS and number.isascii() and number.isdigit() and 1 <= int(number) <= MAX_DAYS:
            return cls(NewUntilRule.DAYS, int(number))
        raise invalid(
            "not_a_new_until_rule",
            "This does not say until when a client is new.",
            field=field,
            value=text,
            remedy=f"Write first_deal, first_month or days:N with N from 1 to {MAX_DAYS}.",
        )

    def __str__(self) -> str:
        return f"{self.rule}:{self.days}" if self.rule is NewUntilRule.DAYS else str(self.rule)


FIRST_DEAL = NewUntil(NewUntilRule.FIRST_DEAL)
FIRST_MONTH = NewUntil(NewUntilRule.FIRST_MONTH)


@dataclass(frozen=True, slots=True)
class ClientStart:
    """How a client began: date of its first payment and its first won deal (None: won none)."""

    first_paid_on: date
    first_deal_id: int | None = None


def is_new(until: NewUntil, start: ClientStart, *, paid_on: date, deal_id: int | None) -> bool:
    """Whether a payment counts as one of a new client.

    Args:
        until: The rule of the payee's scheme.
        start: How the client began.
        paid_on: The payment's date; for a refund, that of the payment that it undoes.
        deal_id: The deal under whose contract it was paid; None for payments outside any deal, which `first_deal` never
            counts as new.
    """
    match until.rule:
        case NewUntilRule.FIRST_DEAL:
            return deal_id is not None and deal_id == start.first_deal_id
        case NewUntilRule.FIRST_MONTH:
            return (paid_on.year, paid_on.month) == (start.first_paid_on.year, start.first_paid_on.month)
        case _:
            return start.first_paid_on <= paid_on < start.first_paid_on + timedelta(days=until.days)
