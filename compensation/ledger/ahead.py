"""First credit lines of several months at once, each month on a connection of its own.

Months do not depend on each other here: which payment credits whom was settled before, and nothing has been posted about
them. Earnings do, and follow one month after the other on the run's own connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from compensation.ledger.credits import Chunk, is_untouched, lock_month, post_credits
from compensation.ledger.periods import posting_period
from compensation.ledger.sql import execute
from salesys.kernel.periods import Month

WHOLE_MONTH = "INSERT INTO run_month (month_on) VALUES (%(month)s); ANALYZE run_coverage; ANALYZE run_terms"


@contextmanager
def loading_ahead(run_id: int, months: Iterable[Month]) -> Iterator[Mapping[Month, Future[int]]]:
    """Begin to write the lines of those months that have none; month -> the number of lines, as soon as it is known.

    Nothing is begun ahead in a transaction, whose rows other connections do not see, nor for a single month.
    """
    connections = settings.COMMISSION_CONNECTIONS
    untouched = [month for month in months if is_untouched(month)] if connections > 1 and not connection.in_atomic_block else []
    if len(untouched) < 2:
        yield {}
        return
    pool = ThreadPoolExecutor(connections, thread_name_prefix="commissions")
    try:
        yield {month: pool.submit(load_month, run_id, month) for month in untouched}
    finally:
        pool.shutdown(cancel_futures=True)


def load_month(run_id: int, month: Month) -> int:
    """Post the credit lines of a month in a transaction of this thread's own; the number of lines."""
    try:
        with transaction.atomic():
            lock_month(month)
            execute("temporary")
            execute("coverage")
            execute("terms")
            rows_of = {"month": month.first, "next": month.plus(1).first}
            with connection.cursor() as cursor:
                cursor.execute(WHOLE_MONTH, rows_of)
            execute("refunds", rows_of)
            return post_credits(Chunk(run_id, month, posting_period(month), is_whole=True))
    finally:
        connection.close()
