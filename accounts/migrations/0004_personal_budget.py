"""A person may have a budget for opening contacts of their own; no budget is without an end."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_subordinates"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonalBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("per_day", models.PositiveIntegerField(verbose_name="per day")),
                ("per_month", models.PositiveIntegerField(verbose_name="per month")),
            ],
            options={
                "base_manager_name": "all_rows",
                "default_manager_name": "all_rows",
            },
            managers=[
                ("all_rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="revealbudget",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_day__lte", 200), ("per_month__lte", 2000)), name="reveal_budget_is_far_below_the_base"
            ),
        ),
        migrations.AddField(
            model_name="personalbudget",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="personalbudget",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_month__gte", models.F("per_day"))), name="personal_budget_month_covers_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="personalbudget",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_day__lte", 200), ("per_month__lte", 2000)), name="personal_budget_is_far_below_the_base"
            ),
        ),
    ]
