"""Employees over REST: who is who, and where they stand today. Personnel is not changed this way."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.people.filters import EmployeeFilter
from accounts.people.models import Employee
from accounts.people.serializers import EmployeeSerializer
from salesys.db import clock
from salesys.rest.resources import Listed, Resource


class EmployeeViewSet(Listed, Resource):
    """Colleagues that the caller may see."""

    resource = "employees"
    model = Employee
    ordering = ("pk",)
    serializer_class = EmployeeSerializer
    filterset_class = EmployeeFilter

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the assignment of today, in the same statement."""
        today = FilteredRelation("assignments", condition=Q(assignments__valid__contains=clock.today()))
        placed: QuerySet[Any] = rows.annotate(place=today).annotate(
            place_role=F("place__role"),
            place_department=F("place__department_id"),
            place_direction=F("place__direction_id"),
            place_manager=F("place__manager_id"),
        )
        return placed


API_ROUTES = (("employees", EmployeeViewSet, "employee"),)
