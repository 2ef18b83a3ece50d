"""Indexes for lists that were sorted or walked through whole: the newest calls, and companies of a city whatever its case."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

PARTITIONS = """
SELECT p.inhrelid::regclass::text FROM pg_inherits p
WHERE p.inhparent = 'pipeline_call'::regclass AND NOT EXISTS (
    SELECT FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
    WHERE i.inhparent = 'pipeline_call_newest'::regclass AND x.indrelid = p.inhrelid
)
"""
"""Those that are not indexed yet."""


def index_newest_calls(_apps: Any, schema_editor: Any) -> None:
    """Partition by partition, since only these can be indexed while calls are written. After a failure it goes on."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("CREATE INDEX IF NOT EXISTS pipeline_call_newest ON ONLY pipeline_call (called_on, id)")
        cursor.execute(PARTITIONS)
        for (partition,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {partition}_newest")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {partition}_newest ON {partition} (called_on, id)")
            cursor.execute(f"ALTER INDEX pipeline_call_newest ATTACH PARTITION {partition}_newest")


def drop_index(_apps: Any, schema_editor: Any) -> None:
    """The way back."""
    schema_editor.execute("DROP INDEX pipeline_call_newest")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("pipeline", "0014_count_lists")]
    operations = [
        migrations.RunPython(index_newest_calls, drop_index),
        AddIndexConcurrently(
            model_name="company", index=models.Index(Upper("city"), "name_key", "id", name="company_by_city")
        ),
    ]
