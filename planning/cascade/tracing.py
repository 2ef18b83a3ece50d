"""The way back from work to the goal: which plan asked for a call or a card, and for whose part of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from planning.cascade.models import FunnelNeed, PlannedItem
from planning.engine.activities import Activity
from planning.goals.models import PlanNode, YearPlan

SELLERS_SHOWN = 5

Need = tuple[int, date, int | None]


@dataclass(frozen=True, slots=True)
class AskingSeller:
    """A seller for whose part of the plan work was asked; `node_id` opens that part, None where the viewer may not see it."""

    name: str
    node_id: int | None


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A call or a card with the plan that asked for it, the call that a card serves, and the sellers who need it."""

    item: PlannedItem
    plan: YearPlan
    serves: PlannedItem | None
    sellers: tuple[AskingSeller, ...]


def asked_by(
    viewer: object, *, company_id: int | None = None, task_id: int | None = None, until: date | None = None, limit: int = 5
) -> tuple[AskedBy, ...]:
    """Which plan asked for the work on a company, or for a task: newest first.

    The caller has made sure that the viewer sees the company or the task. Whoever sees what was done with a client may know
    why and for whom, so neither items nor names are narrowed to the viewer's own; parts of plans that open are.

    Args:
        viewer: Who looks.
        company_id: Whose calls and cards; left out where `task_id` is given.
        task_id: The research task that a card was asked for by.
        until: The last day of work that counts: what came later did not lead to a contract of that day.
        limit: At most so many items.

    Returns:
        Each with the sellers of the direction whose need of the month it serves, the largest need first, at most five.
        At most 3 SQL statements.
    """
    items = PlannedItem.all_rows.select_related("plan", "employee", "serves__employee").order_by("-on", "-pk")
    items = items.filter(task=task_id) if task_id else items.filter(company=company_id)
    found = list(items.filter(on__lte=until)[:limit] if until else items[:limit])
    sellers = _sellers_of(viewer, {_need(item) for item in found})
    return tuple(AskedBy(item, item.plan, item.serves, sellers[_need(item)]) for item in found)


def _need(item: PlannedItem) -> Need:
    """Of the call itself, or of the call that a card serves: it may fall in the month after the card's."""
    call = item.serves or item
    return item.plan_id, call.on.replace(day=1), item.direction_id


def _sellers_of(viewer: object, needs: set[Need]) -> dict[Need, tuple[AskingSeller, ...]]:
    """Need -> the sellers behind it; 2 SQL statements, none without needs."""
    if not needs:
        return {}
    asked = Q()
    for plan_id, month, direction_id in needs:
        asked |= Q(plan=plan_id, month=month, direction=direction_id)
    rows = FunnelNeed.all_rows.filter(asked, activity=Activity.DIALS, amount__gt=0).order_by("-amount", "employee")
    found: dict[Need, list[tuple[int, str]]] = defaultdict(list)
    columns = ("plan", "month", "direction", "employee", "employee__full_name")
    for plan_id, month, direction_id, employee_id, name in rows.values_list(*columns):
        if len(found[plan_id, month, direction_id]) < SELLERS_SHOWN:
            found[plan_id, month, direction_id].append((employee_id, name))
    people = {employee_id for sellers in found.values() for employee_id, _name in sellers}
    nodes = _nodes(viewer, {plan_id for plan_id, _month, _direction in needs}, people)
    return {
        need: tuple(AskingSeller(name, nodes.get((need[0], employee_id))) for employee_id, name in found[need]) for need in needs
    }


def _nodes(viewer: object, plans: set[int], people: set[int]) -> dict[tuple[int, int], int]:
    """Plan and employee -> the part of the plan that the viewer may open."""
    rows = PlanNode.objects.visible_to(viewer).filter(plan__in=plans, employee__in=people, level=PlanNode.Level.SELLER)
    return {(plan_id, employee_id): pk for plan_id, employee_id, pk in rows.values_list("plan", "employee", "pk")}
