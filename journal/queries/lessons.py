"""One lesson as a list of pupils: the grid's counterpart that works without JavaScript."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from common.ids import uuid7
from common.prepared import prepared
from common.templatetags.words import day_month, file_size, weekday
from journal import announced, grading, policy, seen
from journal.errors import LessonLocked, NotYourLesson
from journal.queries.facts import CourseFacts, course_facts
from journal.queries.plans import CoursePlan, course_plan, kind_choices, planned_choices
from journal.queries.sheets import ATTENDANCE, LED, LETTERS
from journal.sheet import Choice, FileLink, LessonLink, LessonRow, LessonSheet
from people.models import User
from people.naming import told_apart

_LESSON = """
SELECT l.id::text, l.day, l.number, l.status, l.topic, s.teacher_id::text, lower(s.during), upper(s.during),
       coalesce(r.name, ''),
       (SELECT json_build_array(w.kind_id, w.id)::text FROM journal_work w WHERE w.lesson_id = l.id
         ORDER BY w.number LIMIT 1),
       (SELECT json_build_array(h.id, h.text, h.minutes, h.due_lesson_id, h.due_day)::text
          FROM journal_homework h WHERE h.lesson_id = l.id AND h.for_all ORDER BY h.id LIMIT 1),
       (SELECT json_agg(json_build_array(f.id, f.name, f.size) ORDER BY f.id)::text FROM journal_homeworkfile f
          JOIN journal_homework h ON h.id = f.homework_id WHERE h.lesson_id = l.id AND h.for_all),
       (SELECT json_build_array(p.id, p.day, p.number)::text FROM school_lesson p
         WHERE p.course_id = l.course_id AND (p.day, p.number, p.id) < (l.day, l.number, l.id)
         ORDER BY p.day DESC, p.number DESC, p.id DESC LIMIT 1),
       l.kind, EXISTS (SELECT 1 FROM journal_courseprogramme cp WHERE cp.course_id = l.course_id),
       (SELECT json_agg(json_build_array(n.id, n.day, n.number, n.status))::text
          FROM (SELECT id, day, number, status FROM school_lesson n
                 WHERE n.course_id = l.course_id AND (n.day, n.number, n.id) > (l.day, l.number, l.id)
                 ORDER BY n.day, n.number, n.id LIMIT 10) n),
       {given}
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id
  LEFT JOIN school_room r ON r.id = s.room_id
 WHERE l.course_id = %(course)s AND l.id = %(lesson)s
"""
_ROWS = """
SELECT m.pupil_id::text, p.last_name, p.first_name, p.middle_name, bool_or({led}),
       (SELECT json_agg(json_build_array(k.value, k.rev, k.comment, k.retake) ORDER BY k.position)::text
          FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = %(lesson)s AND k.pupil_id = m.pupil_id),
       (SELECT json_build_array(a.code, a.rev)::text FROM journal_absence a
         WHERE a.year = %(year)s AND a.lesson_id = %(lesson)s AND a.pupil_id = m.pupil_id),
       {told}
  FROM school_membership m
  JOIN people_person p ON p.id = m.pupil_id
 WHERE m.group_id = %(group)s AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
 GROUP BY m.pupil_id, p.last_name, p.first_name, p.middle_name, p.sort_key
 ORDER BY p.sort_key COLLATE "C", m.pupil_id
"""


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A lesson of a course: what the list, the panel of a cell and the actions begin with."""

    lesson_id: str
    day: date
    number: int
    status: str
    topic: str
    teacher: str
    starts: datetime
    ends: datetime
    room: str
    kind_id: str
    homework: Sequence[Any]  # id, text, minutes, due lesson, due day
    files: Sequence[Any]
    previous: Sequence[Any]
    coming: Sequence[Any]
    kind: str  # of lesson: «new», «control»
    plan: CoursePlan | None = None
    work_id: str = ""  # of the first work
    given: date | None = None  # since when the window counts, if not since the lesson

    def when(self, zone: tzinfo) -> str:
        """«2 ноября, понедельник, 3-й урок, 10:35–11:20»."""
        clock = "–".join(
            f"{moment.astimezone(zone):%H:%M}".removeprefix("0")
            for moment in (self.starts, self.ends)
        )
        return f"{day_month(self.day)}, {weekday(self.day)}, {self.number}-й урок, {clock}"


