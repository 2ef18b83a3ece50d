"""The arithmetic and the rules of one payment: pure values, used by the form, files and REST alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from salesys.kernel.errors import Issue, raise_if_any
from salesys.kernel.money import MAX_MONEY, RATE_STEP, ZERO, convert, round_money, round_rate, without_vat

CURRENCY = re.compile(r"[A-Z]{3}\Z")
REFERENCE_LENGTH = 80
MAX_CURRENCY_RATE = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class PaymentValues:
    """What somebody says about a payment, before it is checked.

    `amount` includes VAT and is in `currency`; an empty currency is the company's. `currency_rate` is company currency per
    unit of `currency`; None means 1 for the company's own. `vat_rate` is a share; None means the company's usual rate.
    """

    paid_on: date
    amount: Decimal
    reference: str = ""
    currency: str = ""
    currency_rate: Decimal | None = None
    vat_rate: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """What the company's settings and the calendar say: its currency, its usual VAT rate, today."""

    currency: str
    vat_rate: Decimal
    today: date


@dataclass(frozen=True, slots=True)
class Figures:
    """A payment's figures, complete: `amount_without_vat` is in the company's currency."""

    amount: Decimal
    currency: str
    currency_rate: Decimal
    vat_rate: Decimal
    amount_without_vat: Decimal


def figures_of(values: PaymentValues, house: House) -> Figures:
    """Complete the figures: converted first, then VAT taken out, each rounded half-up to the kopeck."""
    rate = round_rate(values.currency_rate or Decimal(1))
    vat_rate = round_rate(house.vat_rate if values.vat_rate is None else values.vat_rate)
    net = without_vat(convert(values.amount, rate), vat_rate)
    return Figures(round_money(values.amount), values.currency or house.currency, rate, vat_rate, net)


def refund_without_vat(*, paid: Figures, refunded: Decimal, amount: Decimal) -> Decimal:
    """What a refund takes back without VAT, in the company's currency; negative.

    It is the difference of two running totals, so that the refunds of a payment add up to exactly what it brought when all of
    it has gone back.

    Args:
        paid: The payment's figures.
        refunded: What went back before, with VAT, in the payment's currency; not negative.
        amount: What goes back now, the same way; positive.
    """
    return _net(paid, refunded) - _net(paid, refunded + amount)


def _net(paid: Figures, amount: Decimal) -> Decimal:
    return without_vat(convert(amount, paid.currency_rate), paid.vat_rate)


def payment_issues(values: PaymentValues, house: House, *, is_refund: bool = False) -> Iterator[Issue]:
    """Everything that is wrong with one payment by itself; nothing when it can be recorded."""
    yield from _amount_issues(values, is_refund=is_refund)
    yield from _currency_issues(values, house, is_refund=is_refund)
    if values.paid_on > house.today:
        yield _issue(
            "in_the_future",
            _("This day has not come yet."),
            ("paid_on", values.paid_on),
            _("Write the day on which the money came."),
        )
    if values.paid_on.year < 1990:
        yield _issue(
            "too_long_ago", _("This day is too long ago."), ("paid_on", values.paid_on), _("Write the year with four digits.")
        )
    if values.vat_rate is not None and not (values.vat_rate.is_finite() and 0 <= values.vat_rate < 1):
        yield _issue(
            "not_a_share", _("A VAT rate is a share from 0 to 1."), ("vat_rate", values.vat_rate), _("Write 0.20 for 20 %.")
        )
    if len(values.reference) > REFERENCE_LENGTH:
        yield _issue(
            "too_long", _("A bank reference has at most 80 characters."), ("reference", values.reference), _("Shorten it.")
        )
    if "\x00" in values.reference + values.note:
        yield _issue("bad_character", _("A text may not contain the character NUL."), ("note", ""), _("Remove it."))


def _amount_issues(values: PaymentValues, *, is_refund: bool) -> Iterator[Issue]:
    amount = values.amount
    if not (
        amount.is_finite() and -MAX_MONEY <= amount <= MAX_MONEY and abs(amount) * _bounded(values.currency_rate) <= MAX_MONEY
    ):
        yield _issue("out_of_range", _("This amount is out of range."), ("amount", amount), _("Write it like 1234.50."))
    elif amount != round_money(amount):
        yield _issue("too_precise", _("Amounts have at most two decimal places."), ("amount", amount), _("Round it to kopecks."))
    elif is_refund and amount >= ZERO:
        yield _issue(
            "not_negative", _("A refund is less than zero."), ("amount", amount), _("Write what went back with a minus.")
        )
    elif not is_refund and amount <= ZERO:
        yield _issue(
            "not_positive", _("A payment is more than zero."), ("amount", amount), _("Record money that went back as a refund.")
        )


def _bounded(rate: Decimal | None) -> Decimal:
    """The rate as far as it can enlarge an amount; one that is out of range has an issue of its own."""
    if rate is None or not rate.is_finite():
        return Decimal(1)
    return min(max(Decimal(1), rate), MAX_CURRENCY_RATE)


def _currency_issues(values: PaymentValues, house: House, *, is_refund: bool) -> Iterator[Issue]:
    currency, rate = values.currency or house.currency, values.currency_rate
    if not CURRENCY.match(currency):
        yield _issue("not_a_currency", _("A currency is three capital letters."), ("currency", currency), _("Write it like EUR."))
    elif currency == house.currency:
        if rate is not None and rate != 1:
            yield _issue(
                "rate_of_own_currency",
                _("The company's own currency has the rate 1."),
                ("currency_rate", rate),
                _("Leave it empty."),
            )
    elif rate is None and not is_refund:
        yield _issue(
            "no_rate",
            _("Another currency needs the rate of the day."),
            ("currency_rate", ""),
            _("Write its price in %s.") % house.currency,
        )
    if rate is not None and not (rate.is_finite() and RATE_STEP <= rate <= MAX_CURRENCY_RATE):
        yield _issue("rate_out_of_range", _("This rate is out of range."), ("currency_rate", rate), _("Write it like 92.503100."))


def _issue(code: str, problem: str, at: tuple[str, object], remedy: str) -> Issue:
    field, value = at
    return Issue(code, problem, field, str(value), remedy)


def check_payment(values: PaymentValues, house: House, *, is_refund: bool = False) -> None:
    """Raise `InvalidInput` with everything that is wrong, or return."""
    raise_if_any(payment_issues(values, house, is_refund=is_refund))
