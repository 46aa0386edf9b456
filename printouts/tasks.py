import logging
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from printouts import making
from printouts.models import PrintJob

logger = logging.getLogger(__name__)


@shared_task(name="printouts.make")
def make(job_id: str, school_id: str) -> str:
    """Make a job's file."""
    return making.make(job_id=UUID(job_id), school_id=UUID(school_id), now=timezone.now())


def start(job: PrintJob) -> None:
    """Hand the job to a worker when it is committed.

    Without the broker it waits in the database, where the periodic job finds it.
    """
    arguments = (str(job.pk), str(job.school_id))

    def publish() -> None:
        try:
            make.delay(*arguments)
        except OperationalError:
            logger.warning("broker away: print job waits")

    transaction.on_commit(publish)
