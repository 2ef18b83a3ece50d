"""The `vip` street in Django."""

from __future__ import annotations

from django.apps import AppConfig


class VipConfig(AppConfig):
    """Corporate clients: visits, surveys, problems and growth."""

    name = "vip"
    label = "vip"
    default_auto_field = "django.db.models.BigAutoField"
