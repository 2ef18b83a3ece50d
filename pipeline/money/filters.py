"""Filters of contracts and payments, for pages and the API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from pipeline.money.models import Contract, Payment
from pipeline.money.queries import client_in_sight
from salesys.rest.filters import IdFilter, YesNoFilter


class PaymentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`paid_before` and `entered_before` are the first date and instant left out."""

    paid_from = django_filters.DateFilter("paid_on", "gte", label=_("paid from"))
    paid_before = django_filters.DateFilter("paid_on", "lt", label=_("paid before"))
    entered_from = django_filters.IsoDateTimeFilter("entered_at", "gte", label=_("entered from"))
    entered_before = django_filters.IsoDateTimeFilter("entered_at", "lt", label=_("entered before"))
    company = IdFilter(method="of_company", label=_("client"))
    contract = IdFilter("contract_id", label=_("contract"))
    direction = IdFilter("company__direction_id", label=_("direction of the client"))
    seller = IdFilter("contract__seller_id", label=_("seller of the contract"))
    reference = django_filters.CharFilter(method="of_reference", label=_("bank reference"))
    currency = django_filters.CharFilter("currency", label=_("currency"))
    source = django_filters.ChoiceFilter(field_name="source", choices=Payment.Source.choices, label=_("how it came in"))
    is_refund = YesNoFilter(method="of_kind", label=_("refunds only, or payments only"))

    class Meta:
        model = Payment
        fields: list[str] = []

    def of_company(self, rows: QuerySet[Payment], _name: str, value: Any) -> QuerySet[Payment]:
        """Of a client that the caller sees: a number that is not shown is not found by trying."""
        return rows.filter(client_in_sight(self.request.user), company=value)

    def of_reference(self, rows: QuerySet[Payment], _name: str, value: str) -> QuerySet[Payment]:
        """The same for the bank's reference."""
        return rows.filter(client_in_sight(self.request.user), reference=value)

    def of_kind(self, rows: QuerySet[Payment], _name: str, value: Any) -> QuerySet[Payment]:
        """Refunds, or what is none."""
        return rows.filter(amount__lt=0) if value else rows.filter(amount__gt=0)


class ContractFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`signed_before` and `due_before` are the first dates left out."""

    number = django_filters.CharFilter("number", label=_("number"))
    company = IdFilter("company_id", label=_("client"))
    deal = IdFilter("deal_id", label=_("deal"))
    seller = IdFilter("seller_id", label=_("seller"))
    direction = IdFilter("company__direction_id", label=_("direction of the client"))
    signed_from = django_filters.DateFilter("signed_on", "gte", label=_("signed from"))
    signed_before = django_filters.DateFilter("signed_on", "lt", label=_("signed before"))
    due_before = django_filters.DateFilter("due_on", "lt", label=_("due before"))
    is_paid = YesNoFilter(method="of_payment", label=_("paid whole"))
    is_losing = YesNoFilter(method="of_margin", label=_("direct cost above the price"))

    class Meta:
        model = Contract
        fields: list[str] = []

    def of_payment(self, rows: QuerySet[Contract], _name: str, value: Any) -> QuerySet[Contract]:
        """Paid whole, or not yet."""
        return rows.filter(amount__lte=F("paid_amount")) if value else rows.filter(amount__gt=F("paid_amount"))

    def of_margin(self, rows: QuerySet[Contract], _name: str, value: Any) -> QuerySet[Contract]:
        """Those that lose money, or those that are not known to."""
        losing = {"direct_cost__gt": F("amount")}
        return rows.filter(**losing) if value else rows.exclude(**losing)
