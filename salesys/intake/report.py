"""The outcome of a load as a table that people check: rows in, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipeline.leads.models import ImportIssue
from salesys.intake.services import FileCount, Outcome


def lines_of(outcome: Outcome, *, asked_for: date | None) -> Iterator[str]:
    """Lines of text: the counts by file with their sums, and the issues by kind with an example each."""
    batch = outcome.batch
    if not outcome.is_new:
        at = f"{batch.loaded_at:%Y-%m-%d %H:%M} UTC"
        yield _("These files were loaded on %s already; nothing was changed.") % at
        if asked_for is not None:
            yield _("Dates stay shifted by %d weeks, as then.") % outcome.shifted_weeks
    elif outcome.shifted_weeks:
        yield ngettext("All dates were shifted by %d week.", "All dates were shifted by %d weeks.", outcome.shifted_weeks) % (
            outcome.shifted_weeks
        )
    yield from _table(outcome)
    yield from _issues(outcome)


def _table(outcome: Outcome) -> Iterator[str]:
    heads = [_("file"), _("rows in"), _("loaded"), _("known"), _("listed only"), _("rows out"), _("repaired"), _("open")]
    rows = [[count.file, *map(str, _figures(count))] for count in outcome.counts]
    sums = [sum(column) for column in zip(*(_figures(count) for count in outcome.counts), strict=True)]
    lines = [heads, *rows, [_("all"), *map(str, sums)]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        yield "  ".join(text.ljust(widths[at]) if at == 0 else text.rjust(widths[at]) for at, text in enumerate(line))


def _figures(count: FileCount) -> tuple[int, ...]:
    rows_out = count.created + count.known + count.listed
    return count.rows_in, count.created, count.known, count.listed, rows_out, count.repaired, count.open


def _issues(outcome: Outcome) -> Iterator[str]:
    issues = ImportIssue.all_rows.filter(batch=outcome.batch)
    for kind in issues.order_by("status", "file", "code").values("status", "file", "code").annotate(rows=Count("pk")):
        of_kind = issues.filter(status=kind["status"], file=kind["file"], code=kind["code"])
        line, problem = of_kind.order_by("line").values_list("line", "problem")[0]
        status = ImportIssue.Status(kind["status"]).label
        yield f"{status}: {kind['file']} {kind['code']} × {kind['rows']}, line {line}: {problem}"
