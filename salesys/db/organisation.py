"""The company whose sales department this installation serves: one row."""

from __future__ import annotations

import time
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesys.db.fields import RateField

FRESH_SECONDS = 30


def check_time_zone(name: str) -> None:
    """Refuse names that the IANA database does not have."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Choose one such as Europe/Moscow."), params={"name": name})


class Organisation(models.Model):
    """Name, currency, time zone and country of the company; `set_up_at` is empty until the first administrator is done."""

    name = models.CharField(_("company"), max_length=200)
    currency = models.CharField(_("currency"), max_length=3, default="RUB", help_text=_("ISO 4217 code"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow", validators=[check_time_zone])
    country = models.CharField(_("country of the calendar"), max_length=2, default="RU", help_text=_("ISO 3166 code"))
    vat_rate = RateField(_("VAT rate"), default=Decimal("0.20"))
    set_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="organisation_is_one_row")]

    def __str__(self) -> str:
        return self.name


class _Known:
    """The row as this process has read it last."""

    row: Organisation | None = None
    read_at = 0.0


def organisation() -> Organisation:
    """The company's row, at most half a minute old; defaults before the first administrator has set it up."""
    if _Known.row is None or time.monotonic() - _Known.read_at > FRESH_SECONDS:
        _Known.row = Organisation.objects.filter(pk=1).first() or Organisation(pk=1)
        _Known.read_at = time.monotonic()
    return _Known.row


def forget_organisation() -> None:
    """Read the row again at the next question; called by whoever changes it."""
    _Known.row = None


def company_time_zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(organisation().time_zone)
