"""Contracts and payments as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pipeline.deals.models import Deal, Product
from pipeline.money.amounts import PaymentValues
from pipeline.money.models import Contract, Payment
from pipeline.money.signing import ContractTerms
from salesys.rest.serializers import MoneyText, RateText, RelatedId, StrictSerializer


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment, or with a negative amount a refund. It never changes.

    Who sees it for the sake of an own contract only gets no `reference` and `note` (empty) and no `company` (null).
    """

    amount = MoneyText(help_text="With VAT, in `currency`.")
    amount_without_vat = MoneyText(help_text="In the company's currency.")
    contract_number = serializers.CharField(source="contract.number")
    company = serializers.IntegerField(source="company_id", allow_null=True)

    class Meta:
        model = Payment
        fields = (
            "id", "reference", "company", "contract", "contract_number", "refund_of", "paid_on", "amount", "currency",
            "currency_rate", "vat_rate", "amount_without_vat", "source", "note", "entered_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """A payment that was read with `opens_company`: without what belongs to the client where the client is out of sight."""
        shown = super().to_representation(instance)
        return shown if instance.opens_company else {**shown, "reference": "", "note": "", "company": None}


class PaymentWriteSerializer(StrictSerializer):
    """A new payment; with `refund_of` and a negative amount, a refund."""

    contract = RelatedId(Contract, required=False, help_text="Its id; or give `contract_number`. Not needed for a refund.")
    contract_number = serializers.CharField(required=False, max_length=60)
    refund_of = RelatedId(Payment, required=False, help_text="The id of the payment that is given back, wholly or in part.")
    paid_on = serializers.DateField()
    amount = MoneyText(help_text="With VAT, in `currency`.")
    reference = serializers.CharField(
        required=False, max_length=80, help_text="The bank's; the same one with the same content is the same payment."
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False, help_text="The company's when left out.")
    currency_rate = serializers.DecimalField(
        max_digits=18, decimal_places=6, min_value=Decimal("0.000001"), required=False, help_text="Company currency per unit."
    )
    vat_rate = RateText(
        min_value=Decimal(0), max_value=Decimal("0.999999"), required=False, help_text="The company's usual when left out."
    )
    note = serializers.CharField(required=False, max_length=300, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the contract by its id or its number, among those that the caller may see."""
        if "refund_of" in attrs:
            return attrs
        number = attrs.pop("contract_number", None)
        if number is not None and "contract" not in attrs:
            seen = Contract.objects.visible_to(self.context["request"].user)
            attrs["contract"] = seen.filter(number=number).first()
        if attrs.get("contract") is None:
            field, code = ("contract_number", "does_not_exist") if number else ("contract", "required")
            text = "No contract has this number, or you may not see it." if number else "Give `contract` or `contract_number`."
            raise serializers.ValidationError({field: text}, code=code)
        return attrs


def payment_values(sent: dict[str, Any]) -> PaymentValues:
    """What the service takes."""
    names = ("paid_on", "amount", "reference", "currency", "currency_rate", "vat_rate", "note")
    return PaymentValues(**{name: sent[name] for name in names if name in sent})


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """What a won deal became; amounts without VAT, in the company's currency."""

    amount = MoneyText()
    paid_amount = MoneyText()
    balance = MoneyText(help_text="What is still to be paid.")
    direct_cost = MoneyText(allow_null=True)

    class Meta:
        model = Contract
        fields = (
            "id", "number", "company", "deal", "product", "seller", "signed_on", "due_on", "amount", "paid_amount", "balance",
            "direct_cost", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class ContractWriteSerializer(StrictSerializer):
    """Sign a deal; an open deal is won by it."""

    deal = RelatedId(Deal)
    signed_on = serializers.DateField()
    amount = MoneyText(min_value=Decimal(0), help_text="Without VAT, in the company's currency.")
    number = serializers.CharField(required=False, max_length=60, help_text="The next of the year when left out.")
    due_on = serializers.DateField(required=False)
    direct_cost = MoneyText(min_value=Decimal(0), required=False)
    product = RelatedId(Product, required=False)


class CostSerializer(StrictSerializer):
    """What a contract costs us; null for the product's rate."""

    direct_cost = MoneyText(min_value=Decimal(0), allow_null=True)


def contract_terms(sent: dict[str, Any]) -> ContractTerms:
    """What the service takes."""
    return ContractTerms(**{name: value for name, value in sent.items() if name != "deal"})
