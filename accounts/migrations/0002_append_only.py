"""The audit trail refuses to be changed, by anyone the trigger fires for."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE TRIGGER accounts_auditevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("salesys", "0002_functions")]
    operations = [migrations.RunSQL(FORWARD, "DROP TRIGGER accounts_auditevent_append_only ON accounts_auditevent")]
