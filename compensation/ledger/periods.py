"""Which months the ledger has, and into which of them a line may be posted."""

from __future__ import annotations

from datetime import date

from django.db.models import Min
from django.db.models.functions import TruncMonth

from compensation.ledger.models import PayPeriod
from pipeline.money.models import Payment
from salesys.kernel.periods import Month

WRITABLE = (PayPeriod.Status.OPEN, PayPeriod.Status.CALCULATED)


def ensure_periods(as_of: date) -> Month:
    """Open every month from the ledger's first to that of `as_of`; returns the first.

    The ledger begins with the first payment. An older payment that comes later moves its beginning back only while no
    period has ever been approved; afterwards older payments are adjustments of the open period, also when an approval has
    been taken back. 3 SQL statements.
    """
    last = Month.of(as_of)
    first = _first_month(last)
    months = [first.plus(offset).first for offset in range(first.until(last) + 1)]
    PayPeriod.all_rows.bulk_create([PayPeriod(month_on=month_on) for month_on in months], ignore_conflicts=True)
    return first


def _first_month(last: Month) -> Month:
    begun = ledger_begin()
    earliest = min(last, oldest_paid_month() or last)
    if begun is None:
        return earliest
    is_settled = PayPeriod.all_rows.exclude(status__in=WRITABLE, approved_at__isnull=True).exists()
    return begun if is_settled else min(begun, earliest)


def oldest_paid_month() -> Month | None:
    """The month of the oldest payment, which may be before the ledger begins; None without any. 1 SQL statement."""
    first_paid_on = Payment.all_rows.aggregate(first=Min("paid_on"))["first"]
    return Month.of(first_paid_on) if first_paid_on else None


def early_months(first: Month) -> list[Month]:
    """Months before the ledger's first in which anybody has paid, oldest first; 1 SQL statement, 2 when there are any."""
    oldest = oldest_paid_month()
    if oldest is None or oldest >= first:
        return []
    paid = Payment.all_rows.filter(paid_on__lt=first.first).annotate(month_on=TruncMonth("paid_on")).order_by("month_on")
    return [Month.of(month_on) for month_on in paid.values_list("month_on", flat=True).distinct()]


def ledger_begin() -> Month | None:
    """The first month with a period; older payments are adjustments. None before the first run. 1 SQL statement."""
    begun = PayPeriod.all_rows.order_by("month_on").first()
    return begun.month if begun else None


def posting_period(origin: Month) -> Month:
    """The month in which lines of `origin` are posted: itself while it is writable, else the next one that is.

    Locks the period, so that it cannot be approved while lines are being written; call it in a transaction.
    """
    writable = PayPeriod.all_rows.select_for_update().filter(month_on__gte=origin.first, status__in=WRITABLE)
    target = writable.order_by("month_on").first()
    if target is not None:
        return target.month
    latest = PayPeriod.all_rows.order_by("-month_on").first()
    following = max(latest.month.plus(1), origin) if latest else origin
    return PayPeriod.all_rows.create(month_on=following.first).month
