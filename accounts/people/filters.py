"""Filters of employees over REST."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.roles import Role
from salesys.db import clock
from salesys.rest.filters import IdFilter, YesNoFilter


class EmployeeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Where somebody stands is asked as of today."""

    code = django_filters.CharFilter("code", label=_("personnel number"), max_length=32)
    role = django_filters.ChoiceFilter(field_name="role", method="of_place", choices=Role.choices, label=_("role"))
    department = IdFilter("department", method="of_place", label=_("department"))
    direction = IdFilter("direction", method="of_place", label=_("direction"))
    is_working = YesNoFilter(method="of_work", label=_("employed today"))

    class Meta:
        model = Employee
        fields: list[str] = []

    def of_place(self, rows: QuerySet[Employee], name: str, value: object) -> QuerySet[Employee]:
        """By the assignment of today; the name of the filter is the assignment's field."""
        return rows.filter(**{f"assignments__{name}": value, "assignments__valid__contains": clock.today()})

    def of_work(self, rows: QuerySet[Employee], _name: str, value: bool) -> QuerySet[Employee]:
        """Hired and not dismissed, or one of these not."""
        working = Employee.objects.visible_to(self.request.user).working_on(clock.today())
        return rows.filter(pk__in=working.values("pk")) if value else rows.exclude(pk__in=working.values("pk"))
