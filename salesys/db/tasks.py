"""Housekeeping of the database."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from salesys.db import clock
from salesys.db.partitions import ensure_partitions
from salesys.db.runs import claimed_run
from salesys.kernel.periods import Month

MONTHS_AHEAD = 3


@shared_task
def prepare_partitions() -> None:
    """Create the partitions of every bulk table for this month and the next three; once a day, harmless when repeated."""
    today = clock.today()
    with claimed_run(job="prepare_partitions", business_date=today) as run:
        if run is None:
            return
        tables = partitioned_tables()
        for done, table in enumerate(tables, start=1):
            ensure_partitions(table, Month.of(today), Month.of(today).plus(MONTHS_AHEAD))
            run.report(done=done, total=len(tables))


def partitioned_tables() -> list[str]:
    """Names of the tables of this installation that are partitioned; 1 SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]
