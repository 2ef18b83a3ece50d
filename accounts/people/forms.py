"""Forms of people and their accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from salesys.db import clock
from salesys.shell.forms import ShellForm


class HireForm(ShellForm):
    """Somebody new: the person and the sign-in; where they stand is asked beside it."""

    full_name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(label=_("Personnel number"), max_length=32, required=False)
    hired_on = forms.DateField(label=_("Hired on"), widget=forms.DateInput)
    email = forms.EmailField(label=_("E-mail for the sign-in"), required=False, help_text=_("Empty: no sign-in yet."))


class DismissForm(ShellForm):
    """The first day no longer employed, and who takes over those who report to the person."""

    from_on = forms.DateField(label=_("First day no longer employed"), widget=forms.DateInput)
    successor: Any = forms.ModelChoiceField(
        label=_("Who takes over"), queryset=None, required=False, help_text=_("Needed when people report to this person.")
    )

    is_certain = forms.BooleanField(
        label=_("Yes, and it cannot be taken back"),
        help_text=_("On that day the sign-in ends, and changes of place planned after it are withdrawn."),
    )

    def __init__(self, *args: Any, viewer: object, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        others = Employee.objects.visible_to(viewer).working_on(clock.today()).exclude(pk=employee.pk)
        fields["successor"].queryset = others.distinct()

    def values(self) -> dict[str, Any]:
        """What `dismiss_employee` takes."""
        return {name: self.cleaned_data[name] for name in ("from_on", "successor")}


class AccountForm(ShellForm):
    """The address of a sign-in."""

    email = forms.EmailField(label=_("E-mail for the sign-in"))
