"""Deals whose client was to change hands on a day that has come."""

from __future__ import annotations

from celery import shared_task

from pipeline.deals.following import follow_clients


@shared_task(name="pipeline.deals.tasks.follow_handed_over_clients")
def follow_handed_over_clients() -> None:
    """Every hour, harmless when repeated: a hand-over may be dated ahead."""
    follow_clients()
