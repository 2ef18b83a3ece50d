"""Which part of the warm contacts telesales bring: the others came by themselves."""

from __future__ import annotations

from django.db import migrations, models

import salesys.db.fields


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_parts_that_come_back")]

    operations = [
        migrations.AddField(
            model_name="stagemeasure",
            name="share",
            field=salesys.db.fields.RateField(db_default=1, decimal_places=6, default=1, max_digits=9),
        ),
        migrations.AddConstraint(
            model_name="stagemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="measure_share_is_a_share"
            ),
        ),
    ]
