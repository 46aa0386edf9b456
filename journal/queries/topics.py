"""Topics and homework of a course in one list, and where homework may be copied to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404

from journal import policy
from journal.models import Homework
from journal.queries.facts import CourseFacts, course_facts
from journal.queries.plans import CoursePlan, course_plan, stands_kind
from journal.queries.programmes import LESSON_KINDS, fillable
from journal.sheet import Choice
from people.models import User

_LESSONS = """
SELECT l.id, l.day, l.number, l.status, l.topic, l.kind, s.teacher_id::text,
       h.id, coalesce(h.text, ''), coalesce(h.files, 0), l.recorded_at IS NOT NULL
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id
  LEFT JOIN LATERAL (SELECT h.id, h.text, (SELECT count(*) FROM journal_homeworkfile f WHERE f.homework_id = h.id) AS files
                       FROM journal_homework h WHERE h.lesson_id = l.id AND h.for_all ORDER BY h.id LIMIT 1) h ON true
 WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s ORDER BY l.day, l.number, l.id
"""
# Lessons of the other groups of the same teacher, subject and grade, from the day of the homework on.
_PARALLELS = """
SELECT c.id, g.name, l.id, l.day, l.number, coalesce(h.text, '')
  FROM school_course c
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_course a ON a.id = %(course)s
  JOIN school_studygroup b ON b.id = a.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(day)s::date - 3 AND %(day)s::date + 7
   AND l.status <> 'cancelled'
  LEFT JOIN LATERAL (SELECT text FROM journal_homework h WHERE h.lesson_id = l.id AND h.for_all ORDER BY h.id LIMIT 1) h
    ON true
 WHERE c.subject_id = a.subject_id AND c.year = a.year AND c.id <> a.id AND c.kind = a.kind
   AND g.grade_level = b.grade_level
   AND EXISTS (SELECT 1 FROM school_courseteacher t WHERE t.course_id = c.id AND t.person_id = ANY (%(persons)s::uuid[])
                AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s))
 ORDER BY g.name, c.id, l.day, l.number, l.id
