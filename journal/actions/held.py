"""The user's own lesson, locked, of a period that is not signed: where an action about it begins."""

from datetime import date
from uuid import UUID

from journal import policy
from journal.errors import LessonGone, NotYourLesson
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson, lock_lessons


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
    """Raise what closes the record of a lesson, if anything does."""
    shut = policy.record_closed(
        status=status,
        year_closed=course.year_closed,
        span=policy.period_of(course.periods, day),
    )
    if shut is not None:
        raise shut
