"""What the board and the page of a deal show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from pipeline.clients.models import Company
from pipeline.deals.models import Deal, Stage, StageChange
from pipeline.deals.services import version_of
from salesys.db.scope import Viewer
from salesys.db.search import name_contains
from salesys.kernel.money import ZERO, round_money

PER_LANE = 40
PER_STAGE = 200
"""As many are shown where one stage alone is asked for."""
OPEN_ORDER = (F("next_step_on").asc(nulls_last=True), F("pk").asc())
CLOSED_ORDER = (F("closed_on").desc(), F("next_step_on").asc(nulls_last=True), F("pk").asc())


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed by; None and empty mean not at all.

    `since` and `until`, both included, narrow closed deals only.
    """

    text: str = ""
    sellers: frozenset[int] | None = None
    direction_id: int | None = None
    stage: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board."""

    pk: int
    title: str
    company: str
    seller: str
    amount: Decimal
    next_step: str
    next_step_on: date | None
    opened_on: date
    closed_on: date | None
    version: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage: all its deals are counted and summed, the first are shown: `PER_LANE`, of a stage alone `PER_STAGE`."""

    code: str
    name: str
    count: int
    amount: Decimal
    weighted: Decimal
    cards: tuple[Card, ...]
    is_first: bool = False
    is_last: bool = False
    is_closed: bool = False

    @property
    def hidden(self) -> int:
        """Deals that are counted and not shown."""
        return self.count - len(self.cards)


def board(viewer: Viewer, wanted: BoardFilter) -> list[Lane]:
    """Deals by stage; 3 SQL statements.

    Open ones by the date of their next step, those without one last. A stage of won or lost deals is shown when it is asked
    for, alone, what was closed last first.
    """
    found = list(Stage.objects.visible_to(viewer).order_by("position"))
    stages = [stage for stage in found if stage.kind == Stage.Kind.OPEN]
    shown = [stage for stage in found if stage.code == wanted.stage] or stages
    kind = shown[0].kind if shown else Stage.Kind.OPEN
    rows = _asked_for(viewer, wanted, kind).filter(stage__in=shown)
    totals = {row["stage_id"]: row for row in rows.values("stage_id").annotate(count=Count("pk"), total=Sum("amount")).order_by()}
    most, order = PER_LANE if len(shown) > 1 else PER_STAGE, OPEN_ORDER if kind == Stage.Kind.OPEN else CLOSED_ORDER
    cards: dict[int, list[Card]] = {}
    for deal in _first_of_each(rows, [stage.pk for stage in shown if stage.pk in totals], most, order):
        cards.setdefault(deal.stage_id, []).append(_card(deal))
    ends = (stages[0].pk, stages[-1].pk) if stages else ()
    return [_lane(stage, totals.get(stage.pk, {}), cards.get(stage.pk, []), ends) for stage in shown]


def _first_of_each(rows: Any, stage_ids: list[int], most: int, order: Sequence[Any]) -> list[Deal]:
    """The first `most` of each stage, each lane in its order: a walk along the index of each, however many there are."""
    slices = [rows.filter(stage_id=pk).order_by(*order).select_related("company", "seller")[:most] for pk in stage_ids]
    found = slices[0].union(*slices[1:], all=True) if slices else ()
    return sorted(found, key=lambda deal: (date.max - (deal.closed_on or date.max), deal.next_step_on or date.max, deal.pk))


def _asked_for(viewer: Viewer, wanted: BoardFilter, status: str) -> Any:
    """Deals of one status that the viewer sees, narrowed."""
    rows = Deal.objects.visible_to(viewer).filter(status=status)
    if status != Deal.Status.OPEN:
        days = {"closed_on__gte": wanted.since, "closed_on__lte": wanted.until}
        rows = rows.filter(**{lookup: day for lookup, day in days.items() if day is not None})
    if wanted.sellers is not None:
        rows = rows.filter(seller_id__in=wanted.sellers)
    if wanted.direction_id:
        rows = rows.filter(company__direction_id=wanted.direction_id)
    if wanted.text:
        named = Company.all_rows.filter(name_contains(wanted.text))
        rows = rows.filter(Q(company__in=named) | Q(title__icontains=wanted.text))
    return rows


def _card(deal: Deal) -> Card:
    return Card(
        deal.pk,
        deal.title,
        deal.company.name if deal.company and deal.company.name not in deal.title else "",
        deal.seller.full_name,
        deal.amount,
        deal.next_step,
        deal.next_step_on,
        deal.opened_on,
        deal.closed_on,
        version_of(deal),
    )


def _lane(stage: Stage, total: dict[str, Any], cards: list[Card], ends: tuple[int, ...]) -> Lane:
    amount = total.get("total") or ZERO
    return Lane(
        stage.code,
        stage.label,
        total.get("count", 0),
        amount,
        round_money(amount * stage.probability),
        tuple(cards),
        is_first=bool(ends) and stage.pk == ends[0],
        is_last=bool(ends) and stage.pk == ends[-1],
        is_closed=stage.kind != Stage.Kind.OPEN,
    )


def history_of(deal: Deal) -> list[StageChange]:
    """The steps of a deal, newest first; 1 SQL statement. The deal was read through the scope by the caller."""
    rows = StageChange.all_rows.filter(deal=deal).select_related("to_stage", "from_stage", "by__employee")
    return list(rows.order_by("-pk"))
