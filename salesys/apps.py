"""The project itself as a Django app: base models, commands and template tags that belong to no street."""

from __future__ import annotations

from django.apps import AppConfig


class SalesysConfig(AppConfig):
    """Shared database mechanisms, the shell and the commands of the project."""

    name = "salesys"
    label = "salesys"
    default_auto_field = "django.db.models.BigAutoField"
