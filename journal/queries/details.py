"""The panel of one cell: its work, its comment and everything that ever stood in it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404

from common.prepared import prepared
from common.templatetags.words import day_month, time_hm
from journal import announced, grading, policy
from journal.errors import LessonLocked, NotYourLesson
from journal.queries.facts import CourseFacts, course_facts, short_name
from journal.queries.lessons import lesson_facts
from journal.queries.sheets import LED, LETTERS
from journal.sheet import CellDetails, CellEvent
from people.models import User

_CELL = """
SELECT p.last_name, p.first_name,
  EXISTS (SELECT 1 FROM school_membership m WHERE m.group_id = %(group)s AND m.pupil_id = p.id
           AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)),
  EXISTS (SELECT 1 FROM school_membership m WHERE m.group_id = %(group)s AND m.pupil_id = p.id AND {led}),
  (SELECT json_agg(json_build_array(k.value, k.retake, k.due_day) ORDER BY k.position)::text
     FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = %(lesson)s AND k.pupil_id = p.id),
  (SELECT coalesce(sum(k.rev), 0) FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = %(lesson)s
    AND k.pupil_id = p.id)::bigint,
  (SELECT k.comment FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = %(lesson)s
    AND k.pupil_id = p.id AND k.comment <> '' ORDER BY k.position LIMIT 1),
  a.code, coalesce(a.rev, 0), {told}
  FROM people_person p
  LEFT JOIN journal_absence a ON a.year = %(year)s AND a.lesson_id = %(lesson)s AND a.pupil_id = p.id
 WHERE p.id = %(pupil)s
"""
# Deleted rows are found too.
_HISTORY = """
SELECT e.at, e.table_name, e.before, e.after, e.reason, n.last_name, n.first_name, n.middle_name
  FROM app_changed_cells(%(year)s, ARRAY[%(lesson)s::uuid]) e
  LEFT JOIN people_person n ON n.user_id = e.actor AND n.school_id = e.school_id
 WHERE coalesce(e.after, e.before) ->> 'pupil_id' = %(pupil)s::text
 ORDER BY e.at DESC, e.id DESC LIMIT 50
"""


def cell_details(
    user: User, course_id: UUID, *, lesson_id: UUID, pupil_id: UUID, today: date
) -> CellDetails:
    """Read one cell. Raises Http404 for what the user may not open, or a pupil not of this group."""
    course = course_facts(user, course_id, today=today)
    lesson = lesson_facts(course, lesson_id)
    values: dict[str, Any] = {
        "year": course.year, "group": course.group_id,
        "lesson": lesson_id, "pupil": pupil_id, "day": lesson.day, "today": today,
        "persons": list(course.who.person_ids),
    }  # fmt: skip
    row = _cell(course, values)
    last, first, on_roster, led, marks_json, rev, comment, absence, absence_rev, told = row
    marks = json.loads(marks_json or "[]")
    if not policy.may_see(course.who, led=led) or not (on_roster or marks or absence):
        raise Http404
    holds = policy.may_hold(course.who, lesson.teacher)
    shut = course.shut(
        lesson.lesson_id, day=lesson.day, status=lesson.status, today=today, given=lesson.given
    )
    reason = shut.short if shut else "" if holds or led else NotYourLesson.short
    known = announced.told(pupil_id, told) if holds or led else ()
    kind = next((k for k in course.kinds if k.kind_id == lesson.kind_id), None)
    kind = kind or course.default_kind(lesson.day)
    return CellDetails(
        course_id=course.course_id,
        lesson_id=lesson_id,
        pupil_id=pupil_id,
        pupil_name=f"{last} {first}",
        when=f"{day_month(lesson.day)}, {lesson.number}-й урок",
        work=f"{kind.name}, вес {grading.shown_number(kind.weight)}" if kind else "",
        value=grading.show(
            LETTERS[absence] if absence else "",
            [mark[0] for mark in marks],
            [place for place, mark in enumerate(marks, start=1) if mark[1]],
        ),
        owed_until=next((date.fromisoformat(mark[2]) for mark in marks if mark[2]), None),
        rev=rev + absence_rev,
        comment=comment or "",
        can_edit=not reason and holds and bool(marks),
        history=tuple(_history(course, values)),
        locked_reason=reason if course.who.keeps else "",
        can_ask=holds and isinstance(shut, LessonLocked),
        topic=lesson.topic,
        told=announced.words_of(lesson.day, lesson.number, known),
    )


def _cell(course: CourseFacts, values: Mapping[str, Any]) -> Any:
    led = LED if course.who.leads_a_class else "false"
    with prepared() as cursor:
        cursor.execute(_CELL.format(led=led, told=announced.column("p.id")), values)
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return row


def _history(course: CourseFacts, values: Mapping[str, Any]) -> Iterator[CellEvent]:
    with prepared() as cursor:
        cursor.execute(_HISTORY, values)
        rows = cursor.fetchall()
    for at, table, before, after, reason, *name in rows:
        text = changed_in_words(table, loaded(before), loaded(after))
        if text:
            local = at.astimezone(course.zone)
            moment = f"{day_month(local.date())}, {time_hm(local.time())}"
            author = short_name(*name) if name[0] else "система"
            yield CellEvent(moment, author, text, reason=reason)


def loaded(row: str | dict[str, Any] | None) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row or {}


def changed_in_words(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Say in words how one row of the cell changed: «было «4», стало «5»»."""
    old, new = _value(table, before), _value(table, after)
    row = after or before
    second = " (вторая отметка)" if row.get("position") == 2 and not row.get("retake") else ""
    if old != new:
        if not old:
            return f"{'пересдача' if after.get('retake') else 'записано'} «{new}»{second}"
        return f"было «{old}», стало «{new}»{second}" if new else f"стёрто «{old}»{second}"
    if before.get("comment") != after.get("comment"):
        return f"комментарий: «{after['comment']}»" if after.get("comment") else "комментарий стёрт"
    if before.get("due_day") != after.get("due_day"):
        return f"долг до {day_month(date.fromisoformat(after['due_day']))}"
    return ""


def _value(table: str, row: Mapping[str, Any]) -> str:
    if not row:
        return ""
    return grading.seen(row["value"]) if table == "journal_mark" else LETTERS[row["code"]]
