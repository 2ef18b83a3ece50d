"""Who stands below whom on a date, as a function that set-based work joins with."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_subordinates(on_date date)
RETURNS TABLE (manager_id bigint, employee_id bigint, depth integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE below(manager_id, employee_id, depth) AS (
        -- who reports directly
        SELECT a.manager_id, a.employee_id, 1
        FROM accounts_assignment a
        WHERE a.valid @> on_date AND a.manager_id IS NOT NULL
        UNION ALL
        -- who reports to somebody already found
        SELECT b.manager_id, a.employee_id, b.depth + 1
        FROM below b
        JOIN accounts_assignment a ON a.manager_id = b.employee_id AND a.valid @> on_date
        WHERE b.depth < 50
    )
    SELECT b.manager_id, b.employee_id, min(b.depth) FROM below b GROUP BY 1, 2
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION accounts_subordinates(date)")]
