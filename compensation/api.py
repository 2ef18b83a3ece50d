"""Statements over REST, scoped as the pages are."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compensation.statements.models import Statement
from compensation.statements.serializers import StatementDetailSerializer, StatementSerializer
from salesys.rest.filters import IdFilter
from salesys.rest.resources import Listed, Resource


class StatementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By payee and period; `period_before` is the first one left out."""

    payee = IdFilter("payee_id", label=_("payee"))
    period_on = django_filters.DateFilter("period_on", label=_("first day of the period"))
    period_from = django_filters.DateFilter("period_on", "gte", label=_("periods from"))
    period_before = django_filters.DateFilter("period_on", "lt", label=_("periods before"))

    class Meta:
        model = Statement
        fields: list[str] = []


class StatementViewSet(Listed, Resource):
    """What people are paid by period; one row opens to its lines and how each came about."""

    resource = "statements"
    model = Statement
    ordering = ("-pk",)
    related = ("payee",)
    has_versions = False
    serializer_class = StatementSerializer
    filterset_class = StatementFilter

    @extend_schema(responses=StatementDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One statement with its lines."""
        row: Statement = self.get_object()
        return Response(StatementDetailSerializer(row, context=self.get_serializer_context()).data)


API_ROUTES = (("statements", StatementViewSet, "statement"),)
