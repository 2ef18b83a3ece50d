"""Another country or time zone of the company makes earnings stale, as a correction of its calendar does."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
-- Working days come from the company's country; its time zone says when a month ended for the plan that it is measured against
CREATE FUNCTION compensation_stale_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (OLD.country, OLD.time_zone) IS DISTINCT FROM (NEW.country, NEW.time_zone) THEN
        INSERT INTO compensation_stale (kind, from_on) SELECT 'earnings', month_on FROM compensation_payperiod;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_company AFTER INSERT OR UPDATE ON salesys_organisation
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_company();
"""

BACKWARD = """
DROP TRIGGER compensation_stale_company ON salesys_organisation;
DROP FUNCTION compensation_stale_company();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0005_bad_margin"),
        ("salesys", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
