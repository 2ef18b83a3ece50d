"""Calls as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pipeline.calling.models import Call
from pipeline.calling.reports import CallReport
from pipeline.clients.models import Company, Contact
from pipeline.deals.models import Product
from salesys.rest.serializers import Instant, MoneyText, RelatedId, StrictSerializer

LONGEST_CALL = 24 * 3600


class CallSerializer(serializers.ModelSerializer[Call]):
    """One call."""

    class Meta:
        model = Call
        fields = (
            "id", "called_on", "started_at", "duration_seconds", "employee", "company", "contact", "deal", "outcome", "note",
            "next_step", "next_step_at",
        )  # fmt: skip
        read_only_fields = fields


class CallWriteSerializer(StrictSerializer):
    """A call that the caller has made now: to the company that they have in hand, or to a client of their own."""

    company = RelatedId(Company)
    outcome = serializers.ChoiceField(choices=Call.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=200)
    next_step_at = Instant(required=False, help_text="Required for a call-back and for a meeting.")
    duration_seconds = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_CALL)
    contact = RelatedId(Contact, required=False)
    amount = MoneyText(required=False, min_value=Decimal(0), help_text="Of the deal that a warm contact becomes, without VAT.")
    product = RelatedId(Product, required=False, help_text="Of that deal.")


def report_of(sent: dict[str, Any]) -> CallReport:
    """What the service takes."""
    rows = {"contact": "contact_id", "product": "product_id"}
    values = {rows.get(name, name): getattr(value, "pk", value) for name, value in sent.items() if name != "company"}
    return CallReport(**values)
