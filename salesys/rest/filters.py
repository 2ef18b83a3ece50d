"""Filters of lists: typed, bounded, and a name that is not known is an error, not a silent whole list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _

from salesys.kernel.errors import Issue, raise_if_any
from salesys.kernel.numbers import LARGEST_ID

OF_PAGES = ("cursor", "page_size", "format")


class IdFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """The id of a related row."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": 1, "max_value": LARGEST_ID, **kwargs})


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
