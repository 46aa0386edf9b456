"""A result put off for illness to a new date (T5c), and the reminder of that date."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.errors import Forbidden, require
from journal.actions.finals import locked
from journal.closing import Chosen, ClosingCourse, Place
from journal.errors import BrokenDeferral, NotOnRoster, StaleCell, YearClosed
from journal.events import deferral_due, final_published
from journal.models import Deferral, PeriodMark, ResultStatus
from people.models import User
from people.scope import because

REMIND_DAYS = 3  # before the new date, and on it


@transaction.atomic
def defer(
    *,
    by: User,
    chosen: Chosen,
    pupil_id: UUID,
    until: date,
    ground: str,
    rev: int,
    now: datetime,
) -> Deferral:
    """Put a pupil's result of a period off, or move its date. Raises Forbidden, StaleCell, BrokenDeferral.

    The mark that is set later takes its place, after sign-off too.
    """
    found = locked(by, chosen, [str(chosen.course_id)], now)
    require(bool(found.courses))
    course = found.courses[0]
    place = found.places.get((course.course_id, str(pupil_id)))
    if place is None:
        raise NotOnRoster("Ученик не учился в этой группе в этом периоде.")
    _check(course, place, by=by, until=until, ground=ground, now=now)
    if place.rev != rev:
        raise StaleCell("Результат изменили, пока вы работали.")
    with because(ground.strip()):
        mark = _put(course, place, by=by, now=now)
        deferral, _ = Deferral.objects.update_or_create(
            period_mark=mark,
            defaults={
                "school_id": course.school_id, "until": until, "ground": ground.strip(), "reminded_at": None,
            },
        )  # fmt: skip
    final_published.send(sender=PeriodMark, results=(mark.pk,), by=by, now=now)
    return deferral


def _check(
    course: ClosingCourse, place: Place, *, by: User, until: date, ground: str, now: datetime
) -> None:
    moves = course.teaches and place.status == ResultStatus.DEFERRED
    if course.year_closed:
        raise YearClosed
    if course.span.is_year:
        raise BrokenDeferral("Годовую отметку не откладывают.", field="until")
    if not (course.may_set or moves):
        raise Forbidden
    last = course.spans[-1].ends + timedelta(days=97)  # the summer after the year
    if not now.astimezone(course.zone).date() < until <= last:
        raise BrokenDeferral("Новая дата — позже сегодняшней, в этом учебном году.", field="until")
    if not ground.strip():
        raise BrokenDeferral("Укажите основание: справку, заявление, приказ.", field="ground")


def _put(course: ClosingCourse, place: Place, *, by: User, now: datetime) -> PeriodMark:
    mark, made = PeriodMark.objects.get_or_create(
        course_id=UUID(course.course_id), period_id=UUID(course.span.period_id), pupil_id=UUID(place.pupil_id),
        defaults={
            "school_id": course.school_id, "year": course.year, "status": ResultStatus.DEFERRED,
            "obtained_at": now, "visible_at": now, "set_by": by, "set_at": now,
        },
    )  # fmt: skip
    if not made:
        mark.status, mark.value, mark.score = ResultStatus.DEFERRED, "", None
        mark.set_by, mark.set_at, mark.rev = by, now, mark.rev + 1
        mark.save()
    return mark


def remind(*, now: datetime, today: date) -> int:
    """Remind of deferrals whose day is near, and again on the day; return of how many.

    Each is told twice at most: `reminded_at` keeps the last time.
    """
    near = Q(reminded_at__isnull=True, until__lte=today + timedelta(days=REMIND_DAYS))
    come = Q(until__lte=today, reminded_at__lt=now - timedelta(days=1), reminded_at__lte=now)
    due = Deferral.objects.filter(near | come, period_mark__status=ResultStatus.DEFERRED)
    found = due.select_related("school").order_by("until", "pk")
    told = [d for d in found if _is_to_be_told(d, today)]
    Deferral.objects.filter(pk__in=[d.pk for d in told]).update(reminded_at=now)
    if told:
        deferral_due.send(sender=Deferral, deferrals=tuple(d.pk for d in told), now=now)
    return len(told)


def _is_to_be_told(deferral: Deferral, today: date) -> bool:
    """Before the day once; on the day, or the first time after it, once more."""
    if deferral.reminded_at is None:
        return True
    told_on = deferral.school.local_date(deferral.reminded_at)
    return today >= deferral.until > told_on
