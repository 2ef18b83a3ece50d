"""What a run could not compute: recorded for each payee, component and month, and gone when a later run computes it."""

from __future__ import annotations

from collections.abc import Mapping

from compensation.engine.inputs import EarningKey
from compensation.ledger.credits import Chunk
from compensation.ledger.models import StaleMark, UncomputedEarning
from salesys.db import clock
from salesys.kernel.errors import Issue

Key = tuple[int, int]


def record_issues(chunk: Chunk, issues: Mapping[EarningKey, Issue]) -> None:
    """Let the rows of the chunk's month say what this run could not compute, and nothing else.

    A row that says the same as before keeps its date and its acceptance; another problem must be accepted anew. A month
    whose period is no longer open is marked stale, so that the next run tries it again. 1 SQL statement without issues;
    at most 5 with any. The caller holds the lock of the month.
    """
    wanted: dict[Key, Issue] = {(key.payee_id, key.component_id): issue for key, issue in issues.items()}
    known = {(row.payee_id, row.component_id): row for row in UncomputedEarning.all_rows.filter(month_on=chunk.origin.first)}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    if gone:
        UncomputedEarning.all_rows.filter(pk__in=gone).delete()
    if not wanted:
        return
    changed = [row for key, row in known.items() if key in wanted and _says_another(row, wanted[key])]
    UncomputedEarning.all_rows.bulk_update(changed, ["problem", "detail", "found_at", "accepted_by", "accepted_note"])
    UncomputedEarning.all_rows.bulk_create(
        UncomputedEarning(
            payee_id=payee_id,
            component_id=component_id,
            month_on=chunk.origin.first,
            problem=issue.code,
            detail=_detail(issue),
            found_at=clock.now(),
        )
        for (payee_id, component_id), issue in wanted.items()
        if (payee_id, component_id) not in known
    )
    if chunk.period != chunk.origin:
        StaleMark.all_rows.create(kind=StaleMark.Kind.EARNINGS, from_on=chunk.origin.first)


def _says_another(row: UncomputedEarning, issue: Issue) -> bool:
    """Take another problem into the row, as one that was found now; whether there was another."""
    if (row.problem, row.detail) == (issue.code, _detail(issue)):
        return False
    if row.problem != issue.code:
        row.found_at, row.accepted_by, row.accepted_note = clock.now(), None, ""
    row.problem, row.detail = issue.code, _detail(issue)
    return True


def _detail(issue: Issue) -> str:
    return f"{issue.field} {issue.value}".strip()[:200]
