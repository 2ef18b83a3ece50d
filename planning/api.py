"""Plans over REST: the same services and scopes as on the pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from planning.cascade.models import DailyTarget
from planning.cascade.services import compute_funnel, generate_role_tasks
from planning.filters import PlanNodeFilter, YearPlanFilter
from planning.goals.models import PlanNode, YearPlan
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.serializers import (
    DailyTargetPageSerializer,
    DailyTargetSerializer,
    GoalSerializer,
    PlanNodeSerializer,
    YearPlanSerializer,
)
from salesys.kernel.errors import invalid
from salesys.kernel.numbers import whole_number
from salesys.kernel.periods import Month
from salesys.rest.filters import check_names
from salesys.rest.resources import Created, Listed, Resource


class YearPlanViewSet(Listed, Created, Resource):
    """Plans of the company by year; for owners and commercial directors."""

    resource = "plans"
    model = YearPlan
    ordering = ("-year", "-pk")
    serializer_class = YearPlanSerializer
    write_serializer_class = GoalSerializer
    filterset_class = YearPlanFilter

    @extend_schema(request=GoalSerializer, responses={201: YearPlanSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set a year's goal: opens a draft, or changes the open one."""
        return super().create(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> YearPlan:
        """Set the goal."""
        return set_year_goal(actor=self.actor, **values)

    @extend_schema(request=None, responses=YearPlanSerializer)
    @action(detail=True, methods=["post"])
    def distribute(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Divide the goal by month, direction and seller, and compute the funnel."""
        self.refuse_body()
        plan = distribute_plan(actor=self.actor, plan=self.get_object())
        compute_funnel(actor=self.actor, plan=plan)
        return self.done(plan)

    @extend_schema(request=None, responses=YearPlanSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the plan in force and give everyone their days."""
        self.refuse_body()
        plan = agree_plan(actor=self.actor, plan=self.get_object())
        generate_role_tasks(plan=plan, actor=self.actor)
        return self.done(plan)


class PlanNodeViewSet(Listed, Resource):
    """Parts of plans with their months: the company's, directions', sellers'; everyone sees their own and those below."""

    resource = "plans"
    model = PlanNode
    ordering = ("-pk",)
    related = ("plan",)
    serializer_class = PlanNodeSerializer
    filterset_class = PlanNodeFilter

    def narrow(self, rows: Any) -> Any:
        """With the months of each."""
        return rows.prefetch_related("amounts")


class DailyTargetViewSet(Resource):
    """What an employee has to do on each day of a month."""

    resource = "plans"
    model = DailyTarget
    has_versions = False
    serializer_class = DailyTargetSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("employee", OpenApiTypes.INT, required=True),
            OpenApiParameter("month", OpenApiTypes.STR, required=True, description="2026-11"),
        ],
        responses=DailyTargetPageSerializer,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All targets of one employee and month, in order of days; never more than one page."""
        check_names(request.query_params, ("employee", "month"))
        employee, month = _employee(request), Month.parse(request.query_params.get("month", ""))
        rows = self.get_queryset().filter(employee=employee, on__range=(month.first, month.last)).order_by("on", "-activity")
        return Response({"next": None, "previous": None, "results": DailyTargetSerializer(rows, many=True).data})


def _employee(request: Request) -> int:
    text = request.query_params.get("employee", "")
    employee_id = whole_number(text)
    if employee_id is None:
        raise invalid(
            "not_an_id", _("This is not the id of an employee."), field="employee", value=text, remedy=_("Send a whole number.")
        )
    return employee_id


API_ROUTES = (
    ("plans", YearPlanViewSet, "plan"),
    ("plan-nodes", PlanNodeViewSet, "plan-node"),
    ("daily-targets", DailyTargetViewSet, "daily-target"),
)
