"""What the addresses of the deputy head's control need."""

from datetime import timedelta
from typing import Any

from journal.actions import raise_remarks
from journal.models import Remark
from tests.cast import NOW, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)


def control_of(cast: Cast, *, course: str, teacher: str) -> dict[str, dict[str, Any]]:
    """Path parameters: a line of the board, a remark to the teacher of the course."""
    remark = {"remark_id": _remark(cast, course, teacher).pk}
    return {
        "journal:gaps": {"by": "teacher", "which": cast.people[teacher].pk},
        "journal:close_remark": remark,
        "journal:answer_remark": remark,
        "journal:history": {"course_id": cast.courses[course].pk},
    }


def control_sent(cast: Cast, *, course: str) -> dict[str, dict[str, Any]]:
    lesson = cast.lesson(course, YESTERDAY)
    return {
        "journal:gaps": {
            "lesson": [str(lesson.pk)], "kind": "found", "text": "", "due_day": TODAY.isoformat(),
        },
        "journal:answer_remark": {"answer": "Исправлю"},
    }  # fmt: skip


def _remark(cast: Cast, course: str, teacher: str) -> Remark:
    known = Remark.objects.filter(teacher=cast.people[teacher], closed_at__isnull=True).first()
    if known:
        return known
    head = "nina" if course == "algebra" else "other_head"
    (made,) = raise_remarks(
        by=cast.user(head), course=cast.courses[course], lessons=[], kind="other", text="Проверьте даты",
        due_day=TODAY, now=NOW,
    )  # fmt: skip
    return made
