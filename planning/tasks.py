"""Nightly work of the street."""

from __future__ import annotations

from datetime import date

from celery import shared_task

from planning.cascade.services import recascade
from planning.goals.models import YearPlan
from salesys.db import clock
from salesys.db.runs import claimed_run

JOB = "recascade_plans"


@shared_task(acks_late=True, reject_on_worker_lost=True)
def recascade_plans(business_date: str | None = None) -> None:
    """Pace every plan that is in force anew as of the date; once a day, harmless when repeated.

    The schedule asks every hour, so that a day whose first hours were missed is caught up; the `Run` row of the date says
    that it is done. Plans of years that are over are left alone.
    """
    as_of = date.fromisoformat(business_date) if business_date else clock.today()
    with claimed_run(job=JOB, business_date=as_of) as run:
        if run is None:
            return
        plans = list(YearPlan.all_rows.filter(status=YearPlan.Status.AGREED, year__gte=as_of.year).order_by("year"))
        changed = 0
        run.report(done=0, total=len(plans))
        for done, plan in enumerate(plans, start=1):
            changed += recascade(plan=plan, as_of=as_of).changed
            run.report(done=done, total=len(plans))
        run.result = {"plans": len(plans), "changed_targets": changed}
