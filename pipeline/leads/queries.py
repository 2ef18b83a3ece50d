"""Imports and their issues, counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from pipeline.leads.models import ImportBatch, ImportIssue


@dataclass(frozen=True, slots=True)
class IssueKind:
    """Issues of one kind in one file."""

    file: str
    code: str
    count: int


def counts_by_status(issues: QuerySet[ImportIssue]) -> dict[str, int]:
    """How many issues have each status, all four named; 1 SQL statement."""
    found = dict(issues.order_by().values_list("status").annotate(count=Count("pk")))
    return {status: found.get(status, 0) for status in ImportIssue.Status.values}


def kinds_of(issues: QuerySet[ImportIssue]) -> tuple[IssueKind, ...]:
    """Kinds with their counts, the most frequent first; 1 SQL statement."""
    rows = issues.order_by().values_list("file", "code").annotate(count=Count("pk")).order_by("-count", "file", "code")
    return tuple(IssueKind(*row) for row in rows)


def latest_batches(batches: QuerySet[ImportBatch], limit: int = 10) -> list[ImportBatch]:
    """The newest loads; 1 SQL statement."""
    return list(batches.select_related("loaded_by").order_by("-loaded_at", "-pk")[:limit])
