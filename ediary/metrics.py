"""Numbers for Prometheus: requests of all web processes, jobs, broker.

Processes share their counters through files in PROMETHEUS_MULTIPROC_DIR (set by `gunicorn.conf.py`).
"""

import os
from collections.abc import Iterator

from django.conf import settings
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from redis import Redis
from redis.exceptions import RedisError

from ediary import jobs

CONTENT_TYPE = CONTENT_TYPE_LATEST
REQUESTS = Counter(
    "ediary_http_requests", "Answers by route and status", ["method", "route", "status"]
)
SECONDS = Histogram(
    "ediary_http_request_seconds",
    "Time to answer by route",
    ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Gauges:
    """What is asked at the moment of the scrape."""

    def collect(self) -> Iterator[Metric]:
        waiting = queue_length()
        yield GaugeMetricFamily("ediary_broker_up", "The broker answers", waiting is not None)
        yield GaugeMetricFamily("ediary_tasks_waiting", "Tasks in the queue", waiting or 0)
        finished = GaugeMetricFamily(
            "ediary_job_finished_timestamp_seconds", "When the job last ended", labels=["job"]
        )
        told = GaugeMetricFamily(
            "ediary_job_result", "Numbers of the job's last report", labels=["job", "name"]
        )
        for name, numbers in jobs.last_runs().items():
            for key, value in numbers.items():
                if key == "finished":
                    finished.add_metric([name], value)
                else:
                    told.add_metric([name, key], value)
        yield finished
        yield told


def broker() -> Redis:
    """Return a client of the broker that gives up within a second."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def queue_length() -> int | None:
    """Return the number of waiting tasks, None without the broker."""
    try:
        with broker() as client:
            return int(client.llen("celery"))
    except RedisError:
        return None


def page() -> bytes:
    """Return the metrics of all web processes in Prometheus' text form."""
    registry = CollectorRegistry()
    registry.register(Gauges())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
