"""Runs of batch work: one row per job and business date, claimed in PostgreSQL and visible to people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, closed_manager

log = structlog.get_logger()


class RunQuerySet(ScopedQuerySet["Run"]):
    scope = "runs"


class Run(ScopedModel):
    """Progress and result of one job for one business date (`key` tells several of a date apart)."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    job = models.CharField(max_length=64)
    business_date = models.DateField()
    key = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True, default="")

    objects: Any = closed_manager(RunQuerySet)
    all_rows = RunQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "business_date", "key"], name="run_once_per_job_and_date"),
            models.CheckConstraint(condition=Q(rows_done__gte=0, rows_total__gte=0), name="run_counts_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.business_date} {self.key}".strip()

    def report(self, *, done: int, total: int) -> None:
        """Show progress to people; call it between chunks, outside the chunk's transaction."""
        self.rows_done, self.rows_total = done, total
        self.save(update_fields=["rows_done", "rows_total"])


def advisory_lock(name: str) -> bool:
    """Take the session's advisory lock `name` if nobody has it; freed by `advisory_unlock` or when the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def advisory_unlock(name: str) -> None:
    """Give the lock back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@contextmanager
def held_in_turn(name: str) -> Iterator[None]:
    """Hold the session's advisory lock `name`, after whoever holds it now; a connection that ends gives it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        advisory_unlock(name)


@contextmanager
def claimed_run(
    *, job: str, business_date: date, key: str = "", started_by: Any = None, again: bool = False
) -> Iterator[Run | None]:
    """Claim the run of a job and date and work in it.

    Yields the `Run`, or None when another worker holds it, or when it is done and `again` is false: then there is nothing
    to do. A worker that dies loses its connection and with it the lock, so the next delivery takes the run over. An error
    inside marks the run as failed and is raised on, so that the broker's retry policy sees it.
    """
    lock = f"run:{job}:{business_date}:{key}"
    if not advisory_lock(lock):
        yield None
        return
    try:
        run, _created = Run.all_rows.get_or_create(
            job=job, business_date=business_date, key=key, defaults={"started_by": started_by}
        )
        if run.status == Run.Status.DONE and not again:
            yield None
            return
        yield from _work_in(run)
    finally:
        advisory_unlock(lock)


def _work_in(run: Run) -> Iterator[Run]:
    run.status, run.started_at, run.finished_at, run.error = Run.Status.RUNNING, clock.now(), None, ""
    run.attempts += 1
    run.save()
    try:
        yield run
    except BaseException as error:
        # An error's words may carry rows (`Key (tax_id)=(7701) already exists`), and runs are read by those who see no clients
        run.status, run.error = Run.Status.FAILED, type(error).__name__
        log.exception("run failed", job=run.job, business_date=str(run.business_date), key=run.key)
        raise
    else:
        run.status = Run.Status.DONE
    finally:
        run.finished_at = clock.now()
        run.save()
        log.info("run finished", job=run.job, business_date=str(run.business_date), status=run.status, rows=run.rows_done)
