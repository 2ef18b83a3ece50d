"""Products, stages, deals and the way each deal has gone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from pipeline.clients.models import Company
from salesys.db.arrays import one_of
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField, RateField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class ProductQuerySet(ScopedQuerySet["Product"]):
    scope = "products"


class Product(ScopedModel):
    """What is sold. `cost_rate` is the direct cost as a share of the price, where a contract does not say it."""

    name = models.CharField(_("product"), max_length=160, unique=True)
    category = models.CharField(_("category"), max_length=80, blank=True, default="")
    list_price = MoneyField(_("list price"))
    cost_rate = RateField(_("cost rate"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects: Any = closed_manager(ProductQuerySet)
    all_rows = ProductQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(list_price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=Q(cost_rate__gte=0), name="product_cost_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class StageQuerySet(ScopedQuerySet["Stage"]):
    scope = "products"


FIRST_STAGES = (
    gettext_noop("Warm contact"),
    gettext_noop("Meeting"),
    gettext_noop("Proposal"),
    gettext_noop("Contract"),
    gettext_noop("Won"),
    gettext_noop("Lost"),
)
"""Names that every installation starts with (`0003_stages`); read in the reader's language until a company renames them."""


def stage_label(name: str) -> str:
    """A stage's name in the reader's language."""
    return gettext(name) if name in FIRST_STAGES else name


class Stage(ScopedModel):
    """A step of the funnel, in order. `probability` weighs open deals until there is a measured win rate."""

    class Kind(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(_("stage"), max_length=60)
    position = models.PositiveSmallIntegerField(unique=True)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.OPEN)
    probability = RateField(default=0)

    objects: Any = closed_manager(StageQuerySet)
    all_rows = StageQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=Q(probability__range=(0, 1)), name="stage_probability_is_a_share")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return stage_label(self.name)


class DealQuerySet(ScopedQuerySet["Deal"]):
    scope = "deals"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Deals with companies of the head's direction, and those of the head's people."""
        return Q(seller_id__in=viewer.team_ids) | Q(company__direction_id__in=viewer.direction_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's deals, and those with companies that the viewer holds."""
        return Q(seller_id=viewer.own_id) | one_of("company_id", Company.objects.visible_to(viewer).order_by().values("pk"))

    def reach_warmed(self, viewer: Viewer) -> Q:
        """Deals that came of the viewer's calls."""
        return Q(warmed_by_id=viewer.own_id)


class Deal(ScopedModel):
    """An opportunity with a company. `amount` is what is expected without VAT; money is in contracts and payments.

    An open deal may still lack its company (real bases have such); a won one may not.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    title = models.CharField(_("deal"), max_length=300)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.PROTECT, related_name="deals")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="deals")
    seller = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="deals")
    warmed_by = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="warmed_deals")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deals")
    status = models.CharField(max_length=4, choices=Status, default=Status.OPEN)
    amount = MoneyField(_("amount"), default=0)
    opened_on = models.DateField(_("opened"))
    expected_on = models.DateField(_("expected to close"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    lost_reason = models.CharField(_("reason lost"), max_length=200, blank=True, default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = closed_manager(DealQuerySet)
    all_rows = DealQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-opened_on", "-pk"]
        indexes = [
            models.Index(fields=["seller", "status", "stage"], name="deal_board"),
            models.Index(fields=["stage", "next_step_on", "id"], name="deal_open", condition=Q(status="open")),
            models.Index(fields=["status", "closed_on"], name="deal_closed"),
            models.Index(fields=["-opened_on", "-id"], name="deal_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="deal_amount_not_negative"),
            models.CheckConstraint(condition=~Q(status="won") | Q(company__isnull=False), name="deal_won_has_a_company"),
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True) | Q(status__in=["won", "lost"], closed_on__isnull=False),
                name="deal_closed_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StageChange(models.Model):
    """One step of a deal; the first has no stage before it. Seen wherever the deal is seen."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+")
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["deal", "on", "pk"]
        indexes = [models.Index(fields=["to_stage", "on"], name="stage_change_by_stage")]

    def __str__(self) -> str:
        return f"{self.deal_id} -> {self.to_stage_id} {self.on}"
