"""Forms of the audit trail and of tokens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access.models import MOST_PER_DAY, MOST_PER_MONTH
from accounts.access.tokens import SCOPES
from salesys.shell.forms import ShellForm


class TokenForm(ShellForm):
    """A new token of one's own."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, scope) for scope in sorted(SCOPES)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        coerce=int,
        initial=90,
    )


MOST_NUMBER = 2**63 - 1


class BudgetForm(ShellForm):
    """How many contacts may be opened."""

    per_day = forms.IntegerField(label=_("Contacts per day"), min_value=0, max_value=MOST_PER_DAY)
    per_month = forms.IntegerField(label=_("Contacts per month"), min_value=0, max_value=MOST_PER_MONTH)


class AuditFilter(ShellForm):
    """What to look for in the trail; each field narrows."""

    q = forms.CharField(max_length=100, required=False)
    action = forms.CharField(max_length=64, required=False)
    kind = forms.CharField(max_length=64, required=False)
    number = forms.IntegerField(min_value=1, max_value=MOST_NUMBER, required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    before = forms.IntegerField(min_value=1, max_value=MOST_NUMBER, required=False)
