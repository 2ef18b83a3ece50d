"""Input of the calendar."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from salesys.shell.forms import ShellForm


class CorrectionForm(ShellForm):
    """A day on which the company works otherwise than its country."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput)
    hours = forms.IntegerField(label=_("Working hours"), min_value=0, max_value=12, help_text=_("0 is a day off, 8 a whole day."))
    reason = forms.CharField(label=_("Reason"), max_length=200)
