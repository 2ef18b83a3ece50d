"""What a slip takes back is kept in more detail: outcomes logged before that cannot be taken back any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0011_claim_entry")]
    operations = [migrations.RunSQL("DELETE FROM pipeline_lastcall", migrations.RunSQL.noop)]
