"""A month's first lines are written by CREATE TABLE .. AS, a quarter cheaper than INSERT into an empty table.

Each month has a table of its own name, so that several are written at once.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
DROP FUNCTION compensation_begin_load();

CREATE OR REPLACE FUNCTION compensation_attach_load(month_on date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := compensation_partition_name('compensation_creditline', month_on);
    loaded text := compensation_partition_name('compensation_loading', month_on);
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', child);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', loaded, child);
    -- The key makes its own columns NOT NULL
    EXECUTE format('ALTER TABLE %I ALTER run_id SET NOT NULL, ALTER is_new SET NOT NULL, ALTER net_amount SET NOT NULL, '
                   'ALTER basis_amount SET NOT NULL, ALTER amount SET NOT NULL, '
                   'ADD PRIMARY KEY (payment_id, component_id, payee_id, origin_on, revision, period_on)', child);
    EXECUTE format('CREATE INDEX ON %I (payee_id)', child);
    EXECUTE format('ALTER TABLE compensation_creditline ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   child, month_on, (month_on + interval '1 month')::date);
    PERFORM compensation_guard(child);
END $$;
"""

BACKWARD = """
CREATE FUNCTION compensation_begin_load() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TABLE compensation_loading (LIKE compensation_creditline INCLUDING DEFAULTS);
END $$;

CREATE OR REPLACE FUNCTION compensation_attach_load(month_on date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := compensation_partition_name('compensation_creditline', month_on);
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', child);
    EXECUTE format('ALTER TABLE compensation_loading RENAME TO %I', child);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (payment_id, component_id, payee_id, origin_on, revision, period_on)', child);
    EXECUTE format('CREATE INDEX ON %I (payee_id)', child);
    EXECUTE format('ALTER TABLE compensation_creditline ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   child, month_on, (month_on + interval '1 month')::date);
    PERFORM compensation_guard(child);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("compensation", "0002_ledger")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
