"""Search over what the viewer may see: each kind of record is a source with its own scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from salesys.db.scope import Viewer

SHORTEST = 2
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that matches."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Matches of one kind; `url` opens the whole list with the same words."""

    label: Text
    icon: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record: how to find it within the viewer's scope, one SQL statement."""

    label: Text
    icon: str
    find: Callable[[Viewer, str, int], list[Hit]]


SOURCES: list[Source] = []


def find(viewer: Viewer, query: str, *, limit: int) -> tuple[HitGroup, ...]:
    """Matches of every kind, kinds without one left out; one SQL statement per kind.

    Args:
        viewer: Whose rows are searched.
        query: At least `SHORTEST` letters, otherwise nothing is found.
        limit: Rows per kind.
    """
    if len(query) < SHORTEST:
        return ()
    groups = (HitGroup(source.label, source.icon, tuple(source.find(viewer, query, limit))) for source in SOURCES)
    return tuple(group for group in groups if group.hits)
