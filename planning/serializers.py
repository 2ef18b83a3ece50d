"""Plans over REST."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from planning.goals.models import PlanAmount, PlanNode, YearPlan
from planning.norms.models import ACTIVITY_CHOICES
from salesys.rest.serializers import StrictModelSerializer, StrictSerializer

MOST_DIGITS = 18


class YearPlanSerializer(StrictModelSerializer):
    """A version of a year's plan."""

    class Meta:
        model = YearPlan
        fields = ("id", "year", "version", "goal", "season", "qualitative_goals", "status", "created_at", "agreed_at")
        read_only_fields = fields


class GoalSerializer(StrictSerializer):
    """A goal to set: opens a draft, or changes the open one."""

    year = serializers.IntegerField(min_value=2000, max_value=2200)
    goal = serializers.DecimalField(max_digits=MOST_DIGITS, decimal_places=2, min_value=Decimal("0.01"))
    season = serializers.ListField(
        child=serializers.DecimalField(max_digits=9, decimal_places=6, min_value=Decimal(0)),
        required=False,
        min_length=12,
        max_length=12,
    )
    qualitative_goals = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class PlanAmountSerializer(serializers.ModelSerializer[PlanAmount]):
    """A month of a node."""

    class Meta:
        model = PlanAmount
        fields = ("month", "amount")


class PlanNodeSerializer(StrictModelSerializer):
    """A part of a plan with its months."""

    year = serializers.IntegerField(source="plan.year", read_only=True)
    level = serializers.ChoiceField(
        source="get_level_display", choices=[level.name.lower() for level in PlanNode.Level], read_only=True
    )
    months = PlanAmountSerializer(source="amounts", many=True, read_only=True)

    class Meta:
        model = PlanNode
        fields = ("id", "plan", "year", "parent", "level", "direction", "employee", "state", "months")
        read_only_fields = fields

    def to_representation(self, instance: Any) -> Any:
        """Levels by their code, in every language the same."""
        return super().to_representation(instance) | {"level": PlanNode.Level(instance.level).name.lower()}


class DailyTargetSerializer(serializers.Serializer[Any]):
    """An employee's target of an activity on a day."""

    employee = serializers.IntegerField(source="employee_id")
    plan = serializers.IntegerField(source="plan_id")
    on = serializers.DateField()
    activity = serializers.ChoiceField(choices=ACTIVITY_CHOICES)
    amount = serializers.IntegerField()


class DailyTargetPageSerializer(serializers.Serializer[Any]):
    """All targets of the month: there is never a second page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = DailyTargetSerializer(many=True)
