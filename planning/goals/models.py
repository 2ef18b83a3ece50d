"""The year plan: a goal, its versions, and the tree of nodes that carry it by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.structure.models import Direction
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField, RateField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager
from salesys.kernel.periods import Month, months_of_year

NOTHING = Q(pk__isnull=True)


class YearPlanQuerySet(ScopedQuerySet["YearPlan"]):
    """The company's plan as a whole; heads and employees see their own nodes of it."""

    scope = "plans"

    def reach_team(self, viewer: Viewer) -> Q:
        """Nothing: a head's part is among the nodes."""
        return NOTHING

    def reach_own(self, viewer: Viewer) -> Q:
        """Nothing: an own part is among the nodes."""
        return NOTHING


class YearPlan(ScopedModel):
    """One version of a year's plan. The measure is collected payments without VAT, in the company's currency."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        AGREED = "agreed", _("agreed")
        SUPERSEDED = "superseded", _("superseded")

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    goal = MoneyField(_("goal"), help_text=_("payments to collect, without VAT"))
    season = ArrayField(RateField(), size=12, default=list, blank=True, help_text=_("weights of January to December"))
    qualitative_goals = models.TextField(_("qualitative goals"), blank=True, default="", help_text=_("one per line"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(YearPlanQuerySet)
    all_rows = YearPlanQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="plan_version_once"),
            models.UniqueConstraint(fields=["year"], condition=Q(status="agreed"), name="plan_one_agreed_per_year"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2200)), name="plan_year_is_believable"),
            models.CheckConstraint(condition=Q(goal__gt=0), name="plan_goal_is_positive"),
            models.CheckConstraint(condition=Q(season__len__in=[0, 12]), name="plan_season_has_twelve_months"),
            models.CheckConstraint(
                condition=Q(status="draft", agreed_at__isnull=True)
                | Q(status__in=["agreed", "superseded"], agreed_at__isnull=False),
                name="plan_agreed_has_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"

    @property
    def months(self) -> tuple[Month, ...]:
        """January to December."""
        return months_of_year(self.year)

    @property
    def qualitative(self) -> list[str]:
        """The qualitative goals, one each."""
        return [line.strip() for line in self.qualitative_goals.splitlines() if line.strip()]


PUBLISHED = ~Q(plan__status=YearPlan.Status.DRAFT)
"""A draft is of those who set goals: amounts that may yet change are nobody's task."""


class PlanNodeQuerySet(ScopedQuerySet["PlanNode"]):
    scope = "plans"

    def reach_team(self, viewer: Viewer) -> Q:
        """The head's directions and everyone below, once the plan is agreed."""
        directions = Q(level=PlanNode.Level.DIRECTION, direction_id__in=viewer.direction_ids)
        return PUBLISHED & (Q(employee_id__in=viewer.team_ids) | directions)

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own part, once the plan is agreed."""
        return PUBLISHED & Q(employee_id=viewer.employee_id, level=PlanNode.Level.SELLER)


class PlanNode(ScopedModel):
    """A part of a plan: the company, a direction (or the sellers without one), or a seller within a direction."""

    class Level(models.IntegerChoices):
        COMPANY = 0, _("company")
        DIRECTION = 1, _("direction")
        SELLER = 2, _("seller")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACCEPTED = "accepted", _("accepted")

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    level = models.PositiveSmallIntegerField(choices=Level)
    direction = models.ForeignKey(Direction, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_nodes")
    employee = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_nodes")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)

    objects: Any = closed_manager(PlanNodeQuerySet)
    all_rows = PlanNodeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["level", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(level=0), name="plan_one_company_node"),
            models.UniqueConstraint(
                fields=["plan", "direction"], condition=Q(level=1), name="plan_direction_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["parent", "employee"], condition=Q(level=2), name="plan_seller_once_per_direction"),
            models.CheckConstraint(
                condition=Q(level=0, parent__isnull=True, direction__isnull=True, employee__isnull=True)
                | Q(level=1, parent__isnull=False, employee__isnull=True)
                | Q(level=2, parent__isnull=False, employee__isnull=False),
                name="plan_node_fits_its_level",
            ),
        ]
        indexes = [models.Index(fields=["employee", "plan"], name="plan_node_by_employee")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.title}"

    @property
    def title(self) -> str:
        """Whose part it is, in words."""
        if self.level == PlanNode.Level.COMPANY:
            return str(_("Company"))
        if self.employee is not None:
            return self.employee.full_name
        return self.direction.name if self.direction else str(_("Without direction"))


class PlanAmount(models.Model):
    """What a node has to collect in a month; as visible as its node. Twelve per node."""

    node = models.ForeignKey(PlanNode, on_delete=models.CASCADE, related_name="amounts")
    month = models.DateField()
    amount = MoneyField()

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["node", "month"]
        constraints = [
            models.UniqueConstraint(fields=["node", "month"], name="plan_amount_once_per_month"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="plan_amount_not_negative"),
            models.CheckConstraint(condition=Q(month__day=1), name="plan_amount_on_the_first"),
        ]
        indexes = [models.Index(fields=["month", "node"], name="plan_amount_by_month")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.month}: {self.amount}"


def first_of_year(year: int) -> date:
    """1 January."""
    return date(year, 1, 1)
