"""Rare deeds are found without walking through all the others."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_personal_budget"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("action", "call.logged"), _negated=True), fields=["action", "-id"], name="audit_action"
            ),
        ),
    ]
