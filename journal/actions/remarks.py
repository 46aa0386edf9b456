"""Remarks about the keeping of journals: raised, answered, closed; by people and by the weekly check."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import Invalid, require
from common.prepared import of_year
from journal.errors import RemarkClosed
from journal.events import remarks_raised
from journal.models import Remark, RemarkKind
from journal.queries.lacks import NO_HOMEWORK, NO_MARKS, NO_RECORD, NO_TOPIC
from people.models import User
from people.roles import Permission
from people.scope import because
from school.calendar import school_year
from school.models import Course, CourseTeacher, Lesson

TERM = timedelta(days=5)  # to correct what the weekly check found
LONGEST = 1000

# What each kind that the program finds means, for the lesson that a remark points to.
_STILL = {
    RemarkKind.NOT_RECORDED: NO_RECORD,
    RemarkKind.NO_TOPIC: f"({NO_RECORD} OR {NO_TOPIC})",
    RemarkKind.NO_HOMEWORK: NO_HOMEWORK,
    RemarkKind.MARKS_OVERDUE: NO_MARKS,
}
_OVER_LESSON = """
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_subject u ON u.id = c.subject_id
"""
_FOUND = f"""
INSERT INTO journal_remark (id, school_id, year, course_id, lesson_id, teacher_id, kind, text, due_day,
                            raised_at, answer)
SELECT gen_random_uuid(), l.school_id, l.year, l.course_id, l.id, s.teacher_id, x.kind, '', %(due)s, %(now)s, ''
{_OVER_LESSON}
 CROSS JOIN LATERAL (VALUES
   ('not_recorded', {NO_RECORD}),
   ('no_topic', {NO_TOPIC} AND NOT ({NO_RECORD})),
   ('no_homework', {NO_HOMEWORK} AND NOT ({NO_RECORD})),
   ('marks_overdue', l.day < %(overdue)s AND {NO_MARKS} AND NOT ({NO_RECORD}))) AS x (kind, is_so)
 WHERE l.school_id = %(school)s AND l.day >= %(since)s AND l.day < %(today)s AND l.status <> 'cancelled' AND x.is_so
ON CONFLICT (lesson_id, kind) WHERE closed_at IS NULL AND raised_by_id IS NULL DO NOTHING
RETURNING teacher_id
"""
_CORRECTED = f"""
UPDATE journal_remark r SET closed_at = %(now)s
{_OVER_LESSON}
 WHERE r.lesson_id = l.id AND r.school_id = %(school)s AND r.closed_at IS NULL AND r.kind <> 'other'
   AND (l.status = 'cancelled' OR NOT (CASE r.kind
     {" ".join(f"WHEN '{kind}' THEN {still}" for kind, still in _STILL.items())} ELSE true END))
RETURNING r.id
"""  # noqa: S608


def raise_remarks(
    *,
    by: User,
    course: Course,
    lessons: Sequence[Lesson],
    kind: str,
    text: str,
    due_day: date,
    now: datetime,
) -> list[Remark]:
    """Tell the teachers of the lessons (of the course, where none is named) what to correct, and by when.

    One remark a teacher and lesson. Raises Forbidden, Invalid.
    """
    require(by.may(Permission.JOURNAL_CONTROL, course.school_id))
    today = course.school.local_date(now)
    if due_day < today:
        raise Invalid("Срок исправления не может быть в прошлом.")
    if kind == RemarkKind.OTHER and not text.strip():
        raise Invalid("Напишите, что исправить.")
    shared = {
        "school_id": course.school_id, "year": course.year, "course": course, "kind": kind,
        "text": text.strip()[:LONGEST], "due_day": due_day, "raised_by": by, "raised_at": now,
    }  # fmt: skip
    whom = (
        [(lesson, lesson.sitting.teacher_id) for lesson in lessons]
        if lessons
        else [(None, teacher) for teacher in _teachers(course, today)]
    )
    if not whom:
        raise Invalid("У этого журнала нет учителя: замечание некому отправить.")
    with transaction.atomic():
        raised = Remark.objects.bulk_create(
            Remark(lesson=lesson, teacher_id=teacher, **shared) for lesson, teacher in whom
        )
        remarks_raised.send(sender=Remark, remarks=raised, by=by, now=now)
    return raised


def _teachers(course: Course, day: date) -> list[UUID]:
    teachers = CourseTeacher.objects.filter(course=course).in_force(day)
    return list(teachers.values_list("person", flat=True))


@transaction.atomic
def answer_remark(*, by: User, remark_id: UUID, answer: str, now: datetime) -> Remark:
    """Write the teacher's answer to a remark of her own. Raises Forbidden, Invalid, RemarkClosed."""
    remark = Remark.objects.select_for_update().get(pk=remark_id)
    require(remark.teacher_id in by.person_ids)
    if remark.closed_at is not None:
        raise RemarkClosed
    if not answer.strip():
        raise Invalid("Напишите ответ.")
    if len(answer.strip()) > LONGEST:
        raise Invalid(f"Ответ не длиннее {LONGEST} знаков.")
    remark.answer, remark.answered_by, remark.answered_at = answer.strip(), by, now
    remark.save(update_fields=["answer", "answered_by", "answered_at"])
    return remark


@transaction.atomic
def close_remark(*, by: User, remark_id: UUID, now: datetime, reason: str = "") -> Remark:
    """Take a remark off: it is settled, or was a mistake. Raises Forbidden, RemarkClosed."""
    remark = Remark.objects.select_for_update().get(pk=remark_id)
    require(by.may(Permission.JOURNAL_CONTROL, remark.school_id))
    if remark.closed_at is not None:
        raise RemarkClosed
    remark.closed_by, remark.closed_at = by, now
    with because(reason.strip()):
        remark.save(update_fields=["closed_by", "closed_at"])
    return remark


def raise_found(
    *, school_id: UUID, since: date, today: date, overdue_days: int, now: datetime
) -> int:
    """Raise what the check of the past lessons finds; a second run finds nothing new."""
    values = {
        "school": school_id, "since": since, "today": today, "now": now, "due": today + TERM,
        "overdue": today - timedelta(days=overdue_days),
    }  # fmt: skip
    return _run(_FOUND, values, today)


def close_corrected(*, school_id: UUID, today: date, now: datetime) -> int:
    """Close the remarks whose lesson lacks nothing of the kind any more."""
    return _run(_CORRECTED, {"school": school_id, "now": now}, today)


def _run(sql: str, values: dict[str, Any], today: date) -> int:
    year = school_year(today)
    with connection.cursor() as cursor:
        cursor.execute(of_year(sql, year), values)
        return len(cursor.fetchall())
