"""What an action locks before it judges: the user's own lesson of an open period, or pupils."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from journal import policy
from journal.errors import LessonGone, NotYourLesson
from journal.models import SignOff
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson, lock_lessons
from people.models import Pupil


def own_lesson(course: CourseFacts, lesson_id: UUID) -> LockedLesson:
    """Lock the lesson. Raises LessonGone, NotYourLesson, LessonCancelled, PeriodSigned, YearClosed."""
    lesson = lock_lessons(course, [str(lesson_id)]).get(str(lesson_id))
    if lesson is None:
        raise LessonGone
    if not policy.may_hold(course.who, lesson.teacher):
        raise NotYourLesson
    require_open_record(course, status=lesson.status, day=lesson.day)
    return lesson


def require_open_record(course: CourseFacts, *, status: str, day: date) -> None:
    """Raise what closes the record of a locked lesson, if anything does."""
    shut = policy.record_closed(
        status=status,
        year_closed=course.year_closed,
        span=policy.period_of(signed_now(course).periods, day),
    )
    if shut is not None:
        raise shut


def hold_pupils(pupils: Iterable[UUID]) -> None:
    """Lock the pupils in one order: of two who write their first results the second sees the other's."""
    rows = Pupil.objects.select_for_update(no_key=True).filter(pk__in=list(pupils))
    list(rows.order_by("pk").values_list("pk"))


def signed_now(course: CourseFacts) -> CourseFacts:
    """Return the course with the periods signed by now: asked when its lessons are locked."""
    signed = SignOff.objects.filter(course=course.course_id, period__isnull=False)
    return course.with_signed([str(period) for period in signed.values_list("period", flat=True)])
