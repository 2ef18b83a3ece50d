"""Entries and calls from before the counts were kept: what there is by now, less what has been counted since.

One statement sees all three tables at one instant, so nothing is locked and nothing is counted twice.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
INSERT INTO pipeline_calllistcount (call_list_id, what, count)
SELECT call_list_id, what, sum(count) FROM (
    SELECT call_list_id, 'companies' AS what, count(*) AS count FROM pipeline_calllistentry GROUP BY call_list_id
    UNION ALL
    SELECT call_list_id, 'done', count(*) FROM pipeline_calllistentry WHERE state = 'done' GROUP BY call_list_id
    UNION ALL
    SELECT e.call_list_id, c.outcome, count(*)
    FROM pipeline_call c JOIN pipeline_calllistentry e ON e.id = c.entry_id GROUP BY e.call_list_id, c.outcome
    UNION ALL
    SELECT call_list_id, what, -count FROM pipeline_calllistcount
) AS counted
GROUP BY call_list_id, what HAVING sum(count) <> 0
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0013_list_counts")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
