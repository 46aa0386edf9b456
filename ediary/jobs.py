"""Runs one registered job and keeps what it answered."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.core.cache import cache
from django.db import DatabaseError, connection

from common.errors import Refusal
from common.jobs import REGISTER

KEPT_FOR = 7 * 24 * 3600


class UnknownJob(Refusal):
    """No app registers a job of this name."""

    code = "unknown_job"
    message = "Такого задания нет."


def run(name: str, *, now: datetime) -> dict[str, object]:
    """Run the job as of `now` and return its report. Raises UnknownJob."""
    job = REGISTER.get(name)
    if job is None:
        raise UnknownJob(f"Нет задания «{name}». Есть: {', '.join(sorted(REGISTER))}.")
    started = time.monotonic()
    report: dict[str, object] = {"job": name, "at": now.isoformat()}
    with alone(name) as is_alone:
        report |= job.run(now) if is_alone else {"skipped": "already running"}
    report["seconds"] = round(time.monotonic() - started, 3)
    remember(name, report)
    return report


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold the job's lock in the database, so that two runs of one job never overlap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('job'), hashtext(%s))", [name])
        (is_alone,) = cursor.fetchone() or (False,)
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('job'), hashtext(%s))", [name])


def remember(name: str, report: Mapping[str, object]) -> None:
    """Keep the numbers of the last run for /metrics; without the cache there are none."""
    numbers = {
        key: value
        for key, value in report.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    try:
        cache.set(f"job:{name}", numbers | {"finished": time.time()}, KEPT_FOR)
    except DatabaseError:
        return


def last_runs() -> dict[str, dict[str, float]]:
    """Return the numbers of each job's last run."""
    try:
        kept = cache.get_many([f"job:{name}" for name in REGISTER])
    except DatabaseError:
        return {}
    return {key.removeprefix("job:"): value for key, value in kept.items()}
