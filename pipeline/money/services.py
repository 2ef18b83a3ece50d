"""Payments and refunds: what is written about money that moved, one transaction each.

Payments are never changed; the database refuses it. A correction is a refund and another payment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.money.amounts import Figures, House, PaymentValues, check_payment, figures_of, refund_without_vat
from pipeline.money.models import Contract, Payment
from pipeline.money.policies import can_record_payment
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.db.organisation import organisation
from salesys.kernel.errors import Conflict, Issue, NotAllowed, raise_if_any
from salesys.kernel.money import ZERO

LOADING_LOCK = "payments"
"""Held shared by single payments and alone by a load, so that neither meets half of the other."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The payment, and whether this call wrote it or found it written already."""

    payment: Payment
    is_new: bool


def the_house() -> House:
    """The company's currency, its usual VAT rate, and today."""
    company = organisation()
    return House(company.currency, company.vat_rate, clock.today())


def allow(actor: User | None, *, allowed: bool, what: str) -> None:
    """Raise `NotAllowed` unless the rule allows it or the system itself acts."""
    if actor is not None and not allowed:
        raise NotAllowed(
            Issue("not_allowed", _("Your role may not do this: %s.") % what, remedy=_("Ask an accountant or the director."))
        )


@transaction.atomic
def record_payment(
    *, actor: User | None, contract: Contract, values: PaymentValues, source: str = Payment.Source.FORM
) -> Recorded:
    """Record money that came in on a contract.

    The bank reference makes it safe to repeat: the same reference with the same content answers with the payment that is
    there. What the caller left out (currency, its rate, the VAT rate) and the note are not compared.

    Args:
        actor: None for the system's own jobs.
        contract: Its company is the payment's.
        values: `amount` with VAT, more than zero, in `values.currency`.
        source: One of `Payment.Source`.

    Raises:
        NotAllowed: The actor's role does not record payments.
        InvalidInput: Something is wrong with the values; every field is named.
        Conflict: The reference is taken by a payment with other content; the fields that differ are named.

    Locks: the reference and, shared, the loading of files, until the transaction ends; the contract's row for its sum.
    """
    allow(actor, allowed=can_record_payment(actor), what=_("record a payment"))
    house = the_house()
    values = _tidy(values)
    check_payment(values, house)
    if (known := _known(values, contract)) is not None:
        return Recorded(known, is_new=False)
    payment = _write_payment(actor=actor, contract=contract, values=values, figures=figures_of(values, house), source=source)
    return Recorded(payment, is_new=True)


@transaction.atomic
def record_refund(*, actor: User | None, payment: Payment, values: PaymentValues, source: str = Payment.Source.FORM) -> Recorded:
    """Record money that went back to the client: a negative payment with `refund_of`.

    It keeps the currency, the rate and the VAT rate of the payment, so that refunds of all of it add up to exactly nothing.

    Args:
        actor: None for the system's own jobs.
        payment: What is given back, wholly or in part.
        values: `amount` negative, in the payment's currency; `values.currency` empty or the same.
        source: One of `Payment.Source`.

    Raises:
        NotAllowed: The actor's role does not record refunds.
        InvalidInput: More than is left of the payment, before it came, of a refund, in another currency.
        Conflict: The reference is taken by other content.

    Locks: the payment's row, the reference and, shared, the loading of files, until the transaction ends.
    """
    allow(actor, allowed=can_record_payment(actor), what=_("record a refund"))
    values = _tidy(values)
    check_payment(replace(values, currency_rate=None), the_house(), is_refund=True)
    known = _known(values, payment.contract, refund_of=payment)
    if known is not None:
        return Recorded(known, is_new=False)
    paid = Payment.all_rows.select_for_update().get(pk=payment.pk)
    refunded = -(Payment.all_rows.filter(refund_of=paid).aggregate(total=Sum("amount"))["total"] or ZERO)
    raise_if_any(_refund_issues(paid, values, refunded))
    was = Figures(paid.amount, paid.currency, paid.currency_rate, paid.vat_rate, paid.amount_without_vat)
    net = refund_without_vat(paid=was, refunded=refunded, amount=-values.amount)
    figures = Figures(values.amount, paid.currency, paid.currency_rate, paid.vat_rate, net)
    written = _write_payment(actor=actor, contract=paid.contract, values=values, figures=figures, source=source, refund_of=paid)
    return Recorded(written, is_new=True)


