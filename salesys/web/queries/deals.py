"""Open deals: how many at which stage, how much, and which of them wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from pipeline.deals.models import stage_label
from pipeline.deals.whose import own_of, whose
from pipeline.models import Deal
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO, round_money
from salesys.web.links import address


@dataclass(frozen=True, slots=True)
class StageLine:
    """Open deals at one stage: count, sum without VAT, and the sum weighed by the stage's probability."""

    code: str
    name: str
    count: int
    amount: Decimal
    weighted: Decimal


def open_by_stage(viewer: Viewer) -> list[StageLine]:
    """Open deals that are the viewer's own to sell, by stage in the order of the funnel; 1 SQL statement.

    A seller's own, a head's team's, everyone's for who answers for the company: those that the board opens with.
    """
    own = whose(viewer, own_of(viewer)).employees
    rows = (
        Deal.objects.visible_to(viewer)
        .filter(status=Deal.Status.OPEN, **({} if own is None else {"seller_id__in": own}))
        .values("stage__code", "stage__position", "stage__name", "stage__probability")
        .annotate(count=Count("pk"), total=Sum("amount"))
        .order_by("stage__position")
    )
    return [
        StageLine(
            row["stage__code"],
            stage_label(row["stage__name"]),
            row["count"],
            row["total"],
            round_money(row["total"] * row["stage__probability"]),
        )
        for row in rows
    ]


def weighted_by_seller(viewer: Viewer) -> dict[int, Decimal]:
    """Seller -> open deals weighed by their stage's probability, without VAT; 1 SQL statement."""
    rows = (
        Deal.objects.visible_to(viewer)
        .filter(status=Deal.Status.OPEN)
        .values("seller_id")
        .annotate(total=Sum(F("amount") * F("stage__probability")))
        .order_by()
    )
    return {row["seller_id"]: round_money(row["total"] or ZERO) for row in rows}


@dataclass(frozen=True, slots=True)
class DealLine:
    """One open deal and the step that it waits for."""

    title: str
    url: str
    company: str
    stage: str
    amount: Decimal
    next_step: str
    next_step_on: date | None
    is_late: bool


def deals_to_move(viewer: Viewer, today: date, *, limit: int = 8) -> list[DealLine]:
    """The viewer's own open deals by the date of their next step, those without one first; 1 SQL statement.

    A deal without a next step is the one that is forgotten, so it stands above those that are merely due.
    """
    rows = (
        Deal.objects.visible_to(viewer)
        .filter(status=Deal.Status.OPEN, seller_id=viewer.own_id)
        .select_related("company", "stage")
        .order_by(F("next_step_on").asc(nulls_first=True), "-amount", "pk")[:limit]
    )
    return [
        DealLine(
            deal.title,
            address("pipeline:deal", deal.pk),
            deal.company.name if deal.company else "",
            deal.stage.label,
            deal.amount,
            deal.next_step,
            deal.next_step_on,
            deal.next_step_on is None or deal.next_step_on < today,
        )
        for deal in rows
    ]


@dataclass(frozen=True, slots=True)
class SellerDeals:
    """A seller's deals: open ones, those that wait for a step that is late or missing, and those won this month."""

    open: int
    stuck: int
    won: int


def deals_by_seller(viewer: Viewer, today: date) -> dict[int, SellerDeals]:
    """Seller -> counts of deals; 1 SQL statement."""
    is_open = Q(status=Deal.Status.OPEN)
    is_stuck = is_open & (Q(next_step_on__isnull=True) | Q(next_step_on__lt=today))
    rows = (
        Deal.objects.visible_to(viewer)
        .filter(is_open | Q(status=Deal.Status.WON, closed_on__gte=today.replace(day=1)))
        .values("seller_id")
        .annotate(
            open=Count("pk", filter=is_open),
            stuck=Count("pk", filter=is_stuck),
            won=Count("pk", filter=Q(status=Deal.Status.WON)),
        )
        .order_by()
    )
    return {row["seller_id"]: SellerDeals(row["open"], row["stuck"], row["won"]) for row in rows}
