"""The sweeper of the call queue."""

from __future__ import annotations

from celery import shared_task

from pipeline.calling.services import release_stale_claims


@shared_task
def sweep_claims() -> None:
    """Free entries that were forgotten; every few minutes, harmless when repeated or run twice at once."""
    release_stale_claims()
