"""Tasks and research cards as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Employee
from pipeline.clients.models import Company, Contact
from pipeline.tasks.models import GIVEN_KINDS, ResearchCard, Task
from pipeline.tasks.services import CardDraft
from salesys.rest.serializers import Instant, RelatedId, StrictSerializer


class CardSerializer(serializers.ModelSerializer[ResearchCard]):
    """What an assistant has found out about a company."""

    class Meta:
        model = ResearchCard
        fields = ("id", "company", "author", "brief", "decision_maker", "needs", "sources", "prepared_on")
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer[Task]):
    """One piece of dated work."""

    card = serializers.SerializerMethodField(help_text="Null where the caller does not see the company.")

    class Meta:
        model = Task
        fields = (
            "id", "kind", "title", "request", "result", "status", "author", "assignee", "company", "contact", "person", "due_on",
            "due_at", "is_urgent", "card", "created_at", "updated_at", "done_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CardSerializer(allow_null=True))
    def get_card(self, row: Any) -> dict[str, Any] | None:
        """The card of a task that was read with `opens_company`."""
        card = getattr(row, "card", None) if row.opens_company else None
        return dict(CardSerializer(card).data) if card is not None else None


class TaskWriteSerializer(StrictSerializer):
    """A new task; its author is the caller."""

    kind = serializers.ChoiceField(choices=GIVEN_KINDS)
    title = serializers.CharField(max_length=300)
    assignee = RelatedId(Employee)
    due_on = serializers.DateField()
    request = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    company = RelatedId(Company, required=False, help_text="Required for research.")
    contact = RelatedId(Contact, required=False)
    due_at = Instant(required=False)
    is_urgent = serializers.BooleanField(required=False)


class CardWriteSerializer(StrictSerializer):
    """The card that a research task leaves."""

    brief = serializers.CharField(max_length=20_000)
    decision_maker = serializers.CharField(max_length=200, required=False, allow_blank=True)
    needs = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    sources = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class FinishSerializer(StrictSerializer):
    """What came of a task; `card` is required for research and refused for other kinds."""

    result = serializers.CharField(required=False, allow_blank=True, max_length=20_000, default="")
    card = CardWriteSerializer(required=False)


class CancelSerializer(StrictSerializer):
    """Why a task is not needed any more."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class ReassignSerializer(StrictSerializer):
    """Who does it from now on."""

    assignee = RelatedId(Employee)


def draft_values(sent: dict[str, Any]) -> dict[str, Any]:
    """Related rows as ids, as the service takes them."""
    related = {"assignee", "company", "contact"}
    return {f"{name}_id" if name in related else name: getattr(value, "pk", value) for name, value in sent.items()}


def card_draft(sent: dict[str, Any]) -> CardDraft | None:
    """The card, when there is one."""
    return CardDraft(**sent["card"]) if "card" in sent else None
