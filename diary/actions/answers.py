"""A pupil's answer to a homework that asks for one."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common import uploads
from common.errors import require
from diary import policy
from journal.errors import AnswerNotWanted, BrokenRecord
from journal.models import Homework, HomeworkAnswer
from people.models import Pupil, User

MOST = 20  # answers of one pupil to one homework


@transaction.atomic
def send_answer(
    *,
    by: User,
    pupil: Pupil,
    homework: Homework,
    text: str,
    upload: "UploadedFile[Any] | None",
    now: datetime,
) -> HomeworkAnswer:
    """Keep an answer from the pupil's own account or her guardian's; a later one stands beside it.

    Raises Forbidden, AnswerNotWanted, BrokenRecord, BrokenFile.
    """
    require(policy.can_answer(by, pupil))
    # Of two presses at once the second waits here for the first.
    homework = Homework.objects.select_for_update(of=("self",), no_key=True).get(pk=homework.pk)
    if not homework.answer_wanted:
        raise AnswerNotWanted
    if not text and upload is None:
        raise BrokenRecord("Напишите ответ или приложите файл.", field="text")
    earlier = HomeworkAnswer.objects.filter(homework=homework, pupil=pupil)
    if earlier.count() >= MOST:
        raise BrokenRecord("Ответов уже слишком много: скажите об этом учителю.", field="text")
    answer = HomeworkAnswer(
        school_id=homework.school_id, homework=homework, pupil=pupil, text=text, sent_by=by,
        sent_at=now,
    )  # fmt: skip
    if upload is not None:
        checked = uploads.admit(upload)
        answer.name, answer.stored, answer.size = checked.name, upload, checked.size
        answer.content_type, answer.sha256 = checked.content_type, checked.sha256
    same = earlier.filter(text=text, sha256=answer.sha256).first()
    if same is not None:
        return same
    answer.save()
    return answer
