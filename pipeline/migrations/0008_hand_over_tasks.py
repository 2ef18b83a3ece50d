"""Tasks to hand over the clients of somebody who is dismissed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_subordinates"),
        ("pipeline", "0007_claim_entry"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="person",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.employee"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("research", "research"),
                    ("call_back", "call back"),
                    ("letter", "letter"),
                    ("meeting", "meeting"),
                    ("follow_up", "follow-up"),
                    ("documents", "documents"),
                    ("hand_over", "hand over clients"),
                    ("other", "other"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "hand_over"), ("person__isnull", False)),
                    models.Q(models.Q(("kind", "hand_over"), _negated=True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="task_hand_over_names_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "hand_over"), ("status__in", ["open", "in_progress"])),
                fields=("person",),
                name="task_one_hand_over_at_a_time",
            ),
        ),
    ]
