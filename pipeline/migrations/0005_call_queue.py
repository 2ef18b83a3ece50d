"""The call queue by time zone, what a slip takes back, and the board of open deals."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("pipeline", "0004_money"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("call_id", models.BigIntegerField()),
                ("called_on", models.DateField()),
                ("entry_before", models.JSONField(default=dict)),
                ("entry_after", models.JSONField(default=dict)),
                ("created", models.JSONField(default=dict)),
                ("logged_at", models.DateTimeField()),
            ],
            options={
                "base_manager_name": "all_rows",
                "default_manager_name": "all_rows",
            },
            managers=[
                ("all_rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="calllistentry",
            name="entry_waiting",
        ),
        migrations.AddField(
            model_name="calllistentry",
            name="time_zone",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="time zone"),
        ),
        migrations.AddIndex(
            model_name="calllistentry",
            index=models.Index(
                condition=models.Q(("not_before__isnull", True), ("reserved_for__isnull", True), ("state", "waiting")),
                fields=["call_list", "time_zone", "priority", "id"],
                name="entry_untouched",
            ),
        ),
        migrations.AddIndex(
            model_name="calllistentry",
            index=models.Index(
                condition=models.Q(("not_before__isnull", False), ("reserved_for__isnull", True), ("state", "waiting")),
                fields=["call_list", "not_before", "id"],
                name="entry_again",
            ),
        ),
        migrations.AddIndex(
            model_name="calllistentry",
            index=models.Index(condition=models.Q(("state", "claimed")), fields=["claimed_at"], name="entry_claimed"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(condition=models.Q(("status", "open")), fields=["stage", "next_step_on", "id"], name="deal_open"),
        ),
        migrations.AddField(
            model_name="lastcall",
            name="employee",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="last_call", to="accounts.employee"
            ),
        ),
        migrations.AddField(
            model_name="lastcall",
            name="entry",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="pipeline.calllistentry"
            ),
        ),
        migrations.AddConstraint(
            model_name="calllistentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "claimed")), fields=("company",), name="entry_one_caller_per_company"
            ),
        ),
    ]
