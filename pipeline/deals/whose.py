"""Whose deals, contracts and payments a list shows: one's own, the team's, one person's, or all that the viewer sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Employee
from accounts.roles import SELLING_ROLES, Role
from pipeline.deals.policies import WORKERS
from salesys.db import clock
from salesys.db.scope import Viewer
from salesys.kernel.numbers import whole_number

ALL = "all"
TEAM = "team"
MOST = 200
"""Sellers that one address names."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What `seller` in the address asks for: `all`, `team`, or numbers of employees with commas between.

    `employees` are the sellers whose rows are shown, None for everyone's; it narrows within the scope and opens nothing.
    """

    value: str
    employees: frozenset[int] | None


def own_of(viewer: Viewer) -> str:
    """What is the viewer's to sell: the own for who sells, the team's for a head, all for who answers for the company.

    Start pages count by it and the board opens with it, so that the same question has one answer.
    """
    if viewer.role in SELLING_ROLES:
        return str(viewer.own_id)
    return TEAM if viewer.role == Role.INDUSTRY_HEAD else ALL


def whose(viewer: Viewer, value: str) -> Whose:
    """The sellers that a value stands for; nonsense stands for all."""
    if value == TEAM:
        return Whose(TEAM, viewer.team_ids)
    numbers = [whole_number(text) for text in value.split(",")[:MOST]]
    known = [number for number in numbers if number is not None]
    return Whose(",".join(map(str, known)), frozenset(known)) if len(known) == len(numbers) else Whose(ALL, None)


def whose_of(request: HttpRequest, viewer: Viewer, *, default: str = ALL) -> Whose:
    """What the address asks for; `default` where it says nothing."""
    return whose(viewer, request.GET.get("seller") or default)


def choices_of(viewer: Viewer, chosen: Whose) -> Sequence[tuple[str, str]]:
    """(value, label) of the select; 1 SQL statement for those who look at other people's rows, else none.

    Empty where there is nothing to choose: for who neither sells nor answers for sellers.
    """
    if viewer.role in SELLING_ROLES:
        return ((str(viewer.own_id), _("My own")), (ALL, _("All that I see")))
    if viewer.reach("payments") == "none":
        return ()
    firsts = [(TEAM, _("My team"))] if viewer.role == Role.INDUSTRY_HEAD else []
    firsts.append((ALL, _("All that I see") if firsts else _("All sellers")))
    if "," in chosen.value and chosen.employees:
        firsts.append((chosen.value, ngettext("%d seller", "%d sellers", len(chosen.employees)) % len(chosen.employees)))
    today, seen = clock.today(), Employee.objects.visible_to(viewer)
    # Who was chosen by an address stays in the list, also after the dismissal
    named = seen.filter(pk=whole_number(chosen.value) or 0)
    people = (seen.working_on(today).in_roles(WORKERS, today) | named).distinct().order_by("full_name", "pk")
    return (*firsts, *((str(pk), name) for pk, name in people.values_list("pk", "full_name")))
