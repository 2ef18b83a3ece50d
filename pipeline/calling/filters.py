"""Filters of calls over REST."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from pipeline.calling.models import Call
from salesys.rest.filters import IdFilter


class CallFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`called_before` is the first date left out; give dates, since calls are kept by month."""

    called_from = django_filters.DateFilter("called_on", "gte", label=_("called from"))
    called_before = django_filters.DateFilter("called_on", "lt", label=_("called before"))
    employee = IdFilter("employee_id", label=_("who called"))
    company = IdFilter("company_id", label=_("company"))
    deal = IdFilter("deal_id", label=_("deal"))
    outcome = django_filters.ChoiceFilter(field_name="outcome", choices=Call.Outcome.choices, label=_("outcome"))

    class Meta:
        model = Call
        fields: list[str] = []
