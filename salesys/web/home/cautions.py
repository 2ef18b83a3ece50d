"""What start pages warn of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from planning.cascade.queries import vacancies
from planning.models import PlanNode, YearPlan
from salesys.db.scope import Viewer
from salesys.shell import formats
from salesys.web.links import address


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that grows into a loss when nobody looks: what it is, and what to do.

    `url` is where it is seen; `links` name each of those whom it is about, with where they are seen.
    """

    title: str | Promise
    text: str | Promise
    url: str
    tone: str = "warning"
    links: Sequence[tuple[str, str]] = ()


def of_vacancies(viewer: Viewer, today: date) -> list[Caution]:
    """Parts of the plan whose sellers are not there any more, each leading to its part; 2 SQL statements at most."""
    parts = vacancies(viewer, today.replace(day=1), limit=3)
    nodes = _nodes(viewer, today.year, [part.employee_id for part in parts])
    text = _("%(amount)s of the plan, %(first)s to %(last)s, came back. Give it to others with a new version of the plan.")
    return [
        Caution(
            _("Nobody carries the part of %(name)s") % {"name": part.name},
            text
            % {
                "amount": formats.money_text(part.amount, places=0),
                "first": formats.month_text(part.first),
                "last": formats.month_text(part.last),
            },
            address("planning:node", nodes[part.employee_id])
            if part.employee_id in nodes
            else address("planning:headcount", part.first.year),
        )
        for part in parts
    ]


def _nodes(viewer: Viewer, year: int, employees: list[int]) -> dict[int, int]:
    """Employee -> the part of the agreed plan."""
    if not employees:
        return {}
    rows = PlanNode.objects.visible_to(viewer).filter(
        plan__year=year, plan__status=YearPlan.Status.AGREED, level=PlanNode.Level.SELLER, employee__in=employees
    )
    return dict(rows.order_by("pk").values_list("employee_id", "pk"))
