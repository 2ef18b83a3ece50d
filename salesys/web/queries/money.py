"""Payments, receivables and commissions, as far as the viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Max, Q, Sum

from compensation.models import Component, EarningLine, Measure, PayPeriod, UncreditedPayment
from pipeline.models import Company, Contract, Payment
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month
from salesys.web.links import address


@dataclass(frozen=True, slots=True)
class Receivable:
    """A contract that is not paid whole: what is left, without VAT, and since when it is late."""

    number: str
    url: str
    company: str
    company_url: str
    balance: Decimal
    due_on: date | None
    is_late: bool


def receivables(viewer: Viewer, today: date, *, limit: int = 8) -> list[Receivable]:
    """Unpaid contracts of the clients that the viewer sees, the longest due first; 1 SQL statement."""
    rows = (
        Contract.objects.visible_to(viewer)
        .filter(amount__gt=F("paid_amount"))
        .select_related("company")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:limit]
    )
    return [
        Receivable(
            row.number,
            address("pipeline:contract", row.pk),
            row.company.name,
            address("pipeline:company", row.company_id),
            row.balance,
            row.due_on,
            row.is_overdue(today),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ReceivableSum:
    """All that is unpaid, and the part of it that is late; without VAT."""

    total: Decimal
    late: Decimal
    late_count: int


def receivable_sum(viewer: Viewer, today: date) -> ReceivableSum:
    """What the viewer's clients owe; 1 SQL statement."""
    rows = Contract.objects.visible_to(viewer).filter(amount__gt=F("paid_amount"))
    left = F("amount") - F("paid_amount")
    sums = rows.aggregate(
        total=Sum(left), late=Sum(left, filter=Q(due_on__lt=today)), late_count=Count("pk", filter=Q(due_on__lt=today))
    )
    return ReceivableSum(sums["total"] or ZERO, sums["late"] or ZERO, sums["late_count"])


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment that came in, without VAT in the company's currency."""

    url: str
    company: str
    paid_on: date
    amount: Decimal
    note: str = ""


def latest_payments(viewer: Viewer, *, limit: int = 6) -> list[PaymentLine]:
    """The newest payments of the viewer's clients; 1 SQL statement."""
    rows = Payment.objects.visible_to(viewer).select_related("company").order_by("-paid_on", "-pk")[:limit]
    return [
        PaymentLine(address("pipeline:payment", row.pk), row.company.name, row.paid_on, row.amount_without_vat) for row in rows
    ]


def collected_by_day(viewer: Viewer, today: date, *, days: int = 30) -> dict[date, Decimal]:
    """Payments without VAT by day since `days` ago; 1 SQL statement."""
    rows = Payment.objects.visible_to(viewer).filter(paid_on__gt=today - timedelta(days=days), paid_on__lte=today)
    return {row["paid_on"]: row["total"] for row in rows.values("paid_on").annotate(total=Sum("amount_without_vat")).order_by()}


@dataclass(frozen=True, slots=True)
class Uncredited:
    """Payments that nobody can be credited for: how many, how much, and the newest of them."""

    count: int
    total: Decimal
    lines: tuple[PaymentLine, ...]


def uncredited(viewer: Viewer, *, limit: int = 6) -> Uncredited:
    """Payments that block the closing of their month; 2 SQL statements."""
    rows = UncreditedPayment.objects.visible_to(viewer).filter(accepted_by__isnull=True)
    sums = rows.aggregate(count=Count("pk"), total=Sum("payment__amount_without_vat"))
    found = rows.select_related("payment__company").order_by("-month_on", "pk")[:limit]
    lines = tuple(
        PaymentLine(
            address("pipeline:payment", row.payment_id),
            row.payment.company.name,
            row.payment.paid_on,
            row.payment.amount_without_vat,
            str(row.get_reason_display()),
        )
        for row in found
    )
    return Uncredited(sums["count"], sums["total"] or ZERO, lines)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A month of pay and where it stands."""

    month_on: date
    status: str
    label: str
    url: str


def periods(viewer: Viewer, *, limit: int = 4) -> list[PeriodLine]:
    """The newest pay periods; 1 SQL statement."""
    rows = PayPeriod.objects.visible_to(viewer).order_by("-month_on")[:limit]
    return [
        PeriodLine(row.month_on, row.status, str(row.get_status_display()), address("compensation:period", row.pk))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PayPart:
    """What one component of the viewer's scheme has brought in a month."""

    name: str
    kind: str
    amount: Decimal


def own_pay(viewer: Viewer, month: Month) -> list[PayPart]:
    """What the viewer has earned so far in a month, by component, the largest first; 2 SQL statements."""
    mine = {"payee_id": viewer.own_id, "period_on": month.first}
    amounts: dict[tuple[str, str], Decimal] = {}
    for rows in (Measure.objects.visible_to(viewer), EarningLine.objects.visible_to(viewer)):
        sums = rows.filter(**mine).values("component__name", "component__kind").annotate(total=Sum("amount")).order_by()
        for row in sums:
            key = (row["component__name"], row["component__kind"])
            amounts[key] = amounts.get(key, ZERO) + row["total"]
    parts = [PayPart(name, kind, amount) for (name, kind), amount in amounts.items() if amount]
    return sorted(parts, key=lambda part: (part.kind != Component.Kind.SALARY, -part.amount, part.name))


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client and when it last paid."""

    name: str
    url: str
    last_paid_on: date | None
    total: Decimal


def quiet_clients(viewer: Viewer, today: date, *, limit: int = 8) -> list[ClientLine]:
    """Clients of the viewer that paid within a year but not within sixty days, the largest first; 1 SQL statement."""
    year = Q(paid_on__gt=today - timedelta(days=365))
    rows = (
        Payment.objects.visible_to(viewer)
        .filter(year, company__in=Company.objects.visible_to(viewer))
        .values("company_id", "company__name")
        .annotate(last=Max("paid_on"), total=Sum("amount_without_vat"))
        .filter(last__lt=today - timedelta(days=60), total__gt=0)
        .order_by("-total", "company_id")[:limit]
    )
    return [
        ClientLine(row["company__name"], address("pipeline:company", row["company_id"]), row["last"], row["total"])
        for row in rows
    ]
