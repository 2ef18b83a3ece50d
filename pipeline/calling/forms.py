"""What comes in from the cockpit and from the pages of lists and calls."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Direction, Employee
from pipeline.calling.models import Call
from pipeline.calling.queries import CallFilter, callers_for, sellers_for
from pipeline.calling.reports import LONGEST_NOTE, CallReport
from pipeline.clients.models import Industry
from pipeline.deals.models import Product
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.rest.once import OnceForm
from salesys.shell.forms import AmountField, ShellForm


class CallForm(ShellForm):
    """One call; which of the later fields are shown depends on the outcome."""

    outcome = forms.ChoiceField(label=_("outcome"), choices=Call.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea)
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_step_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    contact = forms.IntegerField(label=_("With whom"), required=False, widget=forms.HiddenInput)
    amount = AmountField(label=_("Expected amount"), required=False, min_value=0)
    product = forms.ModelChoiceField(label=_("Product"), queryset=Product.objects.none(), required=False)
    duration_seconds = forms.IntegerField(required=False, min_value=0, max_value=28_800, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products: Any = self.fields["product"]
        products.queryset = Product.objects.visible_to(viewer).filter(is_active=True)

    def report(self) -> CallReport:
        """The call as the service takes it."""
        data = self.cleaned_data
        return CallReport(
            outcome=data["outcome"],
            note=data["note"],
            next_step=data["next_step"],
            next_step_at=data["next_step_at"],
            duration_seconds=data["duration_seconds"] or 0,
            contact_id=data["contact"],
            amount=data["amount"] or Decimal(0),
            product_id=data["product"].pk if data["product"] else None,
        )


class CompanyCallForm(CallForm, OnceForm):
    """A call from no list; a second press of the button logs no second one."""


class CallListForm(ShellForm):
    """A list: its name, its script, who calls it and to whom warm contacts go."""

    name = forms.CharField(label=_("Name"), max_length=200)
    direction = forms.ModelChoiceField(label=_("Direction"), queryset=Direction.objects.none(), required=False)
    seller = forms.ModelChoiceField(
        label=_("Warm contacts go to"),
        queryset=Employee.objects.none(),
        required=False,
        help_text=_("Without a name: to the client's hunter, else to the least loaded seller of the direction."),
    )
    script = forms.CharField(label=_("Script"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    members = forms.ModelMultipleChoiceField(
        label=_("Who calls it"), queryset=Employee.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, viewer: object, may_route: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        today = clock.today()
        # What the list says stays a choice: saving it for another field must not take away a seller who is out of sight
        direction, seller = (getattr(self.initial.get(name), "pk", 0) for name in ("direction", "seller"))
        fields["direction"].queryset = Direction.objects.visible_to(viewer).filter(Q(is_active=True) | Q(pk=direction))
        fields["seller"].queryset = sellers_for(viewer_for(viewer), today, kept=seller)
        fields["members"].queryset = callers_for(viewer_for(viewer), today)
        for name in () if may_route else ("direction", "seller"):
            fields[name].disabled = True

    def fields_of_list(self) -> dict[str, object]:
        """What `create_list` and `update_list` take."""
        return {name: self.cleaned_data[name] for name in ("name", "direction", "seller", "script", "is_active")}


class FillForm(ShellForm):
    """Which companies are put on a list."""

    industry = forms.ModelChoiceField(label=_("Industry"), queryset=Industry.objects.none(), required=False)
    direction = forms.ModelChoiceField(label=_("Direction"), queryset=Direction.objects.none(), required=False)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    source = forms.CharField(label=_("Source"), required=False, max_length=60)
    not_called_days = forms.IntegerField(
        label=_("Not called for"), required=False, min_value=1, max_value=3650, help_text=_("days")
    )
    limit = forms.IntegerField(label=_("At most"), initial=500, min_value=1, max_value=100_000)
    without_held = forms.BooleanField(label=_("Only companies that nobody holds"), required=False, initial=True)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["industry"].queryset = Industry.objects.visible_to(viewer)
        fields["direction"].queryset = Direction.objects.visible_to(viewer)

    def wanted(self) -> CallFilter:
        """What `companies_to_call` takes."""
        data = self.cleaned_data
        days = data["not_called_days"]
        return CallFilter(
            limit=data["limit"],
            industry_id=data["industry"].pk if data["industry"] else None,
            direction_id=data["direction"].pk if data["direction"] else None,
            city=data["city"].strip(),
            source=data["source"].strip(),
            not_called_since=clock.today() - timedelta(days=days) if days else None,
        )
