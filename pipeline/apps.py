"""The `pipeline` street in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """Clients, calls, deals and money."""

    name = "pipeline"
    label = "pipeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Accounts asks through hooks; models are there only now."""
        from pipeline.hooks import register

        register()
