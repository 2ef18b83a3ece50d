"""What comes in about deals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Employee
from pipeline.clients.models import Company
from pipeline.deals.models import Deal, Product
from salesys.db import clock
from salesys.shell.forms import ShellForm

FIELDS = ("title", "product", "amount", "expected_on", "next_step", "next_step_on")


class DealForm(ShellForm):
    """A deal; its company is chosen where it is opened."""

    title = forms.CharField(label=_("Deal"), max_length=300)
    product = forms.ModelChoiceField(label=_("Product"), queryset=Product.objects.none(), required=False)
    amount = forms.DecimalField(
        label=_("Expected amount without VAT"), min_value=0, max_digits=18, decimal_places=2, required=False
    )
    expected_on = forms.DateField(label=_("Expected to close"), required=False, widget=forms.DateInput)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("Next step on"), required=False, widget=forms.DateInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products: Any = self.fields["product"]
        products.queryset = Product.objects.visible_to(viewer).filter(is_active=True)

    def values(self) -> dict[str, Any]:
        """What `update_deal` takes."""
        found = {name: self.cleaned_data[name] for name in FIELDS}
        return {**found, "amount": found["amount"] or 0}


class NewDealForm(DealForm):
    """A deal with its seller, for those who may open one for somebody else."""

    company = forms.ModelChoiceField(queryset=Company.objects.none(), widget=forms.HiddenInput)
    seller = forms.ModelChoiceField(
        label=_("Seller"), queryset=Employee.objects.none(), required=False, help_text=_("Empty: yourself.")
    )

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["company"].queryset = Company.objects.visible_to(viewer)
        fields["seller"].queryset = Employee.objects.visible_to(viewer).working_on(clock.today())


class LoseForm(ShellForm):
    """Why a deal was lost."""

    reason = forms.CharField(label=_("Why was it lost?"), max_length=200)


class GiveForm(ShellForm):
    """To whom a deal goes."""

    seller = forms.ModelChoiceField(label=_("Seller"), queryset=Employee.objects.none())

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers: Any = self.fields["seller"]
        sellers.queryset = Employee.objects.visible_to(viewer).working_on(clock.today())


def initial_of(deal: Deal) -> dict[str, object]:
    """The form as the deal is."""
    return {name: getattr(deal, name) for name in FIELDS}