"""


@dataclass(frozen=True, slots=True)
class LessonLine:
    lesson_id: UUID
    day: date
    number: int
    topic: str
    homework: str
    files: int
    has_homework: bool
    kind: str
    kinds: tuple[Choice, ...]
    planned: str
    is_recorded: bool
    note: str = ""  # why it cannot be written
    seen: tuple[str, str, str] | None = (
        None  # what stood here, if not what is shown: after a refusal
    )

    @property
    def seen_topic(self) -> str:
        return self.seen[0] if self.seen else self.topic

    @property
    def seen_homework(self) -> str:
        return self.seen[1] if self.seen else self.homework

    @property
    def seen_kind(self) -> str:
        return self.seen[2] if self.seen else self.kind

    @property
    def kind_name(self) -> str:
        return LESSON_KINDS[self.kind]


def typed_again(
    line: LessonLine, typed: tuple[str, str, str], seen: tuple[str, str, str]
) -> LessonLine:
    """Return the line as it was typed, with what stood there before."""
    topic, homework, kind = typed
    kinds = tuple(replace(one, chosen=one.value == kind) for one in line.kinds)
    return replace(line, topic=topic, homework=homework, kind=kind, kinds=kinds, seen=seen)


@dataclass(frozen=True, slots=True)
class TopicsPage:
    course: CourseFacts
    period: policy.Span | None
    lines: tuple[LessonLine, ...]
    can_edit: bool
    has_plan: bool
    fillable: int
    has_parallels: bool


@dataclass(frozen=True, slots=True)
class ParallelLesson:
    lesson_id: UUID
    day: date
    number: int
    homework: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Parallel:
    course_id: UUID
    group: str
    lessons: tuple[ParallelLesson, ...]


@dataclass(frozen=True, slots=True)
class CopyPage:
    course: CourseFacts
    homework: Homework
    day: date
    parallels: tuple[Parallel, ...]


def topics_page(user: User, course_id: UUID, period_id: UUID | None, *, today: date) -> TopicsPage:
    """Read the lessons of a period, the running one by default. Raises Http404."""
    course = course_facts(user, course_id, today=today)
    period = _period(course, period_id, today=today)
    plan = course_plan(course_id)
    lines = tuple(_lines(course, plan, period)) if period else ()
    return TopicsPage(
        course=course,
        period=period,
        lines=lines,
        can_edit=any(not line.note for line in lines),
        has_plan=plan is not None,
        fillable=len(fillable(course, plan, today=today)) if plan and course.who.teaches else 0,
        has_parallels=bool(_parallels(course, today, today=today)),
    )


def _period(course: CourseFacts, period_id: UUID | None, *, today: date) -> policy.Span | None:
    asked = next((one for one in course.periods if one.period_id == str(period_id)), None)
    begun = [one for one in course.periods if one.starts <= today]
    return asked or next(reversed(begun), next(iter(course.periods), None))


def _lines(course: CourseFacts, plan: CoursePlan | None, period: policy.Span) -> list[LessonLine]:
    values: dict[str, Any] = {
        "course": course.course_id,
        "starts": period.starts,
        "ends": period.ends,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LESSONS, values)
        return [_line(course, plan, period, row) for row in cursor.fetchall()]


def _line(
    course: CourseFacts, plan: CoursePlan | None, period: policy.Span, row: tuple[Any, ...]
) -> LessonLine:
    lesson_id, day, number, status, topic, kind, teacher, homework_id, homework, files, recorded = (
        row
    )
    shut = policy.record_closed(status=status, year_closed=course.year_closed, span=period)
    note = shut.message if shut else ""
    if not note and not policy.may_hold(course.who, teacher):
        note = "Урок ведёт другой учитель."
    planned = plan.at(str(lesson_id)) if plan else None
    shown = stands_kind(plan, str(lesson_id), kind)
    kinds = tuple(Choice(v, label, chosen=v == shown) for v, label in LESSON_KINDS.items())
    title = planned.title if planned and planned.title != topic and not (recorded and topic) else ""
    return LessonLine(
        lesson_id, day, number, topic, homework, files, homework_id is not None, shown, kinds, title, recorded, note
    )  # fmt: skip


def _parallels(course: CourseFacts, day: date, *, today: date) -> list[Parallel]:
    values: dict[str, Any] = {
        "course": course.course_id,
        "day": day,
        "today": today,
        "persons": list(course.who.person_ids),
    }
    if not course.who.teaches:
        return []
    rows: dict[tuple[UUID, str], list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARALLELS, values)
        for course_id, group, *lesson in cursor.fetchall():
            rows.setdefault((course_id, group), []).append(tuple(lesson))
    return [
        Parallel(course_id, group, _nearest(lessons, day))
        for (course_id, group), lessons in rows.items()
    ]


def _nearest(lessons: list[tuple[Any, ...]], day: date) -> tuple[ParallelLesson, ...]:
    """Return the lessons, the nearest without homework chosen: the same day before a later one."""
    free = [lesson for lesson in lessons if not lesson[3]]
    best = min(free, key=lambda lesson: (abs(lesson[1] - day), lesson[1]), default=None)
    return tuple(ParallelLesson(*[*lesson, lesson is best]) for lesson in lessons)


def copy_page(user: User, course_id: UUID, lesson_id: UUID | None, *, today: date) -> CopyPage:
    """Read a lesson's homework and the parallel groups. Raises Http404 where there is none."""
    course = course_facts(user, course_id, today=today)
    found = Homework.objects.filter(lesson=lesson_id, lesson__course=course_id, for_all=True)
    homework = found.select_related("lesson").order_by("pk").first()
    if homework is None:
        raise Http404
    day = homework.lesson.day
    return CopyPage(course, homework, day, tuple(_parallels(course, day, today=today)))


def chosen_lessons(page: CopyPage, data: Mapping[str, str]) -> list[tuple[UUID, UUID]]:
    """Return the course and lesson of every parallel group that was ticked."""
    found = []
    for parallel in page.parallels:
        known = {str(lesson.lesson_id): lesson.lesson_id for lesson in parallel.lessons}
        lesson = known.get(data.get(f"lesson_{parallel.course_id}", ""))
        if lesson is not None and f"to_{parallel.course_id}" in data:
            found.append((parallel.course_id, lesson))
    return found
