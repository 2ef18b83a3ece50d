"""What comes in about companies, their people and their holders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Direction, Employee
from pipeline.clients.models import Company, Industry, Relationship
from pipeline.clients.policies import can_place_company
from salesys.db import clock
from salesys.shell.forms import AmountField, ShellForm

COMPANY = (
    *("name", "tax_id", "industry", "direction", "city", "time_zone", "website"),
    *("founded_year", "employee_count", "annual_revenue", "is_corporate"),
)
TIME_ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk"),
    *("Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"),
    *("Asia/Almaty", "Europe/Minsk"),
)
"""Offered as one types; any other of the IANA database may be typed."""


class CompanyForm(ShellForm):
    """A company."""

    name = forms.CharField(label=_("Name"), max_length=300)
    tax_id = forms.CharField(label=_("Tax number"), max_length=20, required=False)
    industry = forms.ModelChoiceField(label=_("Industry"), queryset=Industry.objects.none(), required=False)
    direction = forms.ModelChoiceField(label=_("Direction"), queryset=Direction.objects.none(), required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("Decides when the client may be called. Empty: our own."),
        widget=forms.TextInput(attrs={"list": "time-zones"}),
    )
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    founded_year = forms.IntegerField(label=_("Founded"), min_value=1600, max_value=2100, required=False)
    employee_count = forms.IntegerField(label=_("Employees"), min_value=0, max_value=10_000_000, required=False)
    annual_revenue = AmountField(label=_("Annual revenue"), min_value=0, required=False)
    is_corporate = forms.BooleanField(label=_("Corporate client (VIP)"), required=False)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["industry"].queryset = Industry.objects.visible_to(viewer)
        fields["direction"].queryset = Direction.objects.visible_to(viewer).filter(is_active=True)
        if not can_place_company(viewer):
            del fields["direction"], fields["is_corporate"]

    def values(self) -> dict[str, object]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in COMPANY if name in self.fields}


class ContactForm(ShellForm):
    """A person at a company."""

    full_name = forms.CharField(label=_("Name"), max_length=200)
    position = forms.CharField(label=_("Position"), max_length=160, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5_000, widget=forms.Textarea)


class HandOverForm(ShellForm):
    """Who holds a client from when on."""

    kind = forms.ChoiceField(label=_("As"), choices=Relationship.Kind.choices)
    employee = forms.ModelChoiceField(label=_("To"), queryset=Employee.objects.none())
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"from_on": clock.today()}, **kwargs})
        employees: Any = self.fields["employee"]
        employees.queryset = Employee.objects.visible_to(viewer).working_on(clock.today())


def initial_of(company: Company) -> dict[str, object]:
    """The form as the company is."""
    return {name: getattr(company, name) for name in COMPANY}
