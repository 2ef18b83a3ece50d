"""What people type about money; amounts as they write them, rates in percent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from pipeline.money.amounts import REFERENCE_LENGTH, PaymentValues
from pipeline.money.models import Contract, Payment
from pipeline.money.signing import ContractTerms
from salesys.db import clock
from salesys.db.organisation import organisation
from salesys.rest.once import OnceForm
from salesys.shell.forms import AmountField, ShellForm


def percent_field(label: Any, **more: Any) -> forms.DecimalField:
    """A share typed in percent; `share_of` turns it into one."""
    return forms.DecimalField(label=label, min_value=0, max_value=99, max_digits=6, decimal_places=4, **more)


def share_of(percent: Decimal | None) -> Decimal | None:
    """20 is 0.20."""
    return None if percent is None else percent / 100


SUGGEST = {
    "hx-get": reverse_lazy("pipeline:contract_options"),
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#contracts",
}


class PaymentForm(OnceForm):
    """A payment on a contract that the person sees."""

    contract = forms.CharField(
        label=_("Contract"),
        max_length=60,
        help_text=_("Its number; type the beginning of it or the client's name to choose."),
        widget=forms.TextInput({"list": "contracts", "autocomplete": "off", **SUGGEST}),
    )
    amount = AmountField(label=_("Amount with VAT"))
    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput())
    reference = forms.CharField(
        label=_("Bank reference"),
        max_length=REFERENCE_LENGTH,
        required=False,
        help_text=_("The document's number. The same one is never recorded twice."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    currency_rate = forms.DecimalField(
        label=_("Rate of the day"),
        max_digits=18,
        decimal_places=6,
        required=False,
        help_text=_("Only for another currency than the company's."),
    )
    vat_rate = percent_field(_("VAT, %"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        self.viewer = viewer
        company = organisation()
        initial = {
            "paid_on": clock.today(),
            "currency": company.currency,
            "vat_rate": f"{company.vat_rate * 100:f}".rstrip("0").rstrip("."),
        }
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})

    def clean_contract(self) -> Contract:
        """The contract with this number, among those that the person sees."""
        seen = Contract.objects.visible_to(self.viewer).select_related("company")
        contract: Contract | None = seen.filter(number=self.cleaned_data["contract"].strip()).first()
        if contract is None:
            raise forms.ValidationError(_("No contract has this number. Choose one of the list or write another number."))
        return contract

    def values(self) -> PaymentValues:
        """What the service takes."""
        data = self.cleaned_data
        return PaymentValues(
            paid_on=data["paid_on"],
            amount=data["amount"],
            reference=data["reference"],
            currency=data["currency"].upper(),
            currency_rate=data["currency_rate"],
            vat_rate=share_of(data["vat_rate"]),
            note=data["note"],
        )


class RefundForm(OnceForm):
    """Money that went back; typed as a positive amount, because that is how people say it."""

    amount = AmountField(label=_("Amount with VAT that went back"))
    paid_on = forms.DateField(label=_("Paid back on"), widget=forms.DateInput())
    reference = forms.CharField(label=_("Bank reference"), max_length=REFERENCE_LENGTH, required=False)
    note = forms.CharField(label=_("Why"), max_length=300, required=False)

    def clean_amount(self) -> Decimal:
        """More than zero: the minus is ours."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Write the amount without a minus."))
        return amount

    def values(self) -> PaymentValues:
        """What the service takes."""
        data = self.cleaned_data
        return PaymentValues(paid_on=data["paid_on"], amount=-data["amount"], reference=data["reference"], note=data["note"])


def cost_field() -> AmountField:
    """What a contract costs us."""
    text = _("Left empty, the product's cost rate is used for the margin.")
    return AmountField(label=_("Direct cost"), required=False, help_text=text)


class CostForm(ShellForm):
    """The direct cost of a contract that stands."""

    direct_cost = cost_field()


class ContractForm(ShellForm):
    """The terms of a contract with a deal's client."""

    number = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("Left empty, it gets the next number of the year.")
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput())
    amount = AmountField(label=_("Amount without VAT"))
    due_on = forms.DateField(label=_("Payment due on"), widget=forms.DateInput(), required=False)
    direct_cost = cost_field()

    def __init__(self, *args: Any, may_set_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_set_cost:
            del self.fields["direct_cost"]

    def terms(self) -> ContractTerms:
        """What the service takes."""
        data = self.cleaned_data
        return ContractTerms(
            signed_on=data["signed_on"],
            amount=data["amount"],
            number=data["number"].strip(),
            due_on=data["due_on"],
            direct_cost=data.get("direct_cost"),
        )


class UploadForm(ShellForm):
    """A CSV file."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: reference, contract, paid on, amount; also currency, rate, VAT, refund of, note."),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )


def refund_initial(payment: Payment, left: Decimal) -> dict[str, Any]:
    """All that is left of the payment, today."""
    return {"amount": left, "paid_on": max(clock.today(), payment.paid_on)}
