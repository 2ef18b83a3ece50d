"""A statement: the sum of a payee's lines in a period, read through a view of the database."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from compensation.ledger.models import CommissionQuerySet
from salesys.db.base import ScopedModel
from salesys.db.fields import MoneyField
from salesys.db.scope import closed_manager
from salesys.kernel.periods import Month


class Statement(ScopedModel):
    """What a payee gets in a period; `adjustment_amount` is the part that belongs to earlier months."""

    id = models.BigIntegerField(primary_key=True)
    payee = models.ForeignKey(
        Employee, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("payee")
    )
    period_on = models.DateField(_("period"))
    amount = MoneyField(_("amount"))
    adjustment_amount = MoneyField(_("adjustments"))
    line_count = models.IntegerField(_("lines"))

    objects: Any = closed_manager(CommissionQuerySet)
    all_rows: Any = CommissionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "compensation_statement"
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-period_on", "payee_id"]

    def __str__(self) -> str:
        return f"{self.payee_id} {self.month}"

    @property
    def month(self) -> Month:
        """The period's month."""
        return Month.of(self.period_on)
