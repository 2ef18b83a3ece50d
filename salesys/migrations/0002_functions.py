"""Functions that the streets' tables are built on. Their text is frozen here: migrations import no code of the project."""

from __future__ import annotations

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION salesys_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(translate(lower(name), 'ё«»"''“”„', 'е'), '\s+', ' ', 'g'))
$$;

CREATE FUNCTION salesys_trigrams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr('  ' || salesys_name_key(name) || ' ', i, 3)), '{}')
    FROM generate_series(1, length(salesys_name_key(name)) + 1) AS i
$$;

CREATE FUNCTION salesys_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION salesys_ensure_partition(parent regclass, first_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month_start date := date_trunc('month', first_day);
    child text := format('%s_%s', parent::text, to_char(month_start, '"y"YYYY"m"MM'));
BEGIN
    IF to_regclass(child) IS NULL THEN
        -- Two workers may ask for the same month: the second waits here and finds it made.
        PERFORM pg_advisory_xact_lock(hashtextextended(child, 0));
        IF to_regclass(child) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                           child, parent, month_start, (month_start + interval '1 month')::date);
        END IF;
    END IF;
END $$;
"""

DROP = """
DROP FUNCTION salesys_ensure_partition(regclass, date);
DROP FUNCTION salesys_refuse_change();
DROP FUNCTION salesys_trigrams(text);
DROP FUNCTION salesys_name_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("salesys", "0001_initial")]
    run_before = [("pipeline", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
