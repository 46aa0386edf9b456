"""Точка: a mark still owed, and the day until which it is."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from journal.actions.held import own_lesson
from journal.errors import BrokenRecord, NothingOwed, StaleCell
from journal.models import Absence, Mark
from journal.models.entries import OWED
from journal.queries import CourseFacts
from people.models import User


@transaction.atomic
def move_debt(
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    pupil_id: UUID,
    due_day: date,
    rev: int | None,
    now: datetime,
) -> Mark:
    """Say until when the work of a cell is owed; open as long as the debt is.

    Raises NothingOwed, StaleCell if the cell changed since, NotYourLesson, BrokenRecord for a day
    before the lesson or after the school year.
    """
    require(course.who.keeps)
    lesson = own_lesson(course, lesson_id)
    cell = {"year": course.year, "lesson": lesson_id, "pupil": pupil_id}
    marks = list(Mark.objects.filter(**cell).order_by("position"))
    mark = next((mark for mark in marks if mark.value == OWED), None)
    if mark is None:
        raise NothingOwed
    if mark.due_day == due_day:
        return mark
    absences = Absence.objects.filter(**cell).values_list("rev", flat=True)
    if rev is not None and rev != sum(absences) + sum(mark.rev for mark in marks):
        raise StaleCell
    if not lesson.day <= due_day <= date(course.year + 1, 8, 31):
        raise BrokenRecord("Срок долга — не раньше урока и до конца учебного года.", field="due")
    mark.due_day, mark.set_by, mark.set_at = due_day, by, now
    mark.save(update_fields=["due_day", "set_by", "set_at"])
    return mark
