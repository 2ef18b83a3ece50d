"""The `accounts` street in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, structure, access, hiring and growth."""

    name = "accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
