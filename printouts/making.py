"""The worker's part: one job becomes one file. It may be run twice, and after a crash again."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import connection

from people.scope import scope
from printouts import pdf
from printouts.documents import WEEK_EXTRACT
from printouts.errors import JobStopped
from printouts.models import Extract, JobState, PrintJob
from printouts.queries import ACTIVE
from printouts.registry import Sheet, document_of

FAILED = (
    "Документ не получилось подготовить. Повторите; если не поможет, обратитесь к администратору."
)
KEPT = timedelta(days=30)


def make(*, job_id: UUID, school_id: UUID, now: datetime) -> str:
    """Make the job's file, unless another worker is at it or it is over; return the job's state.

    The rows are read in one short transaction, each document's progress is another, and the
    finished file is recorded in a third: a crash between leaves a job that can be made again.
    """
    with alone(job_id) as is_alone:
        if not is_alone:
            return JobState.RUNNING
        with scope([school_id]):
            job = _begin(job_id)
            if job is None:
                return _state(job_id)
            sheets = document_of(job.kind).read(job, now)
            PrintJob.objects.filter(pk=job_id).update(total=len(sheets))
        try:
            made = _lay_out(job, sheets)
        except JobStopped:
            return JobState.CANCELLED
        except Exception:
            with scope([school_id]):
                _fail(job_id, now)
            raise
        with scope([school_id]):
            return _finish(job_id, sheets, made, now)


@contextmanager
def alone(job_id: UUID) -> Iterator[bool]:
    """Hold the job while it is made. The database lets go of it when the worker dies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_lock(hashtext('print'), hashtext(%s))", [str(job_id)]
        )
        (is_alone,) = cursor.fetchone() or (False,)
    try:
        yield bool(is_alone)
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(hashtext('print'), hashtext(%s))", [str(job_id)]
                )


def _begin(job_id: UUID) -> PrintJob | None:
    """Take the job. One that is «running» while nobody holds it was left by a dead worker."""
    found = PrintJob.objects.select_for_update(of=("self",)).filter(pk=job_id, state__in=ACTIVE)
    job = found.select_related("school_class__school").first()
    if job is not None:
        job.state, job.done, job.error = JobState.RUNNING, 0, ""
        job.save(update_fields=["state", "done", "error"])
    return job


def _state(job_id: UUID) -> str:
    return PrintJob.objects.filter(pk=job_id).values_list("state", flat=True).first() or "gone"


def _lay_out(job: PrintJob, sheets: Sequence[Sheet]) -> pdf.Pdf:
    """Return the file, telling the progress after each document. Raises JobStopped."""

    def progress(done: int) -> None:
        with scope([job.school_id]):
            running = PrintJob.objects.filter(pk=job.pk, state=JobState.RUNNING)
            if not running.update(done=done):
                raise JobStopped

    kind = document_of(job.kind)
    contexts = ({kind.name: sheet, "title": job.title} for sheet in sheets)
    return pdf.bind(
        kind.template, contexts, style=kind.style, variant=kind.variant, on_sheet=progress
    )


def _finish(job_id: UUID, sheets: Sequence[Sheet], made: pdf.Pdf, now: datetime) -> str:
    """Keep the file and what it proves, all or nothing."""
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    if job.state != JobState.RUNNING:
        return job.state
    if job.kind == WEEK_EXTRACT.kind:
        Extract.objects.bulk_create(
            Extract(
                school_id=job.school_id,
                job=job,
                pupil_id=sheet.pupil_id,
                week=date.fromisoformat(job.parameters["week"]),
                code=sheet.code,
                version=sheet.version,
                pages=pages,
                printed_at=now,
            )
            for sheet, pages in zip(sheets, made.sheets, strict=True)
        )
    job.stored.save(f"{job.pk}.pdf", ContentFile(made.content), save=False)
    job.state, job.done, job.finished_at = JobState.DONE, len(sheets), now
    job.pages, job.size = made.pages, len(made.content)
    job.sha256 = hashlib.sha256(made.content).hexdigest()
    job.save()
    return job.state


def _fail(job_id: UUID, now: datetime) -> None:
    running = PrintJob.objects.filter(pk=job_id, state=JobState.RUNNING)
    running.update(state=JobState.FAILED, error=FAILED, finished_at=now)


def remove_old_files(*, schools: Sequence[UUID], now: datetime) -> int:
    """Delete files whose time is over: they hold personal data, and can be made again."""
    with scope(schools):
        old = PrintJob.objects.filter(finished_at__lt=now - KEPT).exclude(stored="")
        jobs = list(old.order_by("pk"))
        for job in jobs:
            job.stored.delete(save=False)
        PrintJob.objects.filter(pk__in=[job.pk for job in jobs]).update(stored="")
    return len(jobs)
