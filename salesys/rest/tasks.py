"""What the API leaves behind is cleared away."""

from __future__ import annotations

from celery import shared_task

from salesys.rest.idempotency import forget_old_answers


@shared_task(name="salesys.rest.tasks.forget_kept_responses")
def forget_kept_responses() -> None:
    """Delete answers whose keys nobody sends any more."""
    forget_old_answers()
