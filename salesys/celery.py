"""The Celery application: reliable delivery and the static schedule, in UTC."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesys.settings")

app = Celery("salesys")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
