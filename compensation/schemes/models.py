"""Schemes of pay: versions that hold from a date on, their components, and who is paid by which."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Department
from compensation.engine import terms
from pipeline.deals.models import Product
from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.effective import EffectiveDated, no_overlap
from salesys.db.fields import MoneyField, RateField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class SchemeQuerySet(ScopedQuerySet["Scheme"]):
    scope = "schemes"

    def reach_own(self, viewer: Viewer) -> Q:
        """The schemes by which the viewer is paid, in person or by role, and has been."""
        by_name = SchemeAssignment.all_rows.filter(employee_id=viewer.own_id)
        by_role = SchemeAssignment.all_rows.filter(role=viewer.role, valid__contains=clock.today())
        return Q(pk__in=by_name.values("scheme_id")) | Q(pk__in=by_role.values("scheme_id"))


class Scheme(ScopedModel):
    """A way of paying people, by name; what it promises is in its versions."""

    name = models.CharField(_("scheme"), max_length=120, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True, default="")

    objects: Any = closed_manager(SchemeQuerySet)
    all_rows = SchemeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="scheme_has_a_name")]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(EffectiveDated, models.Model):
    """What a scheme promises on the dates in `valid`. Only the end of an open version is ever changed."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    new_until = models.CharField(_("a client is new until"), max_length=12, default="first_deal")
    note = models.CharField(_("reason of the change"), max_length=300, blank=True, default="")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["scheme", "valid"]
        constraints = [
            no_overlap("scheme", name="scheme_one_version_at_a_time"),
            models.CheckConstraint(
                condition=Q(new_until__regex=r"^(first_deal|first_month|days:[1-9][0-9]{0,3})$"), name="scheme_new_until_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.valid}"


def _known(choices: type[StrEnum]) -> list[str]:
    """What the engine can read, and nothing where the kind needs none."""
    return ["", *(choice.value for choice in choices)]


class Component(models.Model):
    """One component of a version. Which columns count follows from `kind`; the database holds the two together."""

    class Kind(models.TextChoices):
        SALARY = "salary", _("salary")
        RATE = "rate", _("rate")
        PLAN_BONUS = "plan_bonus", _("plan bonus")
        TEAM_POOL = "team_pool", _("team pool")

    class CreditRole(models.TextChoices):
        HUNTER = "hunter", _("hunter")
        ACCOUNT_MANAGER = "account_manager", _("account manager")
        TELESALES = "telesales", _("telesales")
        VIP = "vip", _("VIP manager")

    class Basis(models.TextChoices):
        REVENUE = "revenue", _("revenue")
        MARGIN = "margin", _("margin")

    class Newness(models.TextChoices):
        ANY = "any", _("all payments")
        NEW = "new", _("payments of new clients")
        RESIDUAL = "residual", _("payments of earlier clients")

    class TierOn(models.TextChoices):
        AMOUNT = "amount", _("credited amount of the month")
        ATTAINMENT = "attainment", _("plan attainment")

    class TierMode(models.TextChoices):
        MARGINAL = "marginal", _("each part at its own rate")
        WHOLE = "whole", _("the whole at the rate reached")

    class StepUnit(models.TextChoices):
        SUM = "sum", _("fixed sum")
        SALARY_SHARE = "salary_share", _("share of the salary")

    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="components")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    salary_amount = MoneyField(_("monthly amount"), null=True, blank=True)
    credit_role = models.CharField(_("credited as"), max_length=16, choices=CreditRole, blank=True, default="")
    basis = models.CharField(_("rate of"), max_length=7, choices=Basis, blank=True, default="")
    newness = models.CharField(_("counts"), max_length=8, choices=Newness, blank=True, default="")
    rate = RateField(_("rate"), null=True, blank=True)
    tier_on = models.CharField(_("tiers on"), max_length=10, choices=TierOn, blank=True, default="")
    tier_mode = models.CharField(_("tiers apply to"), max_length=8, choices=TierMode, blank=True, default="")
    floor_amount = MoneyField(_("at least"), null=True, blank=True)
    cap_amount = MoneyField(_("at most"), null=True, blank=True)
    step_unit = models.CharField(_("a step pays"), max_length=12, choices=StepUnit, blank=True, default="")
    breakeven_amount = MoneyField(_("breakeven"), null=True, blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(_("category of products"), max_length=80, blank=True, default="")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="component_position_once"),
            models.UniqueConstraint(fields=["version", "code"], name="component_code_once"),
            models.CheckConstraint(
                condition=Q(kind="salary", salary_amount__gte=0)
                | Q(kind="rate", rate__range=(0, 1), credit_role__gt="", basis__gt="", newness__gt="")
                | Q(kind="plan_bonus", step_unit__gt="")
                | Q(kind="team_pool", rate__range=(0, 1), breakeven_amount__gte=0),
                name="component_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(floor_amount__isnull=True) | Q(cap_amount__isnull=True) | Q(floor_amount__lte=F("cap_amount")),
                name="component_floor_within_cap",
            ),
            models.CheckConstraint(
                condition=Q(credit_role__in=_known(terms.CreditRole))
                & Q(basis__in=_known(terms.Basis))
                & Q(newness__in=_known(terms.Newness))
                & Q(tier_on__in=_known(terms.TierOn))
                & Q(tier_mode__in=_known(terms.TierMode))
                & Q(step_unit__in=_known(terms.StepUnit)),
                name="component_choices_are_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_summed(self) -> bool:
        """Whether credits under it only count towards the sum of a month, rather than being paid one by one."""
        is_bounded = self.floor_amount is not None or self.cap_amount is not None
        return self.kind == self.Kind.TEAM_POOL or bool(self.tier_on) or is_bounded


class Tier(models.Model):
    """A tier of a rate or a step of a bonus: `[lower, upper)` and what holds there."""

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    lower = models.DecimalField(max_digits=18, decimal_places=6)
    upper = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=6)

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["component", "position"]
        constraints = [
            models.UniqueConstraint(fields=["component", "position"], name="tier_position_once"),
            models.CheckConstraint(condition=Q(upper__isnull=True) | Q(upper__gt=F("lower")), name="tier_is_not_empty"),
            models.CheckConstraint(condition=Q(lower__gte=0, value__gte=0), name="tier_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"[{self.lower}, {self.upper}) {self.value}"


class SchemeAssignment(EffectiveDated, models.Model):
    """Who is paid by a scheme on the dates in `valid`: a person, or everyone of a role who has no scheme in person."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="assignments")
    employee = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="scheme_assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True, default="")

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["scheme", "valid"]
        constraints = [
            models.CheckConstraint(
                condition=Q(employee__isnull=False, role="") | Q(employee__isnull=True, role__in=Role.values),
                name="scheme_assignment_is_to_a_person_or_a_role",
            ),
            no_overlap("employee", name="scheme_assignment_one_per_person", condition=Q(employee__isnull=False)),
            ExclusionConstraint(
                name="scheme_assignment_one_per_role",
                expressions=[
                    (
                        # Text has no GiST operators in core: the role's letters become a range of one number
                        Func(
                            Func(F("role"), function="hashtext", output_field=models.IntegerField()),
                            Func(F("role"), function="hashtext", output_field=models.IntegerField()),
                            Value("[]"),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(employee__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee or self.role} {self.scheme} {self.valid}"
