"""Places in a list that addresses carry: written for anybody to see, so read back with mistrust."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

LONGEST = 4000
"""Characters of an address; the longest name that sorts a list fits."""


def pack_place(values: Sequence[Any]) -> str:
    """Values as one word of an address."""
    text = json.dumps(list(values), cls=DjangoJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack_place(text: str) -> list[str | int] | None:
    """The values of `pack_place`, texts and whole numbers alone; None for a word that it has not made."""
    if len(text) > LONGEST:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and all(_is_plain(value) for value in values) else None


def _is_plain(value: object) -> bool:
    """A text that a column can hold or a number: JSON may escape NUL and halves of characters, which PostgreSQL does not take."""
    if isinstance(value, str):
        return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value)
    return type(value) is int


def typed_place(model: type[Model], names: Sequence[str], values: Sequence[object]) -> list[Any] | None:
    """Values as the fields `names` of `model` hold them; None where one of them cannot be a value of its field."""
    if len(names) != len(values):
        return None
    try:
        return [_typed(_field(model, name), value) for name, value in zip(names, values, strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None


def _field(model: type[Model], name: str) -> Any:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return getattr(field, "output_field", field)


def _typed(field: Any, value: object) -> Any:
    found = field.to_python(value)
    field.run_validators(found)
    return found
