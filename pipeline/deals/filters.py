"""Filters of deals over REST."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from pipeline.deals.models import Deal
from salesys.rest.filters import IdFilter


class DealFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`..._before` is the first date left out."""

    company = IdFilter("company_id", label=_("company"))
    seller = IdFilter("seller_id", label=_("seller"))
    warmed_by = IdFilter("warmed_by_id", label=_("who warmed it"))
    product = IdFilter("product_id", label=_("product"))
    status = django_filters.ChoiceFilter(field_name="status", choices=Deal.Status.choices, label=_("open, won or lost"))
    stage = django_filters.CharFilter("stage__code", label=_("code of the stage"), max_length=20)
    opened_from = django_filters.DateFilter("opened_on", "gte", label=_("opened from"))
    opened_before = django_filters.DateFilter("opened_on", "lt", label=_("opened before"))
    closed_from = django_filters.DateFilter("closed_on", "gte", label=_("closed from"))
    closed_before = django_filters.DateFilter("closed_on", "lt", label=_("closed before"))
    updated_from = django_filters.IsoDateTimeFilter("updated_at", "gte", label=_("changed from"))
    external_id = django_filters.CharFilter("external_id", label=_("id in another system"), max_length=64)

    class Meta:
        model = Deal
        fields: list[str] = []