def lesson_facts(course: CourseFacts, lesson_id: UUID) -> LessonFacts:
    """Read a lesson of the course. Raises Http404 if the course has no such lesson."""
    with prepared() as cursor:
        cursor.execute(
            _LESSON.format(given=course.given), {"course": course.course_id, "lesson": lesson_id}
        )
        row: Any = cursor.fetchone()
    if row is None:
        raise Http404
    kind, homework, files, previous = (json.loads(part or "[]") for part in row[9:13])
    coming = json.loads(row[15] or "[]")
    plan = course_plan(course.course_id) if row[14] else None
    parts: list[Any] = [
        *row[:9], kind[0] if kind else "", homework, files, previous, coming, row[13], plan,
        kind[1] if kind else "", row[16],
    ]  # fmt: skip
    return LessonFacts(*parts)


def lesson_sheet(user: User, course_id: UUID, lesson_id: UUID, *, today: date) -> LessonSheet:
    """Read one lesson with its pupils. Raises Http404 for what the user may not open."""
    course = course_facts(user, course_id, today=today)
    return lesson_page(course, lesson_facts(course, lesson_id), today=today)


def lesson_page(course: CourseFacts, lesson: LessonFacts, *, today: date) -> LessonSheet:
    page = _page(course, lesson, today=today)
    return replace(page, seen=seen.of(page).as_text())


def _page(course: CourseFacts, lesson: LessonFacts, *, today: date) -> LessonSheet:
    holds = policy.may_hold(course.who, lesson.teacher)
    rows = _rows(course, lesson, today=today, holds=holds)
    led = any(is_led for _, is_led in rows)
    shut = policy.record_closed(
        status=lesson.status,
        year_closed=course.year_closed,
        span=policy.period_of(course.periods, lesson.day),
    )
    marks = grading.offered(course.values_on(lesson.day)) if holds else ()
    homework = lesson.homework or ("", "", None, None, None)
    planned = lesson.plan.offered(lesson.lesson_id) if lesson.plan else None
    return LessonSheet(
        course_id=course.course_id,
        lesson_id=UUID(lesson.lesson_id),
        title=course.title,
        date=lesson.day,
        when=lesson.when(course.zone),
        rows=tuple(row for row, _ in rows),
        allowed=(*marks, *(ATTENDANCE if led else ATTENDANCE[:2])),
        can_edit=(holds or led) and shut is None,
        can_record=holds and shut is None,
        op=uuid7(),
        work_kinds=_kinds(course, lesson),
        room=lesson.room,
        topic=lesson.topic,
        homework=homework[1],
        homework_minutes=str(homework[2] or ""),
        homework_due=_due(lesson),
        marks_in_cell=course.marks_in_cell,
        homework_files=tuple(
            FileLink(
                name, file_size(size), reverse("journal:homework_file", args=[file_id]), file_id
            )
            for file_id, name, size in lesson.files
        ),
        locked_reason=shut.message if shut else "",
        can_ask=holds and _is_late(course, lesson, today),
        work_id=UUID(lesson.work_id) if lesson.work_id else None,
        planned=planned_choices(lesson.plan, lesson.lesson_id) if lesson.plan else (),
        planned_topic=planned.title if planned else "",
        planned_homework=planned.homework if planned else "",
        lesson_kinds=kind_choices(lesson.plan, lesson.lesson_id, lesson.kind),
        previous=_link(lesson.previous),
        following=_link(lesson.coming[0]) if lesson.coming else None,
    )


