"""Claims of one person are found by person: no other index of claims can be walked for them, however few there were."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0009_payment_indexes")]

    operations = [
        migrations.RemoveConstraint(model_name="calllistentry", name="entry_one_caller_per_company"),
        migrations.RemoveIndex(model_name="calllistentry", name="entry_claimed"),
        migrations.AddIndex(
            model_name="calllistentry",
            index=models.Index(
                condition=models.Q(("claimed_at__isnull", False), ("state", "claimed")), fields=["claimed_at"], name="entry_claimed"
            ),
        ),
        migrations.AddConstraint(
            model_name="calllistentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("company__gt", 0), ("state", "claimed")),
                fields=("company",),
                name="entry_one_caller_per_company",
            ),
        ),
    ]
