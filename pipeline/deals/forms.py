"""What comes in about deals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Employee
from pipeline.clients.models import Company
from pipeline.deals.models import Deal, Product
from pipeline.deals.policies import WORKERS, can_create_for_others, sellable_companies
from salesys.db import clock
from salesys.db.search import name_contains
from salesys.shell.forms import AmountField, ShellForm
from salesys.shell.picker import PickerField, PickerInput

SETTLED = ("product", "amount")
FIELDS = ("title", "product", "amount", "expected_on", "next_step", "next_step_on")


class DealForm(ShellForm):
    """A deal; its company is chosen where it is opened."""

    title = forms.CharField(label=_("Deal"), max_length=300)
    product = forms.ModelChoiceField(label=_("Product"), queryset=Product.objects.none(), required=False)
    amount = AmountField(label=_("Expected amount without VAT"), min_value=0, required=False)
    expected_on = forms.DateField(label=_("Expected to close"), required=False, widget=forms.DateInput)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("Next step on"), required=False, widget=forms.DateInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: object, is_settled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        chosen = Q(pk=product.pk) if (product := self.initial.get("product")) else Q()
        fields["product"].queryset = Product.objects.visible_to(viewer).filter(Q(is_active=True) | chosen)
        for name in SETTLED if is_settled else ():
            fields[name].disabled = True

    def values(self) -> dict[str, Any]:
        """What `update_deal` takes."""
        found = {name: self.cleaned_data[name] for name in FIELDS}
        return {**found, "amount": found["amount"] or 0}


class CompanyField(PickerField):
    """A company by its name, found through the index of names."""

    def named(self, text: str) -> Q:
        """Companies that have this name."""
        return name_contains(text) & Q(name=text)


class NewDealForm(DealForm):
    """A deal with its company, and with its seller for those who may open one for somebody else."""

    company = CompanyField(
        label=_("Company"),
        queryset=Company.objects.none(),
        widget=PickerInput(fills="title", placeholder=_("Type a part of the name")),
        help_text=_("One of your clients."),
    )
    seller = forms.ModelChoiceField(
        label=_("Seller"), queryset=Employee.objects.none(), required=False, help_text=_("Empty: yourself.")
    )

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["company"].offer(sellable_companies(viewer), reverse("pipeline:deal_companies"))
        if self.initial.get("company"):
            fields["company"].widget = forms.HiddenInput()
        if can_create_for_others(viewer):
            fields["seller"].queryset = sellers(viewer)
        else:
            del fields["seller"]
        self.order_fields(("company",))

    @property
    def seller_id(self) -> int | None:
        """Who is to sell it; None: who opens it."""
        chosen = self.cleaned_data.get("seller")
        return chosen.pk if chosen else None


class LoseForm(ShellForm):
    """Why a deal was lost."""

    reason = forms.CharField(label=_("Why was it lost?"), max_length=200)


class GiveForm(ShellForm):
    """To whom a deal goes."""

    seller = forms.ModelChoiceField(label=_("Seller"), queryset=Employee.objects.none())

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["seller"].queryset = sellers(viewer)


def sellers(viewer: object) -> Any:
    """Who may be given a deal, as far as the viewer sees people."""
    today = clock.today()
    return Employee.objects.visible_to(viewer).working_on(today).in_roles(WORKERS, today)


def initial_of(deal: Deal) -> dict[str, object]:
    """The form as the deal is."""
    return {name: getattr(deal, name) for name in FIELDS}
