"""A field that finds one row among very many by typing: the server searches, the keyboard chooses, scopes hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from salesys.kernel.numbers import whole_number


class PickerInput(forms.Widget):
    """A text input with a list of what the server found; `fills` is the name of an empty field that gets the chosen name, too.

    Without JavaScript the name is typed whole.
    """

    template_name = "components/picker.html"

    def __init__(self, *, fills: str = "", placeholder: object = "") -> None:
        super().__init__({"placeholder": placeholder} if placeholder else {})
        self.url = ""
        self.fills = fills
        self.rows: QuerySet[Any] | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Any:
        """The number of the chosen row, else what was typed."""
        return data.get(name) or data.get(f"{name}_text", "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The chosen row by name; a number outside the scope is shown as nothing."""
        context = super().get_context(name, value, attrs)
        chosen = value.pk if isinstance(value, Model) else whole_number(str(value or ""))
        row = self.rows.filter(pk=chosen).first() if chosen is not None and self.rows is not None else None
        text = str(row) if row is not None else "" if chosen is not None else value or ""
        return {**context, "chosen": row.pk if row is not None else "", "text": text, "url": self.url, "fills": self.fills}


class PickerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row of a queryset, chosen from a list or typed whole."""

    default_error_messages = {
        "invalid_choice": _("Choose from the list."),
        "ambiguous": _("Several have this name: choose from the list."),
    }

    def named(self, text: str) -> Q:
        """Rows that have this name."""
        return Q(name=text)

    def offer(self, rows: QuerySet[Any], url: str) -> None:
        """Say what may be chosen, within the viewer's scope, and where it is searched."""
        self.queryset = rows
        widget: Any = self.widget
        widget.rows, widget.url = rows, url

    def to_python(self, value: Any) -> Any:
        """The row of a number, or the only one of a name."""
        text = str(value or "").replace("\0", "").strip()
        if not text or whole_number(text) is not None:
            return super().to_python(text)
        rows: Any = self.queryset
        found = list(rows.filter(self.named(text))[:2])
        if len(found) != 1:
            code = "ambiguous" if found else "invalid_choice"
            raise ValidationError(self.error_messages[code], code=code)
        return found[0]
