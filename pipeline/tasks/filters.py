"""Filters of tasks over REST."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from pipeline.tasks.models import Task
from salesys.rest.filters import IdFilter


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`due_before` is the first date left out."""

    kind = django_filters.ChoiceFilter(field_name="kind", choices=Task.Kind.choices, label=_("kind"))
    status = django_filters.ChoiceFilter(field_name="status", choices=Task.Status.choices, label=_("status"))
    assignee = IdFilter("assignee_id", label=_("who does it"))
    author = IdFilter("author_id", label=_("who asked for it"))
    company = IdFilter("company_id", label=_("company"))
    due_from = django_filters.DateFilter("due_on", "gte", label=_("due from"))
    due_before = django_filters.DateFilter("due_on", "lt", label=_("due before"))
    updated_from = django_filters.IsoDateTimeFilter("updated_at", "gte", label=_("changed from"))

    class Meta:
        model = Task
        fields: list[str] = []
