"""The list of one lesson, saved as a whole: everything is written, or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.ids import uuid7
from journal.actions.cells import answer_from, save_cells
from journal.actions.comments import set_comment
from journal.actions.lessons import record_lesson
from journal.errors import ListRefused, NothingToComment, StaleCell
from journal.models import Operation
from journal.queries import CourseFacts
from journal.queries.cells import lock_lessons
from journal.sheet import AnswerState, CellAnswer, CellEntry, Record, SaveAnswer
from people.models import User

COMMENT_CHANGED = "Комментарий изменили, пока вы работали. Ваш заменит его."


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What the teacher changed in the list of a lesson.

    `comments` are (pupil, new comment, the comment that she saw); `record` is None for whoever only
    notes attendance, `seen` the record that stood in her form.
    """

    entries: Sequence[CellEntry]
    comments: Sequence[tuple[UUID, str, str]]
    record: Record | None
    seen: Record | None = None
    files: Sequence["UploadedFile[Any]"] = ()
    removed: Sequence[UUID] = ()
    reason: str = ""  # why old marks change
    new_device: bool = False

    def digest(self, lesson_id: UUID) -> str:
        """Name the content, so that the same form sent twice is known."""
        files = [[file.name, _hash(file)] for file in self.files]
        whole = [lesson_id, self.entries, self.comments, self.record, files, self.removed]
        whole += [self.reason] if self.reason else []
        return hashlib.sha256(repr(whole).encode()).hexdigest()


def _hash(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()


@transaction.atomic
def save_list(
    *, by: User, course: CourseFacts, lesson_id: UUID, op: UUID, sent: ListEntry, now: datetime
) -> SaveAnswer:
    """Save marks, comments, topic and homework of a lesson; the second submit of a form writes nothing.

    A form brought back by the browser and sent with another content is a new operation. Raises
    ListRefused with the cells' answers if one of them cannot be written, and the refusals of
    record_lesson.
    """
    lock_lessons(course, [str(lesson_id)])
    known = Operation.objects.filter(pk=op, user=by).first()
    digest = sent.digest(lesson_id)
    if known is not None and known.request == digest:
        return answer_from(op, known.answer)
    op = op if known is None else uuid7()
    answer = save_cells(
        by=by, course=course, op=op, entries=sent.entries, now=now, digest=digest, reason=sent.reason,
        new_device=sent.new_device,
    )  # fmt: skip
    if any(cell.state != "ok" for cell in answer.cells):
        raise ListRefused(answer)
    for comment in sent.comments:
        _comment(comment, by=by, course=course, lesson_id=lesson_id, op=op, now=now)
    if sent.record is not None:
        record_lesson(
            by=by, course=course, lesson_id=lesson_id, record=sent.record, seen=sent.seen, now=now,
            files=sent.files, removed=sent.removed,
        )  # fmt: skip
    return answer


def _comment(
    sent: tuple[UUID, str, str],
    *,
    by: User,
    course: CourseFacts,
    lesson_id: UUID,
    op: UUID,
    now: datetime,
) -> None:
    """Write one comment; its refusal is told beside its pupil."""
    pupil_id, comment, seen = sent
    try:
        set_comment(
            by=by, course=course, lesson_id=lesson_id, pupil_id=pupil_id, comment=comment, rev=None,
            seen=seen, now=now,
        )  # fmt: skip
    except (StaleCell, NothingToComment) as refusal:
        state: AnswerState = "conflict" if isinstance(refusal, StaleCell) else "invalid"
        message = COMMENT_CHANGED if state == "conflict" else refusal.message
        cell = CellAnswer(pupil_id, lesson_id, state=state, value="", rev=0, message=message)
        raise ListRefused(SaveAnswer(op, (cell,), (), ""), about="comment") from refusal
