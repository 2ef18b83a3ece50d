"""First administrators of older installations become people: only people can be signed out, re-addressed and dismissed."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
INSERT INTO accounts_employee (user_id, full_name, hired_on)
SELECT id, left(initcap(translate(split_part(email, '@', 1), '._-', '   ')), 200), created_at::date
FROM accounts_user
WHERE is_superuser AND NOT EXISTS (SELECT FROM accounts_employee WHERE user_id = accounts_user.id)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_audit_by_action")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
