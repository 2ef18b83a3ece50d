"""To which part of a plan the payments of a seller count who has several parts of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from planning.goals.models import PlanAmount, PlanNode

YEAR = frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class SellerPart:
    """A seller's part of a plan with its amounts from January on."""

    employee_id: int
    name: str
    direction_id: int | None
    direction: str | None
    node_id: int
    parent_id: int | None
    amounts: Sequence[Decimal]


def seller_parts(nodes: QuerySet[PlanNode]) -> list[SellerPart]:
    """Sellers' parts with their twelve months; 1 SQL statement."""
    rows = PlanAmount.all_rows.filter(node__in=nodes, node__level=PlanNode.Level.SELLER).order_by()
    columns = (
        "node__employee",
        "node__employee__full_name",
        "node__direction",
        "node__direction__name",
        "node",
        "node__parent",
    )
    return [SellerPart(*row) for row in rows.values_list(*columns).annotate(amounts=ArrayAgg("amount", order_by="month"))]


def home_months(parts: Iterable[SellerPart]) -> dict[int, frozenset[int]]:
    """Of each part (its node's id), the months of the year whose payments count in it.

    A month's payments count once: in the part with the largest amount of that month, where equal in the older part. Whoever has
    one part has all months in it.

    Args:
        parts: All parts of these sellers in one version of a year's plan, as many months each.
    """
    by_seller: dict[int, list[SellerPart]] = {}
    for part in parts:
        by_seller.setdefault(part.employee_id, []).append(part)
    found: dict[int, set[int]] = {}
    for own in by_seller.values():
        if len(own) > 1:
            for index in range(len(own[0].amounts)):
                _amount, node_id = max((part.amounts[index], -part.node_id) for part in own)
                found.setdefault(-node_id, set()).add(index + 1)
    return {
        part.node_id: YEAR if len(own) == 1 else frozenset(found.get(part.node_id, ()))
        for own in by_seller.values()
        for part in own
    }
