"""What follows from a plan: the measured funnel, needs by month, people needed, and dated tasks.

The four tables at the end are written in bulk by SQL: narrow rows, keys without foreign key constraints.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Direction
from planning.goals.models import NOTHING, YearPlan
from planning.norms.models import ACTIVITY_CHOICES
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField, RateField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class OfEmployeeQuerySet(ScopedQuerySet[Any]):
    """Rows that belong to one employee's part of a plan."""

    scope = "plans"

    def reach_team(self, viewer: Viewer) -> Q:
        """The viewer's and those of everyone below."""
        return Q(employee_id__in=viewer.team_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own."""
        return Q(employee_id=viewer.employee_id)


class SellerMonthQuerySet(OfEmployeeQuerySet):
    """A head answers for the part of somebody who has left the direction, too."""

    def reach_team(self, viewer: Viewer) -> Q:
        """The viewer's, those of everyone below, and those of the head's directions."""
        return super().reach_team(viewer) | Q(direction_id__in=viewer.direction_ids)


class RoleNeedQuerySet(OfEmployeeQuerySet):
    """Work of somebody who was dismissed goes back to the head above them, though they are nobody's report any more."""

    def reach_team(self, viewer: Viewer) -> Q:
        """The viewer's, those of everyone below, and of who was below until the dismissal."""
        return super().reach_team(viewer) | Q(employee_id__in=Employee.all_rows.left_from(viewer.team_ids).values("pk"))


class HeadcountQuerySet(ScopedQuerySet["HeadcountNeed"]):
    scope = "plans"

    def reach_team(self, viewer: Viewer) -> Q:
        """Of the head's directions."""
        return Q(direction_id__in=viewer.direction_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """Nothing: people to hire are the business of heads."""
        return NOTHING


def no_key(to: str, **options: Any) -> Any:
    """A relation for reading; the database keeps a bare number (a bulk table carries no foreign keys)."""
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options)


class SellerFunnel(ScopedModel):
    """The figures of a seller's funnel as of `basis_on`: what a won deal brings and how fast it pays."""

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="funnels")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    direction = models.ForeignKey(Direction, null=True, on_delete=models.PROTECT, related_name="+")
    basis_on = models.DateField()
    deals_measured = models.PositiveIntegerField()
    payment_per_deal = MoneyField()
    payment_lag_days = models.PositiveSmallIntegerField()

    objects: Any = closed_manager(OfEmployeeQuerySet)
    all_rows = OfEmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            models.UniqueConstraint(fields=["plan", "employee"], name="funnel_once_per_seller"),
            models.CheckConstraint(condition=Q(payment_per_deal__gt=0), name="funnel_deal_brings_money"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.employee_id}"


class StageMeasure(ScopedModel):
    """One step of a seller's funnel: own counts, the rate around, the shrunk rate, and what follows from it.

    `share` is the part of what the step serves that comes this way: of warm contacts, those that telesales bring.
    """

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="measures")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    activity = models.PositiveSmallIntegerField(choices=ACTIVITY_CHOICES)
    trials = models.PositiveIntegerField()
    successes = models.PositiveIntegerField()
    common_rate = RateField()
    rate = RateField()
    share = RateField(default=1, db_default=1)
    step_days = models.PositiveSmallIntegerField()
    lead_days = models.PositiveSmallIntegerField()
    per_deal = models.DecimalField(max_digits=24, decimal_places=9)

    objects: Any = closed_manager(OfEmployeeQuerySet)
    all_rows = OfEmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-activity"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "employee", "activity"], name="measure_once_per_step"),
            models.CheckConstraint(condition=Q(rate__gt=0, common_rate__gt=0), name="measure_rate_is_positive"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="measure_share_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.activity}: {self.rate}"


class SellerMonth(ScopedModel):
    """A seller's money of one month: agreed, still to bring, on its way, and the deals that fill the gap.

    Where the seller is not there to carry the month, nothing is asked for: `gap` and `deals` are zero, and `returned` is what
    goes back to the level above. So `gap` or `returned` is the target less what is on its way.
    """

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="seller_months")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    direction = models.ForeignKey(Direction, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    agreed = MoneyField()
    target = MoneyField()
    expected = MoneyField()
    pipeline = MoneyField()
    gap = MoneyField()
    deals = models.DecimalField(max_digits=18, decimal_places=9)
    returned = MoneyField(default=Decimal(0), db_default=Decimal(0))

    objects: Any = closed_manager(SellerMonthQuerySet)
    all_rows = SellerMonthQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "employee", "month"], name="seller_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="seller_month_on_the_first"),
            models.CheckConstraint(condition=Q(gap__gte=0, deals__gte=0), name="seller_month_not_negative"),
            models.CheckConstraint(
                condition=Q(returned=0) | Q(returned__gt=0, gap=0, deals=0), name="seller_month_asks_or_returns"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}: {self.gap}"


