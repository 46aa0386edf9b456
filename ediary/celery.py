"""The Celery application: jobs that may run twice, and the beat that starts the periodic ones."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

from common.jobs import REGISTER, Job

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ediary.settings")

app = Celery("ediary")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**_: Any) -> None:
    """Django's settings configure logging; Celery must not replace it."""


def schedule() -> None:
    """Give beat one entry for each registered job."""
    app.conf.beat_schedule = {name: entry(job) for name, job in REGISTER.items()}


def entry(job: Job) -> dict[str, Any]:
    """Return the beat entry of a job; a run that waited for the next one is dropped."""
    if job.at is not None:
        hour, minute = (int(part) for part in job.at.split(":"))
        when: Any = crontab(hour=hour, minute=minute)
        expires = 3600.0
    else:
        when = job.every
        expires = job.every.total_seconds() if job.every else 0
    return {
        "task": "ediary.run_job",
        "schedule": when,
        "args": [job.name],
        "options": {"expires": expires},
    }
