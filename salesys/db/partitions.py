"""Bulk tables are partitioned by month; a default partition keeps a late row from failing."""

from __future__ import annotations

from django.db import connection

from salesys.kernel.periods import Month


def ensure_partitions(table: str, first: Month, last: Month) -> None:
    """Create the monthly partitions of `table` from `first` to `last`, both included; those that exist stay."""
    with connection.cursor() as cursor:
        for offset in range(first.until(last) + 1):
            cursor.execute("SELECT salesys_ensure_partition(%s::regclass, %s)", [table, first.plus(offset).first])
