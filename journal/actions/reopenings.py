"""A locked lesson is opened for one person until a moment: asked for by the teacher, decided by the heads."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from common.errors import Forbidden, require
from journal import policy
from journal.errors import (
    AlreadyAsked,
    AlreadyDecided,
    BadMoment,
    LessonGone,
    LessonLocked,
    NothingToReopen,
    ReasonMissing,
)
from journal.events import reopening_decided
from journal.models import Reopening
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson, lock_lessons
from people.models import Person, User

LONGEST = timedelta(days=60)


@transaction.atomic
def ask_reopening(
    *, by: User, course: CourseFacts, lesson_id: UUID, reason: str, now: datetime
) -> Reopening:
    """Ask the heads to open a lesson whose window has passed. Raises what else closes it."""
    lesson = _locked(course, lesson_id, now=now)
    require(policy.may_hold(course.who, lesson.teacher))
    if not reason.strip():
        raise ReasonMissing
    person = by.person_in(course.school_id)
    if person is None:
        raise Forbidden
    waiting = Reopening.objects.filter(lesson=lesson_id, person=person, decided_at__isnull=True)
    if waiting.exists():
        raise AlreadyAsked
    return Reopening.objects.create(
        school_id=course.school_id, lesson_id=lesson_id, person_id=person, asked_at=now,
        asked_reason=reason.strip(),
    )  # fmt: skip


def _locked(course: CourseFacts, lesson_id: UUID, *, now: datetime) -> LockedLesson:
    """Return the lesson if nothing but the window closes it: a signed period stays signed."""
    lesson = lock_lessons(course, [str(lesson_id)]).get(str(lesson_id))
    if lesson is None:
        raise LessonGone
    shut = course.shut(
        lesson.lesson_id, day=lesson.day, status=lesson.status, given=lesson.given, now=now,
        today=now.astimezone(course.zone).date(),
    )  # fmt: skip
    if shut is None:
        raise NothingToReopen
    if not isinstance(shut, LessonLocked):
        raise shut
    return lesson


@transaction.atomic
def grant_reopening(
    *,
    by: User,
    course: CourseFacts,
    reopening: Reopening,
    until: datetime,
    reason: str,
    now: datetime,
) -> Reopening:
    """Open the lesson that was asked for. Raises AlreadyDecided, PeriodSigned, YearClosed, BadMoment."""
    require(policy.may_control(by, course.school_id))
    asked = _undecided(reopening)
    _locked(course, asked.lesson_id, now=now)
    _check(until, reason, now)
    asked.until, asked.reason = until, reason.strip()
    return _decide(asked, by=by, now=now)


@transaction.atomic
def refuse_reopening(*, by: User, reopening: Reopening, reason: str, now: datetime) -> Reopening:
    """Refuse what was asked for, in words."""
    require(policy.may_control(by, reopening.school_id))
    asked = _undecided(reopening)
    if not reason.strip():
        raise ReasonMissing
    asked.reason = reason.strip()
    return _decide(asked, by=by, now=now)


@transaction.atomic
def open_lesson(
    *, by: User, course: CourseFacts, lesson_id: UUID, person: Person, until: datetime, reason: str,
    now: datetime,
) -> Reopening:  # fmt: skip
    """Open a locked lesson for a person without being asked."""
    require(policy.may_control(by, course.school_id))
    _locked(course, lesson_id, now=now)
    _check(until, reason, now)
    asked = Reopening.objects.filter(
        lesson=lesson_id, person=person, decided_at__isnull=True
    ).first()
    asked = asked or Reopening(school_id=course.school_id, lesson_id=lesson_id, person=person)
    asked.until, asked.reason = until, reason.strip()
    return _decide(asked, by=by, now=now)


@transaction.atomic
def close_reopening(*, by: User, reopening: Reopening, now: datetime) -> Reopening:
    """Close an opened lesson before its time."""
    require(policy.may_control(by, reopening.school_id))
    found = Reopening.objects.select_for_update(no_key=True).get(pk=reopening.pk)
    if found.until is not None and found.until > now:
        found.until = now
        found.save(update_fields=["until"])
    return found


def _undecided(reopening: Reopening) -> Reopening:
    found = Reopening.objects.select_for_update(no_key=True).get(pk=reopening.pk)
    if found.decided_at is not None:
        raise AlreadyDecided
    return found


def _check(until: datetime, reason: str, now: datetime) -> None:
    if not now < until <= now + LONGEST:
        raise BadMoment
    if not reason.strip():
        raise ReasonMissing


def _decide(asked: Reopening, *, by: User, now: datetime) -> Reopening:
    asked.decided_by, asked.decided_at = by, now
    asked.save()
    reopening_decided.send(sender=Reopening, reopening=asked, by=by, now=now)
    return asked
