"""Nightly work of the house, and its letters."""

from __future__ import annotations

from collections.abc import Sequence

from celery import shared_task
from django.core.mail import EmailMessage

from accounts.people.services import end_due_accounts
from salesys.db import clock
from salesys.db.runs import claimed_run


@shared_task
def end_dismissed_accounts() -> None:
    """Close accounts whose dismissal was dated ahead and has come; once a day."""
    with claimed_run(job="end_dismissed_accounts", business_date=clock.today()) as run:
        if run is not None:
            run.result = {"closed": end_due_accounts()}


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=5)
def send_letter(subject: str, text: str, sender: str, recipients: Sequence[str]) -> None:
    """Send one letter; a mail server that does not answer is asked again for a quarter of an hour."""
    EmailMessage(subject, text, sender, list(recipients)).send()
