"""What a run could not compute, by payee, component and month; only choices that the engine can read are stored."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_subordinates"),
        ("compensation", "0003_load_as_select"),
        ("pipeline", "0007_claim_entry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UncomputedEarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month_on", models.DateField(db_index=True, verbose_name="month")),
                ("problem", models.CharField(max_length=40, verbose_name="problem")),
                ("detail", models.CharField(blank=True, default="", max_length=200, verbose_name="detail")),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("accepted_note", models.CharField(blank=True, default="", max_length=300, verbose_name="why it is accepted")),
            ],
            options={
                "ordering": ["month_on", "payee_id", "component_id"],
                "base_manager_name": "all_rows",
                "default_manager_name": "all_rows",
            },
            managers=[
                ("all_rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credit_role__in", ["", "hunter", "account_manager", "telesales", "vip"]),
                    ("basis__in", ["", "revenue", "margin"]),
                    ("newness__in", ["", "any", "new", "residual"]),
                    ("tier_on__in", ["", "amount", "attainment"]),
                    ("tier_mode__in", ["", "marginal", "whole"]),
                    ("step_unit__in", ["", "sum", "salary_share"]),
                ),
                name="component_choices_are_known",
            ),
        ),
        migrations.AddField(
            model_name="uncomputedearning",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="uncomputedearning",
            name="component",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="compensation.component"),
        ),
        migrations.AddField(
            model_name="uncomputedearning",
            name="payee",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.employee"),
        ),
        migrations.AddConstraint(
            model_name="uncomputedearning",
            constraint=models.UniqueConstraint(fields=("payee", "component", "month_on"), name="uncomputed_earning_once"),
        ),
    ]
