"""What falls to a month in which its seller is not there goes back to the level above."""

from __future__ import annotations

from decimal import Decimal

from django.db import migrations, models

import salesys.db.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_subordinates"),
        ("planning", "0002_agreed_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="sellermonth",
            name="returned",
            field=salesys.db.fields.MoneyField(db_default=Decimal("0"), decimal_places=2, default=Decimal("0"), max_digits=18),
        ),
        migrations.AddConstraint(
            model_name="sellermonth",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned", 0), models.Q(("deals", 0), ("gap", 0), ("returned__gt", 0)), _connector="OR"),
                name="seller_month_asks_or_returns",
            ),
        ),
    ]
