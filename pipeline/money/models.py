"""Contracts and payments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

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
from salesys.kernel.money import convert

MoneyRow = TypeVar("MoneyRow", bound=models.Model)


class MoneyQuerySet(ScopedQuerySet[MoneyRow]):
    """Contracts and payments: seen with the client, by those whom the table lets see money."""

    scope = "payments"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Of companies of the head's direction, and of those that the head's people hold."""
        return Q(company__in=Company.objects.visible_to(viewer))

    def reach_own(self, viewer: Viewer) -> Q:
        """Of companies that the viewer sees."""
        return Q(company__in=Company.objects.visible_to(viewer))


class ContractQuerySet(MoneyQuerySet["Contract"]):
    """Contracts."""


class Contract(ScopedModel):
    """What a won deal became. `amount` is without VAT, in the company's currency; `direct_cost` wins over the product's rate.

    `paid_amount` is the sum of the contract's payments without VAT; the database keeps it (`0004_money`), whatever way they come.
    """

    number = models.CharField(_("number"), max_length=60, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    deal = models.OneToOneField(Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="contract")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    seller = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    signed_on = models.DateField(_("signed"))
    due_on = models.DateField(_("payment due"), null=True, blank=True)
    amount = MoneyField(_("amount without VAT"))
    paid_amount = MoneyField(_("paid without VAT"), default=Decimal(0), db_default=Decimal(0), editable=False)
    direct_cost = MoneyField(_("direct cost"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(ContractQuerySet)
    all_rows = ContractQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-signed_on", "-pk"]
        indexes = [
            models.Index(fields=["-signed_on", "-id"], name="contract_newest"),
            models.Index(fields=["due_on", "id"], name="contract_unpaid", condition=Q(amount__gt=F("paid_amount"))),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(direct_cost__isnull=True) | Q(direct_cost__gte=0), name="contract_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def balance(self) -> Decimal:
        """What is still to be paid, without VAT; negative when the client has paid more."""
        left: Decimal = self.amount - self.paid_amount
        return left

    @property
    def margin(self) -> Decimal | None:
        """What the price leaves above the direct cost, without VAT; None where the cost goes by the product's rate."""
        return None if self.direct_cost is None else self.amount - self.direct_cost

    def is_overdue(self, on: date) -> bool:
        """Whether money was due before `on` and has not come whole."""
        return self.balance > 0 and self.due_on is not None and self.due_on < on


class ContractCounter(models.Model):
    """The last contract number of a year; its row is what two people who sign at once wait for."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class PaymentQuerySet(MoneyQuerySet["Payment"]):
    """Payments: beside those of the viewer's clients, those under contracts of the viewer or the viewer's people (ADR 54)."""

    def reach_direction(self, viewer: Viewer) -> Q:
        """Of companies that the head sees, and under contracts of the head's people, whoever holds the client now."""
        return self._seen_or_signed(super().reach_direction(viewer), viewer.team_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """Of companies that the viewer sees, and under contracts whose seller the viewer is, whoever holds the client now."""
        return self._seen_or_signed(super().reach_own(viewer), (viewer.own_id,))

    def _seen_or_signed(self, seen_companies: Q, sellers: Collection[int]) -> Q:
        seen = Contract.all_rows.filter(seen_companies).order_by()
        own = Contract.all_rows.filter(seller__in=sellers).order_by()
        # By the contracts, whose client is the payment's: few rows on either side of the union, and an index from there to
        # the payments; two conditions with OR would walk over every payment
        return Q(contract__in=seen.values("pk").union(own.values("pk")))


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
    # Its rows are found by an index of company and date, or not looked for by who entered them: each index costs every load.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payments", db_index=False)
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
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(PaymentQuerySet)
    all_rows = PaymentQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-paid_on", "-pk"]
        indexes = [
            models.Index(fields=["paid_on", "company"], name="payment_by_date"),
            models.Index(fields=["company", "paid_on"], name="payment_by_company"),
            models.Index(fields=["-paid_on", "-id"], name="payment_newest"),
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

    @property
    def is_refund(self) -> bool:
        """Whether the money went back."""
        return bool(self.amount < 0)

    @property
    def amount_in_company_currency(self) -> Decimal:
        """The amount with VAT in the company's currency."""
        return convert(self.amount, self.currency_rate)


class PaymentFileQuerySet(ScopedQuerySet["PaymentFile"]):
    """Files of payments hold everybody's money: only those who see all of it see them."""

    scope = "payments"

    def reach_direction(self, viewer: Viewer) -> Q:
        """None."""
        return Q(pk__in=[])

    def reach_own(self, viewer: Viewer) -> Q:
        """None."""
        return self.reach_direction(viewer)


class PaymentFile(ScopedModel):
    """One CSV file of payments on its way in: checked whole, then loaded in one transaction."""

    class Status(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        LOADING = "loading", _("being loaded")
        LOADED = "loaded", _("loaded")
        REFUSED = "refused", _("refused")

    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.CHECKING)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_known = models.PositiveIntegerField(_("known already"), default=0)
    rows_wrong = models.PositiveIntegerField(_("with errors"), default=0)
    total_new = MoneyField(_("sum of the new"), default=Decimal(0))
    issues = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    loaded_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(PaymentFileQuerySet)
    all_rows = PaymentFileQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether the page should ask again soon."""
        return self.status in {self.Status.CHECKING, self.Status.LOADING}
