"""Forms in the product's look: widgets get their classes here, errors of services become errors of fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from salesys.kernel.errors import InvalidInput, Issue
from salesys.kernel.money import parse_money
from salesys.shell.formats import number_text

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.HiddenInput, ""),
    (forms.Widget, "form-control"),
)

UNSAID = "---------"
"""What Django writes where nothing is chosen."""


def widget_class(widget: forms.Widget) -> str:
    """The look of one kind of input."""
    return next(name for kind, name in CLASSES if isinstance(widget, kind))


def dress_field(field: forms.Field) -> None:
    """Give a field its classes and, for dates and numbers, the browser's own input."""
    widget = field.widget
    name = widget_class(widget)
    if name:
        widget.attrs["class"] = " ".join(filter(None, [widget.attrs.get("class", ""), name]))
    if isinstance(widget, forms.DateInput) and not isinstance(widget, forms.DateTimeInput):
        widget.format = "%Y-%m-%d"
        widget.input_type = "date"
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == UNSAID:
        field.empty_label = _("Choose") if field.required else "—"
    if isinstance(field, forms.DecimalField):
        widget.attrs.setdefault("inputmode", "decimal")
    if isinstance(widget, forms.Textarea):
        # Django's own defaults are those of a typewriter
        if widget.attrs.get("rows") in {"10", 10, None}:
            widget.attrs["rows"] = 3
        widget.attrs.pop("cols", None)


class Dressed:
    """Mix-in of every form: classes on inputs, `is-invalid` on those with errors."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress_field(field)


class ShellForm(Dressed, forms.Form):
    """Base of forms that feed a service."""

    use_required_attribute = True


def issue_text(issue: Issue) -> str:
    """What is wrong, with which value, and what to do, as one text in the reader's language."""
    problem = _(issue.problem)
    value = f" ({issue.value})" if issue.value and issue.value not in problem else ""
    problem = problem.rstrip(".") + value + "." if value else problem
    return f"{problem} {_(issue.remedy)}".strip()


def add_issues(form: forms.BaseForm, error: InvalidInput) -> None:
    """Show a service's refusal beside the fields it is about; what has no field goes on top of the form."""
    for issue in error.issues:
        field = issue.field if issue.field in form.fields else None
        form.add_error(field, ValidationError(issue_text(issue), code=issue.code))


class AmountField(forms.CharField):
    """Money as people write it, `1 234,50` or `1,234.50`, as a `Decimal`; what is there already is shown as they would."""

    def __init__(self, *, min_value: Decimal | int | None = None, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 30, "widget": widget, **kwargs})
        self.least = None if min_value is None else MinValueValidator(min_value)

    def prepare_value(self, value: Any) -> Any:
        """Text that was typed stays as it is."""
        return number_text(value, 2) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """The amount; None for an empty field that may be."""
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_money(text)
        except InvalidInput as error:
            raise ValidationError([issue_text(issue) for issue in error.issues]) from None
        if self.least is not None:
            self.least(amount)
        return amount


def describe(bound: BoundField) -> str:
    """Ids of help and errors of a field, for `aria-describedby`."""
    parts = [f"{bound.auto_id}_error"] if bound.errors else []
    if bound.help_text:
        parts.append(f"{bound.auto_id}_help")
    return " ".join(parts)


def render_input(bound: BoundField) -> str:
    """The input with its state: red when refused, tied to help and errors for screen readers."""
    look = bound.field.widget.attrs.get("class") or widget_class(bound.field.widget)
    attrs: dict[str, str | bool] = {"class": look} if look else {}
    described = describe(bound)
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] = f"{look} is-invalid".strip()
    return bound.as_widget(attrs=attrs)


def is_check(bound: BoundField) -> bool:
    """Whether the label stands behind the input."""
    return isinstance(bound.field.widget, forms.CheckboxInput)


def is_group(bound: BoundField) -> bool:
    """Whether the input is a set of inputs that needs a legend."""
    return isinstance(bound.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
