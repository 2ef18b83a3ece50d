"""The choice of a company for a deal that came without one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pipeline.clients.models import Company
from salesys.db.search import name_contains
from salesys.shell.forms import ShellForm

OFFERED = 30


class CompanyForm(ShellForm):
    """A company among those that the person sees, found by a part of its name."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=_("Choose a company"))

    def __init__(self, *args: Any, viewer: object, search: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Company.objects.visible_to(viewer)
        field = self.fields["company"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = seen
        offered = (seen.filter(name_contains(search)) if search else seen).order_by("name_key", "pk")[:OFFERED]
        field.choices = [("", _("Choose a company")), *((row.pk, row.name) for row in offered)]

    def clean_company(self) -> Company:
        """Any visible one may be sent, not only those that are offered."""
        company: Company = self.cleaned_data["company"]
        return company