class HeadcountNeed(ScopedModel):
    """People of a role that a direction needs in a month, and who is there. Without a direction: those who serve all others, or
    the whole company.
    """

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="headcount")
    direction = models.ForeignKey(Direction, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    month = models.DateField()
    units = models.PositiveIntegerField()
    needed = models.DecimalField(max_digits=9, decimal_places=2)
    present = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    hire_from = models.DateField(null=True)

    objects: Any = closed_manager(HeadcountQuerySet)
    all_rows = HeadcountQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["role", "direction", "month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "direction", "role", "month"], name="headcount_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(missing=0, hire_from__isnull=True) | Q(missing__gt=0, hire_from__isnull=False),
                name="headcount_missing_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.month}: {self.needed}"


class FunnelNeed(ScopedModel):
    """Whole units of an activity that a seller's plan asks for in a month (bulk)."""

    pk = models.CompositePrimaryKey("plan", "employee", "month", "activity")
    plan = no_key("planning.YearPlan")
    employee = no_key("accounts.Employee")
    month = models.DateField()
    activity = models.PositiveSmallIntegerField(choices=ACTIVITY_CHOICES)
    direction = no_key("accounts.Direction", null=True)
    amount = models.PositiveIntegerField()

    objects: Any = closed_manager(OfEmployeeQuerySet)
    all_rows = OfEmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"


class RoleNeed(ScopedModel):
    """A month's work of one employee (bulk): `need` of the plan, `done` before the days that are left, `amount` given to
    these days, `returned` to the level above because it is beyond 120 % of capacity. `load` is the rest per capacity.

    Who is not there on any of these days is given nothing: all that is left is returned, at a load of zero.
    """

    pk = models.CompositePrimaryKey("employee", "month", "activity")
    employee = no_key("accounts.Employee")
    month = models.DateField()
    activity = models.PositiveSmallIntegerField(choices=ACTIVITY_CHOICES)
    plan = no_key("planning.YearPlan")
    need = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    load = models.DecimalField(max_digits=5, decimal_places=2)

    objects: Any = closed_manager(RoleNeedQuerySet)
    all_rows = RoleNeedQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=0) | Q(need=models.F("done") + models.F("amount") + models.F("returned")),
                name="role_need_adds_up",
            ),
        ]


class DailyTarget(ScopedModel):
    """How many units of an activity an employee has to do on a working day (bulk). One plan is in force on a day."""

    pk = models.CompositePrimaryKey("employee", "on", "activity")
    employee = no_key("accounts.Employee")
    on = models.DateField()
    activity = models.PositiveSmallIntegerField(choices=ACTIVITY_CHOICES)
    amount = models.PositiveSmallIntegerField()
    plan = no_key("planning.YearPlan")

    objects: Any = closed_manager(OfEmployeeQuerySet)
    all_rows = OfEmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="daily_target_is_positive")]


class PlannedItem(ScopedModel):
    """A concrete piece of a day's target (bulk): which company to call, or which card to prepare before which call."""

    class Kind(models.IntegerChoices):
        CARD = 1, _("prepare a card")
        CALL = 3, _("call")

    plan = no_key("planning.YearPlan")
    employee = no_key("accounts.Employee")
    on = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    company = no_key("pipeline.Company")
    entry = no_key("pipeline.CallListEntry", null=True)
    task = no_key("pipeline.Task", null=True)
    serves = no_key("planning.PlannedItem", null=True)
    direction = no_key("accounts.Direction", null=True)

    objects: Any = closed_manager(OfEmployeeQuerySet)
    all_rows = OfEmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["employee", "on", "kind"], name="planned_item_by_day"),
            models.Index(fields=["company", "on"], name="planned_item_by_company"),
            models.Index(fields=["task"], name="planned_item_by_task", condition=Q(task__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=1, serves__isnull=False) | Q(kind=3, serves__isnull=True, task__isnull=True),
                name="planned_card_serves_a_call",
            ),
            models.UniqueConstraint(fields=["entry", "on"], condition=Q(kind=3), name="planned_call_once_per_day"),
            models.UniqueConstraint(fields=["serves"], condition=Q(kind=1), name="planned_card_once_per_call"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.on} {self.kind} {self.company_id}"
