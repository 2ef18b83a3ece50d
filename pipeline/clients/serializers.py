"""Companies and contacts as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import Direction
from pipeline.clients.details import details_of
from pipeline.clients.models import Company, Industry
from salesys.rest.serializers import MoneyText, RelatedId, StrictModelSerializer, StrictSerializer


class CompanySerializer(StrictModelSerializer):
    """A client or a lead."""

    industry = RelatedId(Industry, required=False, allow_null=True)
    industry_name = serializers.CharField(source="industry.name", read_only=True, allow_null=True, default=None)
    direction = RelatedId(Direction, required=False, allow_null=True)
    direction_name = serializers.CharField(source="direction.name", read_only=True, allow_null=True, default=None)
    parent = RelatedId(Company, required=False, allow_null=True)  # type: ignore[assignment]
    annual_revenue = MoneyText(required=False, allow_null=True, min_value=0)

    class Meta:
        model = Company
        fields = (
            "id", "name", "industry", "industry_name", "direction", "direction_name", "parent", "tax_id", "city", "time_zone",
            "website", "founded_year", "employee_count", "annual_revenue", "is_corporate", "source", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("id", "created_at", "updated_at")
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "tax_id": {"validators": []},
            "founded_year": {"min_value": 1600, "max_value": 2100},
        }


class ContactSerializer(serializers.Serializer[Any]):
    """A person at a company; phone and e-mail are masked until they are opened."""

    id = serializers.IntegerField()
    company = serializers.IntegerField()
    full_name = serializers.CharField()
    position = serializers.CharField()
    phone = serializers.CharField(help_text="Masked unless `is_open`.")
    email = serializers.CharField(help_text="Masked unless `is_open`.")
    is_open = serializers.BooleanField(help_text="Whether the caller sees phone and e-mail whole; POST `reveal/` opens them.")
    is_decision_maker = serializers.BooleanField()
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """What the caller may see of the contact, which was read with `is_open`."""
        (shown,) = details_of([instance], {instance.pk} if instance.is_open else ())
        return super().to_representation(
            {
                "id": shown.pk,
                "company": instance.company_id,
                **{
                    name: getattr(shown, name)
                    for name in ("full_name", "position", "phone", "email", "is_open", "is_decision_maker")
                },
                "note": shown.note,
                "created_at": instance.created_at,
                "updated_at": instance.updated_at,
            }
        )


class ContactChangeSerializer(StrictSerializer):
    """Fields of a contact that may be changed."""

    full_name = serializers.CharField(max_length=200)
    position = serializers.CharField(max_length=160, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=32, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    is_decision_maker = serializers.BooleanField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class ContactWriteSerializer(ContactChangeSerializer):
    """A new contact."""

    company = RelatedId(Company)
