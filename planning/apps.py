"""The `planning` street in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Goals, cascade, tasks and control."""

    name = "planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The streets below ask through hooks; models are there only now."""
        from planning.hooks import register

        register()
