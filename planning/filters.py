"""Filters of the planning lists over REST."""

from __future__ import annotations

import django_filters

from planning.goals.models import PlanNode, YearPlan
from salesys.rest.filters import IdFilter


class YearPlanFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By year and state."""

    year = django_filters.NumberFilter(min_value=2000, max_value=2200)
    status = django_filters.ChoiceFilter(choices=YearPlan.Status.choices)

    class Meta:
        model = YearPlan
        fields: list[str] = []


class PlanNodeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By plan, year, parent, direction, employee."""

    plan = IdFilter()
    year = django_filters.NumberFilter(field_name="plan__year", min_value=2000, max_value=2200)
    status = django_filters.ChoiceFilter(field_name="plan__status", choices=YearPlan.Status.choices)
    parent = IdFilter()
    direction = IdFilter()
    employee = IdFilter()

    class Meta:
        model = PlanNode
        fields: list[str] = []
