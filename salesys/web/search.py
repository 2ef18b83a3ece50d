"""Search over what the viewer may see: each kind of record is a source with its own scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pipeline.models import Company, Contact, Contract, Deal, Payment, Task
from salesys.db.scope import Viewer
from salesys.db.search import name_contains
from salesys.shell import formats
from salesys.web.links import address

SHORTEST = 2
LONGEST = 100
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that matches."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Matches of one kind."""

    label: Text
    icon: str
    hits: tuple[Hit, ...]


def companies(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """Companies by name or tax number; 1 SQL statement."""
    rows = Company.objects.visible_to(viewer)
    found = rows.filter(tax_id=query) if query.isdigit() and len(query) >= 10 else rows.filter(name_contains(query))
    return [Hit(row.name, address("pipeline:company", row.pk), row.city) for row in found.order_by("name_key", "pk")[:limit]]


def contacts(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """People at companies by name; their phone and e-mail are not searched, they are opened on purpose; 1 SQL statement."""
    rows = (
        Contact.objects.visible_to(viewer)
        .filter(full_name__icontains=query)
        .select_related("company")
        .order_by("full_name", "pk")
    )
    return [Hit(row.full_name, address("pipeline:company", row.company_id), row.company.name) for row in rows[:limit]]


def deals(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """Deals by title, open ones and new ones first; 1 SQL statement."""
    rows = Deal.objects.visible_to(viewer).filter(title__icontains=query).select_related("stage").order_by("-opened_on", "-pk")
    return [
        Hit(row.title, address("pipeline:deal", row.pk), f"{row.stage.label} · {formats.money_text(row.amount, places=0)}")
        for row in rows[:limit]
    ]


def tasks(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """Open tasks by title; 1 SQL statement."""
    rows = Task.objects.visible_to(viewer).open().filter(title__icontains=query).order_by("due_on", "pk")
    return [Hit(row.title, address("pipeline:task", row.pk), formats.short_day_text(row.due_on)) for row in rows[:limit]]


def contracts(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """Contracts by the beginning of their number; 1 SQL statement, by the index of the numbers."""
    rows = Contract.objects.visible_to(viewer).filter(_begins("number", query)).select_related("company")
    return [
        Hit(row.number, address("pipeline:contract", row.pk), f"{row.company.name} · {formats.money_text(row.amount, places=0)}")
        for row in rows.order_by("number")[:limit]
    ]


def payments(viewer: Viewer, query: str, limit: int) -> list[Hit]:
    """Payments by the beginning of their bank reference; 1 SQL statement, by the index of the references."""
    rows = Payment.objects.visible_to(viewer).filter(_begins("reference", query)).select_related("company")
    return [
        Hit(
            row.reference or "",
            address("pipeline:payment", row.pk),
            f"{row.company.name} · {formats.money_text(row.amount, row.currency)} · {formats.short_day_text(row.paid_on)}",
        )
        for row in rows.order_by("reference")[:limit]
    ]


def _begins(field: str, query: str) -> Q:
    """As it is typed, or in capitals, as numbers and references are written."""
    return Q(**{f"{field}__startswith": query}) | Q(**{f"{field}__startswith": query.upper()})


Find = Callable[[Viewer, str, int], list[Hit]]
SOURCES: tuple[tuple[Text, str, Find], ...] = (
    (_("Companies"), "building", companies),
    (_("Contacts"), "user", contacts),
    (_("Deals"), "briefcase", deals),
    (_("Contracts"), "contract", contracts),
    (_("Payments"), "cash", payments),
    (_("Tasks"), "checklist", tasks),
)


def find(viewer: Viewer, query: str, *, limit: int) -> tuple[HitGroup, ...]:
    """Matches of every kind, kinds without one left out; one SQL statement per kind.

    Args:
        viewer: Whose rows are searched.
        query: At least `SHORTEST` letters, otherwise nothing is found.
        limit: Rows per kind.
    """
    words = " ".join(query.replace("\0", "").split())[:LONGEST]
    if len(words) < SHORTEST:
        return ()
    groups = (HitGroup(label, icon, tuple(source(viewer, words, limit))) for label, icon, source in SOURCES)
    return tuple(group for group in groups if group.hits)
