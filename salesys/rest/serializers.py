"""Serializers: unknown fields are refused, related rows are chosen only among those that the caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from salesys.kernel.numbers import LARGEST_ID

NUMBERS = (int, float)


class StrictSerializer(serializers.Serializer[Any]):
    """A body that says more than is known is an error: the sender believes that it did something."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; raises on names that no field has, and on fields that are only read."""
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in writable]
            if unknown:
                raise serializers.ValidationError({name: self._unknown(name) for name in unknown})
            numbers = [name for name, field in self.fields.items() if is_text(field) and isinstance(data.get(name), NUMBERS)]
            if numbers:
                error = serializers.ErrorDetail(_("This must be text."), code="not_text")
                raise serializers.ValidationError({name: [error] for name in numbers})
        return super().to_internal_value(data)

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        text = _("This field is only read.") if name in self.fields else _("There is no such field.")
        return serializers.ErrorDetail(text, code="unknown_field")


def is_text(field: Any) -> bool:
    """Whether the field takes text: as a number, a document's number would lose its zeros."""
    return isinstance(field, serializers.CharField)


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """The same for a model; services write, so the serializer itself never saves."""

    def get_unique_together_validators(self) -> list[Any]:
        """None: the services answer for what is unique."""
        return []


class RelatedId(serializers.IntegerField):
    """The id of a related row: in, only one that the caller may see; out, the number."""

    default_error_messages = {"does_not_exist": gettext_lazy("There is no such row, or you may not see it.")}

    def __init__(self, model: Any = None, **kwargs: Any) -> None:
        self.model = model
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID, **kwargs})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The row itself, None where that is allowed."""
        number = super().run_validation(data)
        if number is None or self.model is None:
            return number
        row = self.model.objects.visible_to(self.context["request"].user).filter(pk=number).first()
        if row is None:
            self.fail("does_not_exist")
        return row

    def to_representation(self, value: Any) -> Any:
        """The number."""
        return getattr(value, "pk", value)


class Instant(serializers.DateTimeField):
    """An instant; one at the edge of the calendar is out of range in some time zone."""

    def to_internal_value(self, value: Any) -> Any:
        """The instant with its time zone."""
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")


class MoneyText(serializers.DecimalField):
    """An amount as text with two places: numbers of JSON are floats to many readers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 2, **kwargs})


class RateText(serializers.DecimalField):
    """A share or a rate as text with six places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 9, "decimal_places": 6, **kwargs})


class IssueSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a request."""

    field = serializers.CharField(help_text="Path of the field in the body, or name of the parameter or header; may be empty.")
    value = serializers.CharField(help_text="What was sent, shortened.")
    code = serializers.CharField(help_text="For programs; never changes.")
    problem = serializers.CharField(help_text="What is wrong, as a sentence.")
    remedy = serializers.CharField(help_text="What to do, as a sentence.")


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; never changes.")
    detail = serializers.CharField(required=False)
    issues = IssueSerializer(many=True, required=False)
