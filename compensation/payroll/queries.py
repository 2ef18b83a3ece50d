"""Pay periods with their sums, and the runs that filled them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from compensation.ledger.commissions import JOB
from compensation.ledger.models import PayPeriod, UncreditedPayment
from compensation.statements.models import Statement
from salesys.db.runs import Run
from salesys.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """A period with what was posted in it: payees, lines, sum, and the part that belongs to earlier months."""

    period: PayPeriod
    payees: int = 0
    lines: int = 0
    amount: Decimal = ZERO
    adjustments: Decimal = ZERO
    uncredited: int = 0


def with_totals(periods: Iterable[PayPeriod]) -> list[PeriodTotals]:
    """Sums of each period, in the order given; 2 SQL statements."""
    chosen = list(periods)
    months = [period.month_on for period in chosen]
    sums = {
        row["period_on"]: row
        for row in Statement.all_rows.filter(period_on__in=months)
        .order_by()
        .values("period_on")
        .annotate(payees=Count("id"), lines=Sum("line_count"), total=Sum("amount"), earlier=Sum("adjustment_amount"))
    }
    uncredited = dict(
        UncreditedPayment.all_rows.filter(month_on__in=months, accepted_by__isnull=True)
        .order_by()
        .values_list("month_on")
        .annotate(count=Count("pk"))
    )
    return [_totals(period, sums.get(period.month_on), uncredited.get(period.month_on, 0)) for period in chosen]


def _totals(period: PayPeriod, row: Any, uncredited: int) -> PeriodTotals:
    if row is None:
        return PeriodTotals(period, uncredited=uncredited)
    return PeriodTotals(period, row["payees"], row["lines"], row["total"], row["earlier"], uncredited)


def commission_runs(viewer: object) -> QuerySet[Run]:
    """The commission runs that the viewer may see, the newest first."""
    rows: QuerySet[Run] = Run.objects.visible_to(viewer).filter(job=JOB)
    return rows.select_related("started_by")


def visible_runs(viewer: object) -> QuerySet[Run]:
    """Every batch run that the viewer may see, the newest first."""
    rows: QuerySet[Run] = Run.objects.visible_to(viewer)
    return rows.select_related("started_by")
