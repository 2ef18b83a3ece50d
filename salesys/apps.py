"""The project itself as a Django app: base models, commands and template tags that belong to no street."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from salesys.operations.logs import configure_structlog


class SalesysConfig(AppConfig):
    """Shared database mechanisms, the shell and the commands of the project."""

    name = "salesys"
    label = "salesys"
    # Two configurations stand in this file: without the mark Django would take neither
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set up logging, and the Celery application that `shared_task` binds to in every process."""
        configure_structlog()
        import_module("salesys.celery")


class ServedFilesConfig(StaticFilesConfig):
    """Static files without those of libraries that no page asks for: compressing them took most of a first start."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx", "redoc", "rest_framework"]
