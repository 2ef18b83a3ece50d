"""Deals as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.models import Employee
from pipeline.clients.models import Company
from pipeline.deals.models import Deal, Product, Stage
from pipeline.deals.services import FIRST_STAGE
from salesys.rest.serializers import MoneyText, RelatedId, StrictSerializer


class DealSerializer(serializers.ModelSerializer[Deal]):
    """An opportunity; `amount` is what is expected without VAT, in the company's currency."""

    stage = serializers.CharField(source="stage.code")
    amount = MoneyText()

    class Meta:
        model = Deal
        fields = (
            "id", "title", "company", "product", "seller", "warmed_by", "stage", "status", "amount", "opened_on", "expected_on",
            "closed_on", "lost_reason", "next_step", "next_step_on", "external_id", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class DealChangeSerializer(StrictSerializer):
    """Fields of a deal that may be changed; its stage is moved by `move/`, `win/` and `lose/`."""

    title = serializers.CharField(max_length=300)
    company = RelatedId(Company, required=False, allow_null=True)
    product = RelatedId(Product, required=False, allow_null=True)
    amount = MoneyText(required=False, min_value=Decimal(0))
    expected_on = serializers.DateField(required=False, allow_null=True)
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)


class DealWriteSerializer(DealChangeSerializer):
    """A new deal, in the first stage unless another open one is named."""

    seller = RelatedId(Employee, required=False, help_text="The caller when left out.")
    opened_on = serializers.DateField(required=False, help_text="Today when left out.")
    stage = serializers.CharField(max_length=20, default=FIRST_STAGE)


class MoveSerializer(StrictSerializer):
    """Where a deal goes."""

    stage = serializers.CharField(max_length=20, help_text="Code of an open stage.")
    on = serializers.DateField(required=False, help_text="Today when left out.")


class WinSerializer(StrictSerializer):
    """When a deal was won."""

    on = serializers.DateField(required=False, help_text="Today when left out.")


class LoseSerializer(WinSerializer):
    """Why a deal was lost."""

    reason = serializers.CharField(max_length=200)


def column_values(values: dict[str, Any]) -> dict[str, Any]:
    """Related rows as `<name>_id`, as drafts of services take them."""
    rows = (Company, Product, Employee, Stage)
    names = {"company", "product", "seller"}
    return {
        f"{name}_id" if name in names else name: value.pk if isinstance(value, rows) else value for name, value in values.items()
    }
