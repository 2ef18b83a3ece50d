"""Parts of agreed plans with what they have collected, as the list of plans shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from django.db.models import QuerySet, Sum

from planning.bulk import select, statement
from planning.goals.models import PlanAmount, PlanNode
from salesys.kernel.money import ZERO

SQL = Path(__file__).parent / "sql"
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a plan: the goal of its year, and what was collected of it so far, without VAT."""

    node: PlanNode
    goal: Decimal
    collected: Decimal


@dataclass(frozen=True, slots=True)
class PartYear:
    """The parts of one year's plan."""

    year: int
    rows: tuple[PartRow, ...]


def parts_by_year(nodes: QuerySet[PlanNode]) -> tuple[PartYear, ...]:
    """Parts with their year's goal and collections: the newest year first, upper levels first in it, then the largest goal.

    At most 200 parts; 3 SQL statements.
    """
    found = list(nodes.select_related("plan", "direction", "employee").order_by("-plan__year", "level", "pk")[:MOST_PARTS])
    ids = [node.pk for node in found]
    goals = dict(PlanAmount.all_rows.filter(node__in=ids).order_by().values_list("node").annotate(Sum("amount")))
    collected = collected_by_part(ids)
    rows = [PartRow(node, goals.get(node.pk, ZERO), collected.get(node.pk, ZERO)) for node in found]
    rows.sort(key=lambda row: (-row.node.plan.year, row.node.level, -row.goal, row.node.title))
    return tuple(PartYear(year, tuple(group)) for year, group in groupby(rows, key=lambda row: row.node.plan.year))


def collected_by_part(nodes: Iterable[int]) -> dict[int, Decimal]:
    """Payments without VAT of the plan's year by part; 1 SQL statement. Parts without any are missing."""
    return dict(select(statement(SQL / "collected_by_part.sql"), {"nodes": list(nodes)}))
