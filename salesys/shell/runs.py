"""Runs of batch work in words: the one registry of what jobs, their results and their failures are called.

Each job that anything claims has its label here (`tests/shell/test_runs.py` reads the code and says so).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from salesys.db.runs import Run
from salesys.shell import formats

JOBS: Mapping[str, Promise] = {
    "commissions": gettext_lazy("Commissions"),
    "recascade_plans": gettext_lazy("Daily work from the plan"),
    "prepare_partitions": gettext_lazy("Preparation of the next months"),
    "end_dismissed_accounts": gettext_lazy("Accounts of those who have left"),
    "check_payment_file": gettext_lazy("Check of a file of payments"),
    "load_payment_file": gettext_lazy("Loading of a file of payments"),
}

COUNTS: Mapping[str, Promise] = {
    "credit_lines": ngettext_lazy("%(count)s credit line", "%(count)s credit lines", "number"),
    "earning_lines": ngettext_lazy("%(count)s earning line", "%(count)s earning lines", "number"),
    "months": ngettext_lazy("%(count)s month", "%(count)s months", "number"),
    "plans": ngettext_lazy("%(count)s plan", "%(count)s plans", "number"),
    "changed_targets": ngettext_lazy("%(count)s changed target", "%(count)s changed targets", "number"),
    "closed": ngettext_lazy("%(count)s closed account", "%(count)s closed accounts", "number"),
    "rows": ngettext_lazy("%(count)s row", "%(count)s rows", "number"),
}
"""Figures of results that people understand, in the order of the page; the others are the machine's own."""

BY_ROWS = frozenset({"check_payment_file", "load_payment_file"})
"""Jobs whose result is how many rows they went through."""


def job_text(job: str) -> str:
    """What a job is called; one that is no more, by its own name."""
    return str(JOBS.get(job, job.replace("_", " ").capitalize()))


def outcome_text(run: Run) -> str:
    """What came of a run: figures that are not zero, or that there was nothing to do; empty while it is not over."""
    if run.status == Run.Status.FAILED:
        return failure_text(run)
    if run.status != Run.Status.DONE:
        return ""
    figures = {"rows": run.rows_done} if run.job in BY_ROWS else run.result
    known = {name: figures[name] for name in COUNTS if isinstance(figures.get(name), int)}
    parts = [str(COUNTS[name] % {"number": count, "count": formats.number_text(count)}) for name, count in known.items() if count]
    return ", ".join(parts) if parts or not known else _("nothing to do")


def failure_text(run: Run) -> str:
    """That it failed, and of which kind; the error's own words may carry rows of the database, so they are in the log alone."""
    kind = run.error.partition(":")[0][:60]
    text = _("It stopped with an error (%(kind)s). What happened is in the log of the worker.")
    return text % {"kind": kind or "?"}
