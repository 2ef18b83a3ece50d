"""Nightly work of the house."""

from __future__ import annotations

from celery import shared_task

from accounts.people.services import end_due_accounts
from salesys.db import clock
from salesys.db.runs import claimed_run


@shared_task
def end_dismissed_accounts() -> None:
    """Close accounts whose dismissal was dated ahead and has come; once a day."""
    with claimed_run(job="end_dismissed_accounts", business_date=clock.today()) as run:
        if run is not None:
            run.result = {"closed": end_due_accounts()}
