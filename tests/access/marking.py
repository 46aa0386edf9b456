"""Debts, openings, unusual edits, criteria: objects for their pages, and what a browser sends."""

from datetime import timedelta
from typing import Any

from journal.models import Reopening, UnusualEdit, Work, WorkKind
from tests.cast import NOW, TODAY, YEAR, Cast


def marking_of(cast: Cast, *, course: str, teacher: str) -> dict[str, dict[str, Any]]:
    """The parameters of the addresses: every object is there and of the side's school."""
    row, lesson = cast.courses[course], cast.lesson(course)
    work = Work.objects.filter(lesson=lesson).order_by("number").first()
    if work is None:
        kind = WorkKind.objects.get(school=row.school_id, code="control")
        work = Work.objects.create(
            school_id=row.school_id, lesson=lesson, kind=kind, number=1, weight=kind.weight
        )
    edit = UnusualEdit.objects.create(
        school_id=row.school_id,
        year=YEAR,
        course=row,
        user=cast.users[teacher],
        kind="night",
        at=NOW,
    )
    journal = {"course_id": row.pk}
    return {
        **dict.fromkeys(
            ("journal:ask_reopening", "journal:open_lesson", "journal:operations"), journal
        ),
        "journal:criteria": journal | {"work_id": work.pk},
        "journal:decide_reopening": {"reopening_id": _asked(cast, course, teacher).pk},
        "journal:close_reopening": {"reopening_id": _opened(cast, course, teacher).pk},
        "journal:answer_unusual": {"unusual_id": edit.pk},
    }


def _asked(cast: Cast, course: str, teacher: str) -> Reopening:
    lesson = cast.lesson(course, TODAY - timedelta(days=15))
    found, _ = Reopening.objects.get_or_create(
        school_id=lesson.school_id, lesson=lesson, person=cast.people[teacher], decided_at=None,
        defaults={"asked_at": NOW, "asked_reason": "Болела"},
    )  # fmt: skip
    return found


def _opened(cast: Cast, course: str, teacher: str) -> Reopening:
    lesson = cast.lesson(course, TODAY - timedelta(days=16))
    return Reopening.objects.create(
        school_id=lesson.school_id, lesson=lesson, person=cast.people[teacher], reason="Проверка",
        decided_by=cast.users[teacher], decided_at=NOW, until=NOW + timedelta(days=1),
    )  # fmt: skip


def marking_sent(cast: Cast, *, course: str, teacher: str, pupil: str) -> dict[str, dict[str, Any]]:
    lesson = str(cast.lesson(course, TODAY - timedelta(days=15)).pk)
    day = (TODAY + timedelta(days=3)).isoformat()
    return {
        "journal:debts": {
            "course": str(cast.courses[course].pk), "lesson": str(cast.lesson(course).pk),
            "pupil": str(cast.pupils[pupil].pk), "rev": "0", "text": "•", "due": day,
        },
        "journal:ask_reopening": {"lesson": lesson, "reason": "Болела"},
        "journal:decide_reopening": {"decision": "open", "day": day, "reason": "Больничный"},
        "journal:open_lesson": {
            "lesson": lesson, "person": str(cast.people[teacher].pk), "day": day, "reason": "Проверка",
        },
        "journal:answer_unusual": {"answer": "me"},
        "journal:operations": {"operation": str(cast.courses[course].pk)},
        "journal:criteria": {"step": "criteria", "name": "Решение", "maximum": "5"},
    }  # fmt: skip
