"""A client that moves to another time zone is called at other hours: entries that still wait follow."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION pipeline_company_moves_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pipeline_calllistentry SET time_zone = NEW.time_zone WHERE company_id = NEW.id AND state <> 'done';
    RETURN NULL;
END $$;

CREATE TRIGGER pipeline_company_zone AFTER UPDATE OF time_zone ON pipeline_company
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION pipeline_company_moves_zone();
"""

BACKWARD = """
DROP TRIGGER pipeline_company_zone ON pipeline_company;
DROP FUNCTION pipeline_company_moves_zone();
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0005_call_queue")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
