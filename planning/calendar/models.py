"""Corrections of the working calendar: the country's holidays come from a library, the company's own days from here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, closed_manager


class CalendarQuerySet(ScopedQuerySet["CalendarCorrection"]):
    scope = "structure"


class CalendarCorrection(ScopedModel):
    """One day on which the company works otherwise than its country: 0 hours is a day off, 8 a whole day."""

    on = models.DateField(_("date"), unique=True)
    hours = models.PositiveSmallIntegerField(_("working hours"))
    reason = models.CharField(_("reason"), max_length=200)

    objects: Any = closed_manager(CalendarQuerySet)
    all_rows = CalendarQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["on"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__lte=12), name="calendar_hours_of_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="calendar_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.hours}"
