"""Credits of one month: what payments earn one by one, computed and posted in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg2.extensions import AsIs

from compensation.ledger.sql import execute, first_row, rows
from salesys.db.locks import lock_until_commit
from salesys.kernel.periods import Month

JOB = "commissions"
IS_EMPTY = "SELECT compensation_is_empty(%(month)s::date)"

# Ranges of dates make the planner expect few rows; a whole month has many, and hash joins are right for all of it
FOR_MANY_ROWS = """
SELECT set_config('enable_nestloop', 'off', true), set_config('join_collapse_limit', '1', true),
       set_config('from_collapse_limit', '1', true), set_config('work_mem', '128MB', true)
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The part of a run that is one transaction: the lines of one origin month, posted into one period."""

    run_id: int
    origin: Month
    period: Month
    is_whole: bool


def month_lock(month: Month) -> str:
    """The advisory lock that a run holds while it posts the month."""
    return f"{JOB}:{month}"


def lock_month(month: Month) -> None:
    """Wait until no other run posts the month, and keep it until the transaction ends."""
    lock_until_commit(month_lock(month))


def is_untouched(month: Month) -> bool:
    """Whether nothing has ever been posted into the month."""
    return bool(rows(IS_EMPTY, {"month": month.first})[0][0])


def post_credits(chunk: Chunk) -> int:
    """Post computed minus posted for the credit lines of the chunk; the number of lines written.

    Keeps the sums (`compensation_measure`) and the list of payments that nobody is credited for in the same transaction.
    """
    parameters: dict[str, object] = {
        "run": chunk.run_id,
        "month": chunk.origin.first,
        "next": chunk.origin.plus(1).first,
        "period": chunk.period.first,
        "loading": AsIs(f"compensation_loading_y{chunk.origin.year}m{chunk.origin.number:02d}"),
    }
    parameters["periods"] = periods = _periods(chunk)
    if chunk.is_whole:
        rows(FOR_MANY_ROWS)
    # An empty month is not one about which nothing is posted: while it was approved, its lines went into a later period
    is_first = chunk.is_whole and periods == [chunk.origin.first] and is_untouched(chunk.origin)
    return _load(parameters) if is_first else _post(parameters, is_whole=chunk.is_whole)


def _periods(chunk: Chunk) -> list[date]:
    """The periods in which lines of the origin month are or will be: no other partition needs to be read."""
    posted = rows(
        "SELECT DISTINCT period_on FROM compensation_measure WHERE origin_on = %(month)s", {"month": chunk.origin.first}
    )
    return sorted({period_on for (period_on,) in posted} | {chunk.period.first})


def _load(parameters: dict[str, object]) -> int:
    execute("source_first", parameters)
    execute("credit")
    written = execute("load", parameters)
    execute("standing_first", parameters)
    execute("load_measure", parameters)
    execute("uncredited", parameters)
    rows("SELECT compensation_attach_load(%(month)s::date), compensation_open_period(%(month)s::date)", parameters)
    return written


def _post(parameters: dict[str, object], *, is_whole: bool) -> int:
    rows("SELECT compensation_open_period(%(period)s::date)", parameters)
    execute("source_month" if is_whole else "source_stale", parameters)
    execute("credit")
    written = int(first_row("post", parameters)[0])
    execute("uncredited", parameters)
    return written