def _is_late(course: CourseFacts, lesson: LessonFacts, today: date) -> bool:
    """Say whether nothing but the window closes the lesson's cells."""
    shut = course.shut(
        lesson.lesson_id, day=lesson.day, status=lesson.status, today=today, given=lesson.given
    )
    return isinstance(shut, LessonLocked)


def _rows(
    course: CourseFacts, lesson: LessonFacts, *, today: date, holds: bool
) -> list[tuple[LessonRow, bool]]:
    shut = course.shut(
        lesson.lesson_id, day=lesson.day, status=lesson.status, today=today, given=lesson.given
    )
    values: Mapping[str, Any] = {
        "year": course.year, "lesson": lesson.lesson_id, "group": course.group_id, "day": lesson.day,
        "today": today, "persons": list(course.who.person_ids),
    }  # fmt: skip
    led, told = LED if course.who.leads_a_class else "false", announced.column("m.pupil_id")
    with prepared() as cursor:
        cursor.execute(_ROWS.format(led=led, told=told), values)
        found = [row for row in cursor.fetchall() if policy.may_see(course.who, led=row[4])]
    rows = []
    names = told_apart([row[1:4] for row in found])
    for number, row in enumerate(found, start=1):
        pupil_id, *_, led, marks_json, absence_json, told_json = row
        marks, absence = json.loads(marks_json or "[]"), json.loads(absence_json or "[]")
        reason = shut.short if shut else ""
        if not reason and not (holds or led):
            reason = NotYourLesson.short
        made = LessonRow(
            pupil_id=UUID(pupil_id),
            number=number,
            name=names[number - 1][0],
            value=grading.show(
                LETTERS[absence[0]] if absence else "",
                [m[0] for m in marks],
                [place for place, m in enumerate(marks, start=1) if m[3]],
            ),
            rev=sum(m[1] for m in marks) + (absence[1] if absence else 0),
            comment=next((m[2] for m in marks if m[2]), ""),
            locked_reason=reason,
            told=_told(lesson, UUID(pupil_id), told_json) if holds or led else "",
        )
        rows.append((made, led))
    return rows


def _told(lesson: LessonFacts, pupil_id: UUID, text: str | None) -> str:
    """Why a child will not come is for those who teach her and for her class teacher."""
    return announced.words_of(lesson.day, lesson.number, announced.told(pupil_id, text))


def _kinds(course: CourseFacts, lesson: LessonFacts) -> tuple[Choice, ...]:
    """Return the kinds of work of that day, the lesson's own first chosen, else «Р»."""
    offered = course.kinds_on(lesson.day)
    own = [kind for kind in course.kinds if kind.kind_id == lesson.kind_id]
    default = course.default_kind(lesson.day)
    chosen = lesson.kind_id or (default.kind_id if default else "")
    kinds = {kind.kind_id: kind for kind in (*own, *offered)}
    return tuple(
        Choice(
            kind.kind_id,
            f"{kind.name}, вес {grading.shown_number(kind.weight)}",
            chosen=kind.kind_id == chosen,
        )
        for kind in kinds.values()
    )


def _due(lesson: LessonFacts) -> tuple[Choice, ...]:
    """Return the coming lessons, the homework's own chosen; without homework the next is the default."""
    stands, day = lesson.homework[3:5] if lesson.homework else ("", "")
    coming = [row for row in lesson.coming if row[3] != "cancelled" or row[0] == stands]
    chosen = stands or ("" if lesson.homework else coming[0][0] if coming else "")
    choices = [Choice(row[0], _label(row), chosen=row[0] == chosen) for row in coming]
    if lesson.homework and not any(choice.chosen for choice in choices):
        words = day_month(date.fromisoformat(day)) if stands else "без урока"
        choices.insert(0, Choice(chosen, words, chosen=True))
    return tuple(choices)


def _link(row: Sequence[Any]) -> LessonLink | None:
    return LessonLink(UUID(row[0]), _label(row)) if row else None


def _label(row: Sequence[Any]) -> str:
    return f"{day_month(date.fromisoformat(row[1]))}, {row[2]}-й урок"
