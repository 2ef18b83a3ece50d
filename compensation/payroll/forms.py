"""Forms of payroll."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from salesys.shell.forms import ShellForm


class ReasonForm(ShellForm):
    """One sentence that says why."""

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
