"""What is printed, and how far the jobs are."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from diary import queries as diary
from diary.pages import Week, iso_week
from people.models import Pupil, User
from people.roles import Role
from printouts.codes import new_code, qr_svg
from printouts.enums import Who
from printouts.models import Extract, JobState, PrintJob
from printouts.pages import Average, Genuine, JobPage, WeekExtract
from printouts.registry import counted_as
from school.calendar import school_year
from school.models import Membership, SchoolClass
from school.rules import classes_led, pupils_led

ACTIVE = (JobState.WAITING, JobState.RUNNING)
RECENT = 30
# After so long in the queue nobody seems to be working on it.
PATIENCE = timedelta(seconds=20)


def pupils_to_print(
    school_class: SchoolClass, week: date, *, who: str, now: datetime
) -> list[UUID]:
    """Return the pupils whose families get the week's extract, in the class's order.

    The desk decides who takes paper, so that its figures and the printed pile agree.
    """
    rows = diary.desk(school_class, week, now=now).rows
    return [row.pupil_id for row in rows if who == Who.ALL or row.on_paper]


def week_extracts(job: PrintJob, now: datetime) -> list[WeekExtract]:
    """Return the job's extracts: the weeks as the diary shows them."""
    if job.school_class is None:
        return []
    week = date.fromisoformat(job.parameters["week"])
    ids = pupils_to_print(job.school_class, week, who=job.parameters["who"], now=now)
    found = Pupil.objects.filter(pk__in=ids).select_related("school").in_bulk()
    pupils = [found[pk] for pk in ids]
    weeks = diary.weeks(pupils, week, user=None, now=now)
    return [_extract(pupil, shown, now=now) for pupil, shown in zip(pupils, weeks, strict=True)]


def _extract(pupil: Pupil, week: Week, *, now: datetime) -> WeekExtract:
    saturday = week.now.replace(hour=12) + (week.monday + timedelta(days=5) - week.now.date())
    marks = diary.marks(pupil, now=min(week.now, saturday))
    code = new_code()
    address = f"{settings.PUBLIC_URL}/verify/{code}"
    return WeekExtract(
        week=week,
        period=marks.period.name if marks.period else "",
        averages=tuple(
            Average(
                subject=subject.subject,
                average=subject.average,
                weighted=subject.weighted if subject.weighted != subject.average else None,
            )
            for subject in marks.subjects
            if subject.average is not None
        ),
        code=code,
        address=address,
        qr=qr_svg(address, title="Код для проверки подлинности выписки"),
        printed_on=pupil.school.local_date(now),
    )


def recent_jobs(user: User, *, now: datetime, kind: str = "") -> tuple[JobPage, ...]:
    """Return the last jobs, of a kind or of all, whose files the user may take."""
    jobs = PrintJob.objects.visible_to(user).select_related("school")
    if kind:
        jobs = jobs.filter(kind=kind)
    return tuple(job_page(job, now=now) for job in jobs.order_by("-ordered_at", "-pk")[:RECENT])


def job_page(job: PrintJob, *, now: datetime) -> JobPage:
    """Return how far a job is, on the school's clock."""
    zone = job.school.zone

    def clock(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    return JobPage(
        job_id=job.pk,
        title=job.title,
        kind=job.kind,
        counted=counted_as(job.kind),
        state=job.state,
        state_words=job.get_state_display(),
        total=job.total,
        done=job.done,
        error=job.error,
        ordered_at=clock(job.ordered_at),
        finished_at=clock(job.finished_at) if job.finished_at else None,
        pages=job.pages,
        size=job.size,
        has_file=bool(job.stored),
        is_stuck=job.state == JobState.WAITING and now - job.ordered_at > PATIENCE,
    )


def classes_to_print(user: User) -> list[SchoolClass]:
    """Return this year's classes that the user may print for, in the school's order."""
    year = school_year(user.today)
    return list(
        SchoolClass.objects.visible_to(user).filter(year=year).select_related("school").in_order()
    )


def abandoned(schools: Sequence[UUID], *, before: datetime) -> list[tuple[UUID, UUID]]:
    """Return jobs (id, school) that wait longer than they should, and those that a worker left."""
    jobs = PrintJob.objects.filter(school__in=schools, state__in=ACTIVE, ordered_at__lt=before)
    return list(jobs.order_by("ordered_at", "pk").values_list("pk", "school_id"))


def slip_of(user: User, code: str) -> str | None:
    """Return the address of the slip's row on the desk of the class that the user leads, if it is hers."""
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    extract = Extract.objects.filter(code=code, pupil__in=pupils_led(user)).first()
    if extract is None:
        return None
    seats = Membership.objects.filter(
        pupil=extract.pupil_id, group__kind="class", group__school_class__in=classes_led(user)
    )
    seat = seats.in_force(user.today).values_list("group__school_class", flat=True).first()
    asked = urlencode({"week": iso_week(extract.week), "pupil": extract.pupil_id})
    return f"{reverse('desk:slips', args=[seat])}?{asked}#slip-{extract.pupil_id}"


def genuine(code: str) -> Genuine | None:
    """Return what is known of a printed document by its code, without any scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT school_name, week, printed_on, pages FROM app_verify_extract(%s)", [code]
        )
        row = cursor.fetchone()
    return Genuine(*row) if row else None
