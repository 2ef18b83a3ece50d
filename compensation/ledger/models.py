"""Pay periods, and the lines of the ledger.

The bulk tables of lines are made in SQL (`migrations/0002_ledger.py`): narrow, partitioned by the month in which they are
posted, without foreign keys, append-only. A line is identified by what it is for and by `revision`: 1 is the first, even
numbers reverse the one before them, odd ones above 1 succeed it. There is no number that a killed run could waste, so a run
that was begun again ends in the same bytes.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.people.models import Employee
from accounts.structure.models import Department
from compensation.schemes.models import Component
from pipeline.clients.models import Company
from pipeline.deals.models import Deal
from pipeline.money.models import Payment
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField, RateField
from salesys.db.runs import Run
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager
from salesys.kernel.periods import Month


class PayPeriodQuerySet(ScopedQuerySet["PayPeriod"]):
    """That a month is open or closed is no secret; what was earned in it is in the lines."""

    scope = "structure"


class PayPeriod(ScopedModel):
    """A month of pay: `open -> calculated -> approved -> closed`; lines are posted while it is open or calculated.

    `approved_at` is the last approval's, also of one that was taken back.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("pay period", "open")
        CALCULATED = "calculated", _("calculated")
        APPROVED = "approved", _("approved")
        CLOSED = "closed", pgettext_lazy("pay period", "closed")

    month_on = models.DateField(_("month"), unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    calculated_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects: Any = closed_manager(PayPeriodQuerySet)
    all_rows = PayPeriodQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-month_on"]
        constraints = [
            models.CheckConstraint(condition=Q(month_on__day=1), name="period_is_a_month"),
            models.CheckConstraint(
                condition=Q(calculated_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(calculated_by=models.F("approved_by")),
                name="period_approver_is_not_the_author",
            ),
        ]

    def __str__(self) -> str:
        return str(self.month)

    @property
    def month(self) -> Month:
        """The calendar month."""
        return Month.of(self.month_on)

    @property
    def is_writable(self) -> bool:
        """Whether lines may still be posted into it."""
        return self.status in {self.Status.OPEN, self.Status.CALCULATED}


class CommissionQuerySet(ScopedQuerySet[Any]):
    """Rows with a payee: all, the team's, or one's own."""

    scope = "commissions"

    def reach_team(self, viewer: Viewer) -> Q:
        """The viewer's own and those of everyone below."""
        return Q(payee_id__in=viewer.team_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own."""
        return Q(payee_id=viewer.own_id)


def reference(model: type[models.Model]) -> models.ForeignKey[models.Model, models.Model]:
    """A column that points at a row of another table without a constraint or an index in the database."""
    return models.ForeignKey(model, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")


class CreditLine(ScopedModel):
    """One payee's share of one payment under one component: credit and earning in one row.

    `amount` is zero and `rate` empty where the component is earned on the month's sum (tiers, floor, cap, team pool): such
    a line counts towards an `EarningLine`. `origin_on` is the month of the payment, `period_on` the month it was posted in.
    """

    pk = models.CompositePrimaryKey("period_on", "payment_id", "component_id", "payee_id", "origin_on", "revision")
    payment = reference(Payment)
    payee = reference(Employee)
    component = reference(Component)
    department = models.ForeignKey(Department, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    run = reference(Run)
    period_on = models.DateField()
    origin_on = models.DateField()
    revision = models.SmallIntegerField()
    is_new = models.BooleanField()
    net_amount = MoneyField()
    basis_amount = MoneyField()
    rate = RateField(null=True)
    amount = MoneyField()

    objects: Any = closed_manager(CommissionQuerySet)
    all_rows = CommissionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "compensation_creditline"
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["period_on", "origin_on", "payment_id", "component_id", "revision"]


class EarningLine(ScopedModel):
    """What a payee earned under one component for one month, with its inputs and pieces in `trace`.

    `department` is that of a team pool; 0 where there is none, so that it can stand in the key.
    """

    pk = models.CompositePrimaryKey("period_on", "origin_on", "payee_id", "component_id", "department_id", "revision")
    payee = reference(Employee)
    component = reference(Component)
    department_id = models.IntegerField(default=0)
    run = reference(Run)
    period_on = models.DateField()
    origin_on = models.DateField()
    revision = models.SmallIntegerField()
    amount = MoneyField()
    trace = models.JSONField()

    objects: Any = closed_manager(CommissionQuerySet)
    all_rows = CommissionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "compensation_earningline"
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["period_on", "origin_on", "component_id", "revision"]


class Measure(ScopedModel):
    """Sums of the credit lines of a payee, component and department, by origin month and the month they were posted in.

    Kept by the statement that posts the lines, in the same transaction: tiers, pools and statements read it.
    """

    pk = models.CompositePrimaryKey("origin_on", "payee_id", "component_id", "department_id", "period_on")
    payee = reference(Employee)
    component = reference(Component)
    department_id = models.IntegerField(default=0)
    period_on = models.DateField()
    origin_on = models.DateField()
    line_count = models.IntegerField()
    net_amount = MoneyField()
    basis_amount = MoneyField()
    amount = MoneyField()

    objects: Any = closed_manager(CommissionQuerySet)
    all_rows = CommissionQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        indexes = [models.Index(fields=["payee", "period_on"], name="measure_by_payee")]


class StaleMark(models.Model):
    """What has changed since the last run; written by triggers (`migrations/0002_ledger.py`), consumed by runs.

    `key` is the row of the kind that is named; what the mark makes stale is dated `from_on` or later (None: ever).
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        COMPANY = "company"
        CONTRACT = "contract"
        PRODUCT = "product"
        PAYEE = "payee"
        DEPARTMENT = "department"
        MONTH = "month"
        SINCE = "since"
        EARNINGS = "earnings"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.BigIntegerField(null=True)
    from_on = models.DateField(null=True)

    all_rows = models.Manager()

    class Meta:
        db_table = "compensation_stale"
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.from_on}"


class ClientStart(models.Model):
    """How a client began, for the rules of newness: the date of its first payment and its first won deal."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="+")
    first_paid_on = models.DateField()
    first_deal = models.ForeignKey(Deal, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"


class WholeCompanyQuerySet(ScopedQuerySet[Any]):
    """Rows that belong to nobody: only those who see all commissions see them."""

    scope = "commissions"

    def reach_team(self, viewer: Viewer) -> Q:
        """None."""
        return Q(pk__isnull=True)

    def reach_own(self, viewer: Viewer) -> Q:
        """None."""
        return Q(pk__isnull=True)


class UncreditedPayment(ScopedModel):
    """A payment that nobody can be credited for; it blocks closing until the cause is mended or a reason is given."""

    class Reason(models.TextChoices):
        NO_HOLDER = "no_holder", _("nobody held the client on that date")
        NO_SCHEME = "no_scheme", _("no holder of the client had a pay scheme on that date")
        BAD_MARGIN = "bad_margin", _("the direct cost is out of all proportion to the contract: correct one of them")

    payment = models.OneToOneField(Payment, primary_key=True, on_delete=models.CASCADE, related_name="+")
    month_on = models.DateField(_("month"), db_index=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_note = models.CharField(_("why nobody is credited"), max_length=300, blank=True, default="")

    objects: Any = closed_manager(WholeCompanyQuerySet)
    all_rows = WholeCompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["month_on", "payment_id"]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.reason}"


class UncomputedEarning(ScopedModel):
    """A component that cannot be computed for a payee and month; what was posted of it stays as it was.

    A run writes the row, and takes it away when it computes the line again; until then it blocks approval, unless a reason
    is given. `problem` is the code of the engine's issue, `detail` the field and the value that it names.
    """

    payee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    month_on = models.DateField(_("month"), db_index=True)
    problem = models.CharField(_("problem"), max_length=40)
    detail = models.CharField(_("detail"), max_length=200, blank=True, default="")
    found_at = models.DateTimeField(_("found"))
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_note = models.CharField(_("why it is accepted"), max_length=300, blank=True, default="")

    objects: Any = closed_manager(WholeCompanyQuerySet)
    all_rows = WholeCompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["month_on", "payee_id", "component_id"]
        constraints = [models.UniqueConstraint(fields=["payee", "component", "month_on"], name="uncomputed_earning_once")]

    def __str__(self) -> str:
        return f"{self.payee_id} {self.component_id} {self.month_on} {self.problem}"


class PoolWeight(models.Model):
    """A member's part of the department's pool in a month, set by its head; the parts of a department add up to 1."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    month_on = models.DateField()
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    weight = RateField()

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            models.UniqueConstraint(fields=["department", "month_on", "employee"], name="pool_weight_once"),
            models.CheckConstraint(condition=Q(weight__range=(0, 1)), name="pool_weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.month_on} {self.employee} {self.weight}"
