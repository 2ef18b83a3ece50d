"""Filters of lists: typed, bounded, and a name that is not known is an error, not a silent whole list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters.widgets import BooleanWidget

from salesys.kernel.errors import Issue, raise_if_any
from salesys.kernel.numbers import LARGEST_ID

OF_PAGES = ("cursor", "page_size", "format")


class IdFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """The id of a related row."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": 1, "max_value": LARGEST_ID, **kwargs})


class AsWritten(BooleanWidget):  # type: ignore[misc]
    """A choice of yes and no that hands on what was written, so that the field can refuse it."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The text that was sent, or None."""
        return data.get(name)


class YesNoField(forms.NullBooleanField):
    """Yes, no, or nothing asked."""

    widget = AsWritten

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """The answer.

        Raises:
            ValidationError: It is neither; taken for nothing asked, it would give the whole list.
        """
        known = {"": None, "true": True, "1": True, "false": False, "0": False}
        written = str(value if value is not None else "").strip().lower()
        if written not in known:
            raise ValidationError(_("This is neither true nor false."), code="invalid")
        return known[written]


class YesNoFilter(django_filters.BooleanFilter):  # type: ignore[misc]
    """Those for which something holds, or those for which it does not."""

    field_class = YesNoField


def check_names(sent: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse parameters that no filter has: a misspelt one would answer with rows that nobody asked for.

    Raises:
        InvalidInput: One issue per unknown name.
    """
    allowed = sorted({*known, *OF_PAGES})
    remedy = _("Known are: %s.") % ", ".join(name for name in allowed if name != "format")
    raise_if_any(
        Issue("unknown_filter", _("This list has no filter of this name."), name, str(value), remedy)
        for name, value in sent.items()
        if name not in allowed
    )
