"""What start pages warn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from planning.cascade.queries import vacancies
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


def of_vacancies(viewer: Viewer, today: date, nodes: Mapping[int, str]) -> list[Caution]:
    """Parts of the plan whose sellers are not there any more; 1 SQL statement.

    Args:
        viewer: Who answers for them.
        today: The company's date.
        nodes: Employee -> address of the part; a part that is not among them leads to the list of such parts.
    """
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
            nodes.get(part.employee_id) or address("planning:headcount", part.first.year),
        )
        for part in vacancies(viewer, today.replace(day=1), limit=3)
    ]
