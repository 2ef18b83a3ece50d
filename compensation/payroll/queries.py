"""Pay periods with their sums, and the runs that filled them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from compensation.ledger.credits import JOB
from compensation.ledger.models import PayPeriod, UncomputedEarning, UncreditedPayment
from compensation.schemes.wording import problem_text
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
    uncomputed: int = 0


def with_totals(periods: Iterable[PayPeriod]) -> list[PeriodTotals]:
    """Sums of each period, in the order given; 3 SQL statements."""
    chosen = list(periods)
    months = [period.month_on for period in chosen]
    sums = {
        row["period_on"]: row
        for row in Statement.all_rows.filter(period_on__in=months)
        .order_by()
        .values("period_on")
        .annotate(payees=Count("id"), lines=Sum("line_count"), total=Sum("amount"), earlier=Sum("adjustment_amount"))
    }
    uncredited, uncomputed = _open_issues(UncreditedPayment, months), _open_issues(UncomputedEarning, months)
    return [
        _totals(
            period,
            sums.get(period.month_on),
            uncredited=uncredited.get(period.month_on, 0),
            uncomputed=uncomputed.get(period.month_on, 0),
        )
        for period in chosen
    ]


def _open_issues(model: type[UncreditedPayment | UncomputedEarning], months: list[date]) -> dict[date, int]:
    """Month -> rows that nobody has accepted."""
    rows = model.all_rows.filter(month_on__in=months, accepted_by__isnull=True)
    return dict(rows.order_by().values_list("month_on").annotate(count=Count("pk")))


def _totals(period: PayPeriod, row: Any, *, uncredited: int, uncomputed: int) -> PeriodTotals:
    if row is None:
        return PeriodTotals(period, uncredited=uncredited, uncomputed=uncomputed)
    return PeriodTotals(period, row["payees"], row["lines"], row["total"], row["earlier"], uncredited, uncomputed)


@dataclass(frozen=True, slots=True)
class UncomputedRow:
    """A component that a run could not compute for somebody, with the problem in words."""

    row: UncomputedEarning
    problem: str


def uncomputed_rows(viewer: object, *, until: date, limit: int = 100) -> list[UncomputedRow]:
    """What could not be computed for months up to the date, what nobody has accepted first; 1 SQL statement."""
    rows = UncomputedEarning.objects.visible_to(viewer).filter(month_on__lte=until)
    found = rows.select_related("payee", "component__version__scheme", "accepted_by__employee").order_by(
        F("accepted_by").asc(nulls_first=True), "month_on", "payee_id", "component_id"
    )
    return [UncomputedRow(row, problem_text(row.problem)) for row in found[:limit]]


def has_uncomputed(viewer: object) -> bool:
    """Whether a run could not compute something that nobody has accepted; 1 SQL statement."""
    return bool(UncomputedEarning.objects.visible_to(viewer).filter(accepted_by__isnull=True).exists())


def commission_runs(viewer: object) -> QuerySet[Run]:
    """The commission runs that the viewer may see, the newest first."""
    rows: QuerySet[Run] = Run.objects.visible_to(viewer).filter(job=JOB)
    return rows.select_related("started_by__employee")


def visible_runs(viewer: object) -> QuerySet[Run]:
    """Every batch run that the viewer may see, the newest first."""
    rows: QuerySet[Run] = Run.objects.visible_to(viewer)
    return rows.select_related("started_by__employee")
