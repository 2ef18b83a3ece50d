"""Input of norms."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.norms.models import ACTIVITY_CHOICES, PLANNED_ROLES
from salesys.shell.forms import ShellForm


class NormForm(ShellForm):
    """A norm from a date on."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in PLANNED_ROLES])
    activity = forms.TypedChoiceField(label=_("Activity"), choices=ACTIVITY_CHOICES[:-1], coerce=int)
    per_day = forms.IntegerField(label=_("Per day of eight hours"), min_value=1, max_value=1000)
    availability = forms.DecimalField(
        label=_("Availability"),
        min_value=0,
        max_value=1,
        max_digits=7,
        decimal_places=6,
        help_text=_("Share of the working time, 0.85 for 85 %."),
    )
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)
