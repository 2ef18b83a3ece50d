"""The sweeper of the call queue."""

from __future__ import annotations

from celery import shared_task

from pipeline.calling.claims import add_up_counts
from pipeline.calling.leaving import give_tasks_of_leavers
from pipeline.calling.services import release_stale_claims


@shared_task
def sweep_claims() -> None:
    """Free what was forgotten or left behind, and add the counts of lists up; harmless when repeated or run twice at once."""
    release_stale_claims()
    give_tasks_of_leavers()
    add_up_counts()
