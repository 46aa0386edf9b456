from celery import shared_task
from django.utils import timezone

from ediary import jobs


@shared_task(name="ediary.run_job")
def run_job(name: str) -> dict[str, object]:
    """Run a periodic job now."""
    return jobs.run(name, now=timezone.now())
