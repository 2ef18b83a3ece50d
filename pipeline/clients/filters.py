"""Filters of companies and contacts over REST."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pipeline.clients.models import Company, Contact
from salesys.db.search import name_contains
from salesys.rest.filters import IdFilter, YesNoFilter


class CompanyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`name` is a part of the name, whatever its case; under three letters, its beginning."""

    name = django_filters.CharFilter(method="of_name", label=_("part of the name"), min_length=1, max_length=100)
    tax_id = django_filters.CharFilter("tax_id", label=_("tax number"), max_length=20)
    industry = IdFilter("industry_id", label=_("industry"))
    direction = IdFilter("direction_id", label=_("direction"))
    parent = IdFilter("parent_id", label=_("parent company"))
    city = django_filters.CharFilter("city", "iexact", label=_("city"), max_length=120)
    is_corporate = YesNoFilter("is_corporate", label=_("corporate (VIP)"))
    updated_from = django_filters.IsoDateTimeFilter("updated_at", "gte", label=_("changed from"))

    class Meta:
        model = Company
        fields: list[str] = []

    def of_name(self, rows: QuerySet[Company], _name: str, value: str) -> QuerySet[Company]:
        """Served by the trigram index."""
        return rows.filter(name_contains(value))


class ContactFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Phone and e-mail are no filters: they would tell by trying what the mask hides."""

    company = IdFilter("company_id", label=_("company"))
    is_decision_maker = YesNoFilter("is_decision_maker", label=_("decides"))
    updated_from = django_filters.IsoDateTimeFilter("updated_at", "gte", label=_("changed from"))

    class Meta:
        model = Contact
        fields: list[str] = []