def _tidy(values: PaymentValues) -> PaymentValues:
    return replace(
        values, reference=values.reference.strip(), currency=values.currency.strip().upper(), note=values.note.strip()[:300]
    )


def _known(values: PaymentValues, contract: Contract, *, refund_of: Payment | None = None) -> Payment | None:
    """The payment that has this reference already, when it is the same payment; locks the reference."""
    lock_until_commit(LOADING_LOCK, shared=True)
    if not values.reference:
        return None
    lock_until_commit(f"payment:{values.reference}")
    known = Payment.all_rows.select_related("contract", "company").filter(reference=values.reference).first()
    if known is not None:
        differing = tuple(_differences(known, values, contract, refund_of))
        if differing:
            raise Conflict(*differing)
    return known


def _differences(known: Payment, values: PaymentValues, contract: Contract, refund_of: Payment | None) -> list[Issue]:
    pairs = {
        "contract": (known.contract.number, contract.number),
        "paid_on": (known.paid_on, values.paid_on),
        "amount": (known.amount, values.amount),
        "currency": (known.currency, values.currency or known.currency),
        "currency_rate": (known.currency_rate, values.currency_rate if values.currency_rate is not None else known.currency_rate),
        "vat_rate": (known.vat_rate, values.vat_rate if values.vat_rate is not None else known.vat_rate),
        "refund_of": (known.refund_of_id, refund_of.pk if refund_of else None),
    }
    return [
        Issue("reference_taken", taken_text(was), field, str(new), taken_remedy())
        for field, (was, new) in pairs.items()
        if was != new
    ]


def taken_text(was: object) -> str:
    """What is wrong when a reference comes again with other content."""
    return _("This reference is recorded already, with %s here.") % was


def taken_remedy() -> str:
    """What to do about it."""
    return _("Use another reference for another payment, or correct it by a refund.")


def _refund_issues(paid: Payment, values: PaymentValues, refunded: Decimal) -> list[Issue]:
    left = paid.amount - refunded
    wrong = []
    if paid.is_refund:
        wrong.append(
            Issue("refund_of_refund", _("A refund cannot be given back."), "refund_of", str(paid.pk), _("Choose the payment."))
        )
    elif -values.amount > left:
        remedy = _("At most %s is left of it.") % left
        wrong.append(
            Issue("refund_too_large", _("This is more than is left of the payment."), "amount", str(values.amount), remedy)
        )
    if values.paid_on < paid.paid_on:
        remedy = _("The money came on %s.") % paid.paid_on
        wrong.append(Issue("refund_too_early", _("Money cannot go back before it came."), "paid_on", str(values.paid_on), remedy))
    if values.currency and values.currency != paid.currency:
        remedy = _("The payment was in %s.") % paid.currency
        wrong.append(Issue("refund_currency", _("A refund is in its payment's currency."), "currency", values.currency, remedy))
    return wrong


def _write_payment(
    *,
    actor: User | None,
    contract: Contract,
    values: PaymentValues,
    figures: Figures,
    source: str,
    refund_of: Payment | None = None,
) -> Payment:
    payment: Payment = Payment.all_rows.create(
        reference=values.reference or None,
        company_id=contract.company_id,
        contract=contract,
        refund_of=refund_of,
        paid_on=values.paid_on,
        amount=figures.amount,
        currency=figures.currency,
        currency_rate=figures.currency_rate,
        vat_rate=figures.vat_rate,
        amount_without_vat=figures.amount_without_vat,
        source=source,
        note=values.note,
        entered_by=actor,
    )
    after = {"contract": contract.number, "paid_on": payment.paid_on, "amount": payment.amount, "currency": payment.currency}
    record(actor=actor, action="payment.refunded" if refund_of else "payment.recorded", obj=payment, after=after)
    return payment
