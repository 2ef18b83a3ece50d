"""The `compensation` street in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CompensationConfig(AppConfig):
    """Pay schemes, ledger and statements."""

    name = "compensation"
    label = "compensation"
    default_auto_field = "django.db.models.BigAutoField"
