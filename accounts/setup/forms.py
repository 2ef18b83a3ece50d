"""Forms of the set-up: each step asks for little and offers what is likely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.forms import HireForm
from accounts.setup.regional import countries, currencies, currency_of, time_zone_of, time_zones
from accounts.setup.services import SUGGESTED, CompanyFacts, Newcomer
from accounts.structure.forms import PlacementForm
from accounts.structure.models import DepartmentKind
from salesys.db.organisation import Organisation
from salesys.shell.forms import ShellForm, dress_field

HUNDRED = Decimal(100)


class CompanyForm(ShellForm):
    """The company's facts; `regional` are the fields that follow from the country."""

    name = forms.CharField(label=gettext_lazy("Company"), max_length=200)
    country = forms.ChoiceField(label=gettext_lazy("Country of the working calendar"), choices=lambda: list(countries().items()))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=())
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=lambda: list(currencies().items()))
    vat_rate = forms.DecimalField(
        label=gettext_lazy("VAT, %"),
        min_value=0,
        max_value=Decimal("99.99"),
        max_digits=4,
        decimal_places=2,
        help_text=gettext_lazy("0 where there is none."),
    )

    def __init__(self, *args: Any, country: str, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["time_zone"].choices = time_zones(country, chosen)

    @property
    def regional(self) -> list[BoundField]:
        """What changes with the country."""
        return [self["time_zone"], self["currency"]]

    def facts(self) -> CompanyFacts:
        """What was typed, the rate as a share."""
        typed = dict(self.cleaned_data)
        return CompanyFacts(**{**typed, "vat_rate": typed["vat_rate"] / HUNDRED})


def company_initial(row: Organisation) -> dict[str, object]:
    """The company as it is, the rate in percent."""
    percent = (row.vat_rate * HUNDRED).normalize()
    facts = asdict(CompanyFacts(row.name, row.currency, row.time_zone, row.country, row.vat_rate))
    return {**facts, "vat_rate": f"{percent:f}"}


def regional_initial(country: str, row: Organisation) -> dict[str, object]:
    """What is likely in a country: its zone, and its currency while none is in use yet."""
    currency = row.currency if row.set_up_at is not None else currency_of(country)
    return {"time_zone": time_zone_of(country) or row.time_zone, "currency": currency or row.currency}


class DepartmentsForm(ShellForm):
    """Departments to tick, with names to change: one row for each kind that is not there yet."""

    def __init__(self, *args: Any, there: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = set(there)
        self.kinds = [kind for kind in DepartmentKind if kind not in known]
        for kind in self.kinds:
            label = str(kind.label)[:1].upper() + str(kind.label)[1:]
            is_likely = kind in SUGGESTED and not known
            tick = forms.BooleanField(label=label, required=False, initial=is_likely, help_text=WHAT_FOR[kind])
            name = forms.CharField(label=_("Name"), max_length=200, required=False, initial=label)
            self.fields |= {f"use_{kind}": tick, f"name_{kind}": name}
        for field in self.fields.values():
            dress_field(field)

    @property
    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Tick and name of each kind."""
        for kind in self.kinds:
            yield self[f"use_{kind}"], self[f"name_{kind}"]

    def names(self) -> dict[str, str]:
        """Kind -> name of what was ticked."""
        return {str(kind): self.cleaned_data[f"name_{kind}"] for kind in self.kinds if self.cleaned_data[f"use_{kind}"]}


WHAT_FOR = {
    DepartmentKind.ACTIVE: gettext_lazy("Hunters who win new clients."),
    DepartmentKind.INBOUND: gettext_lazy("Answers those who ask by themselves."),
    DepartmentKind.CLIENT: gettext_lazy("Serves clients, keeps documents, collects payments."),
    DepartmentKind.VIP: gettext_lazy("Looks after the largest clients."),
    DepartmentKind.INTERREGIONAL: gettext_lazy("Branches and other regions."),
    DepartmentKind.TELESALES: gettext_lazy("Calls cold companies and makes warm contacts of them."),
    DepartmentKind.ASSISTANTS: gettext_lazy("Prepare companies and contacts before they are called."),
    DepartmentKind.BACK_OFFICE: gettext_lazy("Management, books, bases, hiring."),
}


class DirectionsForm(ShellForm):
    """Industry directions, one per line."""

    names = forms.CharField(
        label=gettext_lazy("Directions, one per line"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("A market that a head knows and carries a plan for, such as Machinery."),
    )

    def lines(self) -> list[str]:
        """The names that were written, each once."""
        written = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        return list(dict.fromkeys(line for line in written if line))


class NewcomerForm(HireForm):
    """One of the first people."""

    def newcomer(self) -> Newcomer:
        """Who is hired."""
        return Newcomer(**self.cleaned_data)


class SeatForm(PlacementForm):
    """Where they stand, from the first day on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["from_on"]
