"""Contracts and payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from pipeline.clients.models import Company
from pipeline.deals.models import Deal, Product
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField, RateField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class MoneyQuerySet(ScopedQuerySet[models.Model]):
    """Contracts and payments: seen with the client, by those whom the table lets see money."""

    scope = "payments"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Of companies of the head's direction, and of those that the head's people hold."""
        return Q(company__in=Company.objects.visible_to(viewer))

    def reach_own(self, viewer: Viewer) -> Q:
        """Of companies that the viewer sees."""
        return Q(company__in=Company.objects.visible_to(viewer))


class Contract(ScopedModel):
    """What a won deal became. `amount` is without VAT, in the company's currency; `direct_cost` wins over the product's rate."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    deal = models.OneToOneField(Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="contract")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    seller = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    signed_on = models.DateField(_("signed"))
    due_on = models.DateField(_("payment due"), null=True, blank=True)
    amount = MoneyField(_("amount without VAT"))
    direct_cost = MoneyField(_("direct cost"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(MoneyQuerySet)
    all_rows = MoneyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(direct_cost__isnull=True) | Q(direct_cost__gte=0), name="contract_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Payment(ScopedModel):
    """Money that came in, or went back (negative). A payment is never changed: a correction is another payment.

    `amount` includes VAT and is in `currency`; `currency_rate` is company currency per unit; `amount_without_vat` is in the
    company's currency and is what plans and commissions are counted in.
    """

    class Source(models.TextChoices):
        FORM = "form", _("form")
        CSV = "csv", _("file")
        REST = "rest", _("integration")
        IMPORT = "import", _("import")

    reference = models.CharField(_("bank reference"), max_length=80, null=True, blank=True, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payments")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    refund_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    paid_on = models.DateField(_("paid on"))
    amount = MoneyField(_("amount with VAT"))
    currency = models.CharField(_("currency"), max_length=3)
    currency_rate = models.DecimalField(_("currency rate"), max_digits=18, decimal_places=6, default=Decimal(1))
    vat_rate = RateField(_("VAT rate"))
    amount_without_vat = MoneyField(_("amount without VAT"))
    source = models.CharField(max_length=6, choices=Source)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(MoneyQuerySet)
    all_rows = MoneyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-paid_on", "-pk"]
        indexes = [
            models.Index(fields=["paid_on", "company"], name="payment_by_date"),
            models.Index(fields=["company", "paid_on"], name="payment_by_company"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_not_zero"),
            models.CheckConstraint(condition=Q(refund_of__isnull=True) | Q(amount__lt=0), name="payment_refund_is_negative"),
            models.CheckConstraint(condition=Q(currency_rate__gt=0), name="payment_currency_rate_is_positive"),
            models.CheckConstraint(condition=Q(vat_rate__gte=0), name="payment_vat_rate_not_negative"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount_without_vat__gte=0) | Q(amount__lt=0, amount_without_vat__lte=0),
                name="payment_amounts_have_one_sign",
            ),
            models.CheckConstraint(condition=Q(refund_of__isnull=True) | ~Q(refund_of=F("pk")), name="payment_refunds_another"),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount} {self.currency}"
