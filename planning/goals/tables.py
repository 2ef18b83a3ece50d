"""A plan's nodes with their months, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from planning.goals.models import PlanAmount, PlanNode
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node and its twelve months."""

    node: PlanNode
    amounts: tuple[Decimal, ...]

    @property
    def year(self) -> Decimal:
        """The sum of the months."""
        return sum(self.amounts, ZERO)


@dataclass(frozen=True, slots=True)
class NodeTable:
    """Nodes under their months."""

    months: tuple[Month, ...]
    rows: tuple[NodeRow, ...]

    @property
    def totals(self) -> tuple[Decimal, ...]:
        """The sum of the rows by month."""
        return tuple(sum((row.amounts[index] for row in self.rows), ZERO) for index in range(len(self.months)))


def node_table(nodes: QuerySet[PlanNode]) -> NodeTable:
    """The table of some nodes of one plan, upper levels first, then by name; 2 SQL statements."""
    found = list(nodes.select_related("plan", "direction", "employee"))
    if not found:
        return NodeTable((), ())
    months = found[0].plan.months
    amounts: dict[int, dict[Month, Decimal]] = {}
    for node_id, month, amount in PlanAmount.all_rows.filter(node__in=found).values_list("node", "month", "amount"):
        amounts.setdefault(node_id, {})[Month.of(month)] = amount
    rows = [NodeRow(node, tuple(amounts.get(node.pk, {}).get(month, ZERO) for month in months)) for node in found]
    return NodeTable(months, tuple(sorted(rows, key=lambda row: (row.node.level, row.node.title))))
