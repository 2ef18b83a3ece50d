"""Input of the year plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesys.kernel.numbers import decimal_number
from salesys.shell.forms import AmountField, ShellForm


class GoalForm(ShellForm):
    """A year's goal, its season and the goals in words."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2200)
    goal = AmountField(label=gettext_lazy("Goal"), help_text=gettext_lazy("Payments to collect in the year, without VAT."))
    season = forms.CharField(
        label=gettext_lazy("Season"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Twelve weights of January to December, 1 is a usual month. Empty: as in the company's own history."
        ),
    )
    qualitative_goals = forms.CharField(
        label=gettext_lazy("Goals in words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("One per line."),
    )

    def clean_season(self) -> tuple[Decimal, ...]:
        words = self.cleaned_data["season"].replace(";", " ").split()
        read = [decimal_number(word.replace(",", ".")) for word in words]
        weights = tuple(weight for weight in read if weight is not None and weight.is_finite())
        if len(weights) < len(words):
            raise forms.ValidationError(_("Weights are numbers, divided by spaces."), code="not_a_number")
        return weights

    def service_values(self) -> dict[str, Any]:
        """Keyword arguments of `set_year_goal`."""
        return dict(self.cleaned_data)
