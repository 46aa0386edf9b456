"""The list of one lesson, saved as a whole: everything is written, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from journal.actions.cells import answer_from, save_cells
from journal.actions.comments import set_comment
from journal.actions.lessons import record_lesson
from journal.errors import ListRefused
from journal.models import Operation
from journal.queries import CourseFacts
from journal.queries.cells import lock_lessons
from journal.sheet import CellEntry, Record, SaveAnswer
from people.models import User


@transaction.atomic
def save_list(
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    op: UUID,
    entries: Sequence[CellEntry],
    comments: Sequence[tuple[UUID, str]],
    record: Record | None,
    now: datetime,
    files: Sequence["UploadedFile[Any]"] = (),
) -> SaveAnswer:
    """Save marks, comments, topic and homework of a lesson; the second submit of a form writes nothing.

    `record` is None for whoever only notes attendance. Raises ListRefused with the cells' answers if one
    of them cannot be written, and the refusals of record_lesson and set_comment.
    """
    lock_lessons(course, [str(lesson_id)])
    known = Operation.objects.filter(pk=op, user=by).first()
    if known is not None:
        return answer_from(op, known.answer)
    answer = save_cells(by=by, course=course, op=op, entries=entries, now=now)
    if any(cell.state != "ok" for cell in answer.cells):
        raise ListRefused(answer)
    for pupil_id, comment in comments:
        set_comment(
            by=by, course=course, lesson_id=lesson_id, pupil_id=pupil_id, comment=comment, rev=None, now=now
        )  # fmt: skip
    if record is not None:
        record_lesson(
            by=by, course=course, lesson_id=lesson_id, record=record, now=now, files=files
        )
    return answer
