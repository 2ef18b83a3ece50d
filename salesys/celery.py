"""The Celery application: reliable delivery, the static schedule in UTC, the request's id carried along into its jobs."""

from __future__ import annotations

import logging.config
import os
from pathlib import Path
from typing import Any

import structlog
from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesys.settings")

app = Celery("salesys")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # web threads have no current application of their own
app.autodiscover_tasks(lambda: packages_with_tasks(settings.BASE_DIR))


def packages_with_tasks(root: Path) -> list[str]:
    """Every street and house that has a `tasks.py`, as a package name."""
    streets = ("salesys", "accounts", "pipeline", "planning", "compensation", "vip")
    found = [path for street in streets for path in sorted((root / street).glob("**/tasks.py"))]
    return [".".join(path.parent.relative_to(root).parts) for path in found]


@signals.setup_logging.connect
def use_our_logs(**kwargs: Any) -> None:
    """Log as the web processes do."""
    logging.config.dictConfig(settings.LOGGING)


@signals.before_task_publish.connect
def send_request_id(headers: dict[str, Any], **kwargs: Any) -> None:
    """Let a job know which request asked for it."""
    identity = structlog.contextvars.get_contextvars().get("request_id")
    if identity:
        headers["request_id"] = identity


@signals.task_prerun.connect
def bind_task(task: Any, task_id: str, **kwargs: Any) -> None:
    """Put the job's and the request's id into every line that the job logs."""
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    if getattr(task.request, "request_id", None):
        structlog.contextvars.bind_contextvars(request_id=task.request.request_id)


@signals.task_postrun.connect
def unbind_task(task: Any, **kwargs: Any) -> None:
    """Forget them; a job that runs inside a request leaves that request its id."""
    structlog.contextvars.unbind_contextvars("task", "task_id", *(() if task.request.is_eager else ("request_id",)))


@signals.worker_ready.connect
def prove_the_way(**kwargs: Any) -> None:
    """Send a heartbeat as soon as there is a worker, not only at the scheduler's next turn."""
    app.send_task("salesys.operations.tasks.beat_heartbeat")
