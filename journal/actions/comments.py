"""The comment of a cell: what the teacher says to the family about a mark."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from common.errors import require
from journal import policy
from journal.actions.held import signed_now
from journal.errors import LessonGone, NothingToComment, NotYourLesson, StaleCell
from journal.models import Absence, Mark
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson, lock_lessons
from people.models import User


@transaction.atomic
def set_comment(
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    pupil_id: UUID,
    comment: str,
    rev: int | None,
    now: datetime,
    seen: str | None = None,
) -> Mark:
    """Write the comment of a cell's first mark; `rev` or `seen`, the comment, is what the user saw.

    Raises NothingToComment for a cell without a mark, StaleCell if it changed since, and what
    closes the cell to everybody.
    """
    require(course.who.keeps)
    locked = lock_lessons(course, [str(lesson_id)])
    _require_open(course, locked.get(str(lesson_id)), now)
    cell = {"year": course.year, "lesson": lesson_id, "pupil": pupil_id}
    marks = list(Mark.objects.filter(**cell).order_by("position"))
    if not marks:
        raise NothingToComment
    if marks[0].comment == comment:
        return marks[0]
    absent = Absence.objects.filter(**cell).aggregate(rev=Sum("rev"))["rev"] or 0
    if rev is not None and rev != absent + sum(mark.rev for mark in marks):
        raise StaleCell
    if seen is not None and marks[0].comment != seen:
        raise StaleCell
    mark = marks[0]
    mark.comment, mark.set_by, mark.set_at = comment, by, now
    mark.save(update_fields=["comment", "set_by", "set_at"])
    return mark


def _require_open(course: CourseFacts, lesson: LockedLesson | None, now: datetime) -> None:
    """Raise unless the lesson is the user's and its cells are open."""
    if lesson is None:
        raise LessonGone
    if not policy.may_hold(course.who, lesson.teacher):
        raise NotYourLesson
    shut = signed_now(course).shut(
        lesson.lesson_id,
        day=lesson.day,
        status=lesson.status,
        today=now.astimezone(course.zone).date(),
        given=lesson.given,
        now=now,
    )
    if shut is not None:
        raise shut
