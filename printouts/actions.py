"""Verbs of printing that users call; the worker's part stands in `making`."""

from datetime import date, datetime

from django.db import transaction

from common.errors import require
from common.templatetags.words import week_range
from consent.enums import PurposeCode
from consent.models import ConsentText
from consent.queries import texts
from consent.wording import PAST
from people.models import User
from printouts import policy, queries, queries_consents
from printouts.documents import WEEK_EXTRACT
from printouts.enums import CONSENT_FORMS, Who, WhoSigns
from printouts.errors import JobOver, NobodyToPrintFor, NobodyToSign, WeekAhead, WordingOver
from printouts.models import Download, JobState, PrintJob
from school.models import SchoolClass

WHOSE = {Who.PAPER: "семьи на бумаге", Who.ALL: "весь класс"}


@transaction.atomic
def order_extracts(
    *, by: User, school_class: SchoolClass, week: date, who: Who, now: datetime
) -> PrintJob:
    """Order the week's extracts of a class; a second press while they are made finds the first order.

    Raises Forbidden, WeekAhead, NobodyToPrintFor.
    """
    require(policy.can_print_class(by, school_class))
    if week > school_class.school.local_date(now):
        raise WeekAhead
    # Of two presses at once the second waits here for the first.
    SchoolClass.objects.select_for_update(of=("self",)).get(pk=school_class.pk)
    parameters = {"week": week.isoformat(), "who": str(who)}
    same = PrintJob.objects.filter(
        kind=WEEK_EXTRACT.kind,
        school_class=school_class,
        parameters=parameters,
        ordered_by=by,
        state__in=queries.ACTIVE,
    ).first()
    if same is not None:
        return same
    pupils = queries.pupils_to_print(school_class, week, who=who, now=now)
    if not pupils:
        raise NobodyToPrintFor
    return PrintJob.objects.create(
        school_id=school_class.school_id,
        kind=WEEK_EXTRACT.kind,
        title=f"Выписки {school_class.name} за {week_range(week)} {week.year} ({WHOSE[who]})",
        school_class=school_class,
        parameters=parameters,
        total=len(pupils),
        ordered_by=by,
        ordered_at=now,
    )


@transaction.atomic
def order_consents(
    *, by: User, school_class: SchoolClass, text: ConsentText, who: WhoSigns, now: datetime
) -> PrintJob:
    """Order the forms of a consent for a class; a second press while they are made finds the first order.

    Raises Forbidden, WordingOver, NobodyToSign.
    """
    require(policy.can_print_consents(by, school_class))
    require(text.school_id == school_class.school_id)
    day = school_class.school.local_date(now)
    if texts.version_of(text, day=day).state == PAST:
        raise WordingOver
    # Of two presses at once the second waits here for the first.
    SchoolClass.objects.select_for_update(of=("self",)).get(pk=school_class.pk)
    parameters = {"text": str(text.pk), "who": str(who)}
    same = PrintJob.objects.filter(
        kind=CONSENT_FORMS,
        school_class=school_class,
        parameters=parameters,
        ordered_by=by,
        state__in=queries.ACTIVE,
    ).first()
    if same is not None:
        return same
    total = queries_consents.signers(school_class, text, who=who, day=day).count()
    if not total:
        raise NobodyToSign
    purpose = PurposeCode(text.purpose.code).label
    return PrintJob.objects.create(
        school_id=school_class.school_id,
        kind=CONSENT_FORMS,
        title=f"Бланки согласий {school_class.name}: {purpose[0].lower()}{purpose[1:]}",
        school_class=school_class,
        parameters=parameters,
        total=total,
        ordered_by=by,
        ordered_at=now,
    )


@transaction.atomic
def cancel(*, by: User, job: PrintJob, now: datetime) -> PrintJob:
    """Stop a job that is not over; the worker notices before the next document. Raises JobOver."""
    require(_may_steer(by, job))
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in queries.ACTIVE:
        raise JobOver
    job.state, job.finished_at = JobState.CANCELLED, now
    job.save(update_fields=["state", "finished_at"])
    return job


@transaction.atomic
def repeat(*, by: User, job: PrintJob, now: datetime) -> PrintJob:
    """Put a failed or cancelled job into the queue again. Raises JobOver for one that is done."""
    require(_may_steer(by, job))
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise JobOver
    job.state, job.ordered_at, job.finished_at = JobState.WAITING, now, None
    job.done, job.error = 0, ""
    job.save(update_fields=["state", "ordered_at", "finished_at", "done", "error"])
    return job


def record_download(*, by: User, job: PrintJob, now: datetime) -> None:
    """Remember who took the file away."""
    Download.objects.create(school_id=job.school_id, job=job, user=by, at=now)


def _may_steer(user: User, job: PrintJob) -> bool:
    if job.school_class is None:
        return False
    can = policy.can_print_consents if job.kind == CONSENT_FORMS else policy.can_print_class
    return can(user, job.school_class)
