"""Figures for Prometheus beside those of each request: the queue, the heartbeat, the batch runs."""

from __future__ import annotations

from collections.abc import Iterator

import redis
from django.conf import settings
from django.db.models import Count, Max
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from salesys.db.replicas import look_at
from salesys.db.runs import Run
from salesys.operations import heartbeat

CONTENT_TYPE = CONTENT_TYPE_LATEST


class InstallationCollector(Collector):
    """What is the same whichever process is asked; 1 SQL statement, and 1 on each replica."""

    def collect(self) -> Iterator[Metric]:
        """Each figure with its labels."""
        age = heartbeat.age()
        yield GaugeMetricFamily(
            "salesys_heartbeat_age_seconds", "Since a job came through the queue", value=-1 if age is None else age
        )
        yield GaugeMetricFamily("salesys_queue_length", "Jobs that wait for a worker", value=queue_length())
        runs = GaugeMetricFamily("salesys_runs", "Batch runs", labels=["job", "status"])
        latest = GaugeMetricFamily("salesys_run_finished_timestamp_seconds", "When a run ended last", labels=["job", "status"])
        rows = Run.all_rows.order_by().values_list("job", "status").annotate(Count("id"), Max("finished_at"))
        for job, status, count, finished_at in rows:
            runs.add_metric([job, status], count)
            if finished_at:
                latest.add_metric([job, status], finished_at.timestamp())
        lags = GaugeMetricFamily("salesys_replica_lag_seconds", "Behind the primary; -1: no answer", labels=["replica"])
        for replica in map(look_at, settings.REPLICAS):
            lags.add_metric([replica.alias], -1 if replica.lag is None else replica.lag)
        yield from (runs, latest, lags)


def queue_length() -> int:
    """How many jobs wait in the default queue."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen(f"{prefix}celery"))


def page() -> bytes:
    """Everything in Prometheus's text form; figures of several web processes are added up."""
    registry: CollectorRegistry = REGISTRY
    if settings.PROMETHEUS_FOLDER:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=settings.PROMETHEUS_FOLDER)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(InstallationCollector())
    return generate_latest(registry) + generate_latest(own)
