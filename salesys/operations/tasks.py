"""The heartbeat: proof that scheduler, queue and worker pass work on to each other."""

from __future__ import annotations

from celery import shared_task

from salesys.operations.heartbeat import beat


@shared_task(expires=60)
def beat_heartbeat() -> None:
    """Note that a job that the scheduler sent has been done; harmless when repeated."""
    beat()
