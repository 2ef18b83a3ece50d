"""Commission runs by the worker: every night, and when somebody asks."""

from __future__ import annotations

from datetime import date, timedelta

from celery import shared_task

from compensation.ledger.commissions import run_commissions
from compensation.ledger.credits import JOB
from salesys.db import clock
from salesys.db.runs import Run

NIGHTLY = "nightly"
LOST_AFTER = timedelta(minutes=10)


@shared_task(name="compensation.tasks.run_nightly_commissions", acks_late=True, reject_on_worker_lost=True)
def run_nightly_commissions(business_date: str | None = None) -> None:
    """Compute what is stale as of the date; once a day, harmless when repeated.

    The schedule asks every hour, so that a day whose first hours were missed is caught up. Runs that somebody asked for and
    that a broker or a dying worker has lost are enqueued again.
    """
    as_of = date.fromisoformat(business_date) if business_date else clock.today()
    run_commissions(actor=None, as_of=as_of, key=NIGHTLY, again=False)
    for run_id in lost_runs():
        compute_commissions.delay(run_id)


@shared_task(name="compensation.tasks.compute_commissions", acks_late=True, reject_on_worker_lost=True)
def compute_commissions(run_id: int) -> None:
    """Do the run that somebody asked for; nothing when it is done or another worker holds it."""
    run = Run.all_rows.filter(pk=run_id, job=JOB).first()
    if run is not None:
        run_commissions(actor=run.started_by, as_of=run.business_date, key=run.key, full=run.key.startswith("full"), again=False)


def lost_runs() -> list[int]:
    """Runs that were asked for a while ago and are neither done nor failed."""
    waiting = Run.all_rows.filter(job=JOB, status__in=[Run.Status.WAITING, Run.Status.RUNNING]).exclude(key=NIGHTLY)
    return list(waiting.filter(requested_at__lt=clock.now() - LOST_AFTER).order_by("pk").values_list("pk", flat=True))
