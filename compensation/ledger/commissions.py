"""The commission run: what is stale is computed again, and the difference to what is posted is posted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from accounts.people.models import User
from compensation.ledger.ahead import loading_ahead
from compensation.ledger.credits import JOB, Chunk, lock_month, post_credits
from compensation.ledger.earnings import post_earnings
from compensation.ledger.models import PayPeriod
from compensation.ledger.periods import WRITABLE, early_months, ensure_periods, posting_period
from compensation.ledger.sql import execute, rows
from salesys.db import clock
from salesys.db.organisation import forget_organisation
from salesys.db.runs import Run, claimed_run, held_in_turn
from salesys.kernel.periods import Month

MARKS = """
INSERT INTO run_mark (id, kind, key, from_on)
SELECT id, kind, key, coalesce(from_on, '-infinity') FROM compensation_stale
WHERE from_on IS NULL OR from_on < %(end)s
"""
# What is not counted is taken for nearly empty, and joined row by row with everything
ANALYZE_MARKS = "ANALYZE run_coverage; ANALYZE run_terms; ANALYZE run_mark"
ANALYZE_FOUND = "ANALYZE run_month; ANALYZE run_company"
ANALYZE = "ANALYZE run_payment; ANALYZE run_refund"
TOUCHED = """
SELECT month_on FROM run_month
UNION SELECT month_on FROM run_payment
UNION SELECT date_trunc('month', from_on)::date FROM run_mark WHERE kind = 'earnings'
UNION SELECT month_on FROM (SELECT month_on FROM compensation_payperiod UNION ALL SELECT unnest(%(early)s::date[])) held
WHERE month_on >= (SELECT min(date_trunc('month', from_on)) FROM run_mark WHERE kind IN ('payee', 'department'))
"""
# A month after the run's last that was computed once is stale by the same marks: only a run that reaches it forgets them
FORGET = """
DELETE FROM compensation_stale WHERE id IN (SELECT id FROM run_mark)
AND NOT EXISTS (SELECT FROM compensation_payperiod WHERE month_on >= %(end)s AND calculated_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: months computed, lines posted."""

    run_id: int
    months: int
    credit_lines: int
    earning_lines: int

    @property
    def lines(self) -> int:
        """All lines posted."""
        return self.credit_lines + self.earning_lines


@dataclass(frozen=True, slots=True)
class Work:
    """A month of a run: all its payments or only the stale ones, or none but the month's earnings."""

    month: Month
    is_whole: bool
    is_credited: bool
    are_days_paid: bool


def run_commissions(
    *, actor: User | None, as_of: date | None = None, key: str = "", full: bool = False, again: bool = True
) -> RunSummary | None:
    """Compute what is stale up to the month of `as_of`, and post computed minus posted.

    One transaction per month, oldest first; a run that was killed is begun again and ends in the same lines. A run
    without anything stale posts nothing. Runs follow one another: a second one waits for the lock of the first, since what
    it would read meanwhile (who is paid by what, what is stale) could be older than what the first one posts.

    Args:
        actor: Who asked for it; None for the scheduler. Periods that the run computes have the actor as author.
        as_of: The month of this date is the last that is computed; None: today.
        key: Tells several runs of a date apart.
        full: Compute every payment of every month again, stale or not.
        again: Repeat a run of this date and key that is done already.

    Returns:
        What was done; None when another worker holds the run, or when it is done and `again` is false.
    """
    business_date = as_of or clock.today()
    with claimed_run(job=JOB, business_date=business_date, key=key, started_by=actor, again=again) as run:
        if run is None:
            return None
        with held_in_turn(JOB):
            return _compute(run, business_date, full=full)


def _compute(run: Run, as_of: date, *, full: bool) -> RunSummary:
    work = prepare(as_of, full=full)
    credit_lines = earning_lines = 0
    with loading_ahead(run.pk, [part.month for part in work if part.is_whole]) as ahead:
        for done, part in enumerate(work):
            run.report(done=done, total=len(work))
            loaded = ahead[part.month].result() if part.month in ahead else None
            posted = _post_month(run, part, loaded)
            credit_lines, earning_lines = credit_lines + posted[0], earning_lines + posted[1]
    rows_gone = _forget_marks(Month.of(as_of))
    summary = RunSummary(run.pk, len(work), credit_lines, earning_lines)
    run.report(done=len(work), total=len(work))
    run.result = asdict(summary) | {"marks": rows_gone}
    return summary


@transaction.atomic
def prepare(as_of: date, *, full: bool) -> list[Work]:
    """Find what is stale and put it into the run's temporary tables; the months to compute, oldest first."""
    first = ensure_periods(as_of)
    last = Month.of(as_of)
    early = early_months(first)
    dates = {"oldest": min([first, *early]).first, "last": last.first, "end": last.plus(1).first, "full": full}
    execute("temporary")
    # Before anything that they stand for: what commits after this statement is read now or later, and its mark stays
    _run(MARKS, dates)
    # A mark of the company's calendar stands for what it says now, not for what this process has kept of it
    forget_organisation()
    execute("coverage")
    execute("terms")
    _run(ANALYZE_MARKS, dates)
    execute("stale_months", dates)
    execute("stale_companies")
    _run(ANALYZE_FOUND, dates)
    execute("starts_all" if rows("SELECT FROM run_month LIMIT 1") else "starts")
    for name in ("starts_moved", "starts_keep"):
        execute(name, dates)
    _run(ANALYZE_FOUND, dates)
    for name in ("stale_payments", "refunds"):
        execute(name, dates)
    _run(ANALYZE, dates)
    return _work(first, last, early)


def _work(first: Month, last: Month, early: Collection[Month]) -> list[Work]:
    """The months to compute; before the ledger begins only those in which anybody has paid."""
    whole = _months("SELECT month_on FROM run_month")
    credited = whole | _months("SELECT DISTINCT month_on FROM run_payment")
    waiting = PayPeriod.all_rows.filter(status__in=WRITABLE).values_list("month_on", flat=True)
    touched = _months(TOUCHED, {"early": [month.first for month in early]}) | {Month.of(month_on) for month_on in waiting}
    return [
        Work(month, month in whole, month in credited, month >= first)
        for month in sorted(touched)
        if month <= last and (month >= first or month in early)
    ]


def _months(statement: str, parameters: Mapping[str, Any] | None = None) -> set[Month]:
    return {Month.of(month_on) for (month_on,) in rows(statement, parameters)}


@transaction.atomic
def _post_month(run: Run, work: Work, loaded: int | None) -> tuple[int, int]:
    # A connection that loads months ahead for a run that was killed may still be at work in this one
    lock_month(work.month)
    chunk = Chunk(run.pk, work.month, posting_period(work.month), work.is_whole)
    credit_lines = post_credits(chunk) if work.is_credited and loaded is None else loaded or 0
    if not work.is_credited:
        rows("SELECT compensation_open_period(%(period)s::date)", {"period": chunk.period.first})
    earning_lines = post_earnings(chunk, are_days_paid=work.are_days_paid)
    author = {"calculated_by": run.started_by} if run.started_by else {}
    PayPeriod.all_rows.filter(month_on=work.month.first, status__in=WRITABLE).update(
        status=PayPeriod.Status.CALCULATED, calculated_at=clock.now(), **author
    )
    return credit_lines, earning_lines


@transaction.atomic
def _forget_marks(last: Month) -> int:
    return _run(FORGET, {"end": last.plus(1).first})


def _run(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
