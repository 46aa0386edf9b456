"""Everything that was changed in a journal, newest first: any cell, by anybody, deleted rows too."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.prepared import of_year, prepared
from common.templatetags.words import day_month, time_hm
from journal.queries.details import changed_in_words, loaded
from journal.queries.facts import CourseFacts, short_name

SHOWN = 200

_TRAIL = """
WITH lessons AS (
  SELECT id, day, number FROM school_lesson
   WHERE course_id = %(course)s AND (%(lesson)s::uuid IS NULL OR id = %(lesson)s))
SELECT e.at, e.table_name, e.before::text, e.after::text, e.reason, n.last_name, n.first_name, n.middle_name,
       l.id, l.day, l.number, p.id, p.last_name, p.first_name, p.middle_name
  FROM app_changed_cells(%(year)s, ARRAY(SELECT id FROM lessons)) e
  JOIN lessons l ON l.id = (coalesce(e.after, e.before) ->> 'lesson_id')::uuid
  LEFT JOIN people_person n ON n.user_id = e.actor AND n.school_id = e.school_id
  JOIN people_person p ON p.id = (coalesce(e.after, e.before) ->> 'pupil_id')::uuid
 WHERE (%(pupil)s::uuid IS NULL OR p.id = %(pupil)s)
   AND (NOT %(corrections)s OR e.action <> 'I')
 ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One change of one cell."""

    at: str  # «18 ноября, 12:40»
    author: str
    pupil_id: UUID
    pupil: str
    lesson_id: UUID
    lesson: str  # «16 ноября, 3-й урок»
    day: date
    text: str
    reason: str


def trail(
    course: CourseFacts,
    *,
    lesson: UUID | None = None,
    pupil: UUID | None = None,
    corrections: bool = False,
) -> tuple[TrailLine, ...]:
    """Read the last 200 changes of a course's cells; `corrections`: without first entries."""
    values: dict[str, Any] = {
        "year": course.year, "course": course.course_id, "lesson": lesson, "pupil": pupil,
        "corrections": corrections, "limit": SHOWN,
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(of_year(_TRAIL, course.year), values)
        rows = cursor.fetchall()
    return tuple(line for row in rows if (line := _line(row, course)).text)


def _line(row: Any, course: CourseFacts) -> TrailLine:
    at, table, before, after, reason, *rest = row
    author, (lesson_id, day, number, pupil_id), pupil = rest[:3], rest[3:7], rest[7:]
    local = at.astimezone(course.zone)
    return TrailLine(
        at=f"{day_month(local.date())}, {time_hm(local.time())}",
        author=short_name(*author) if author[0] else "система",
        pupil_id=pupil_id,
        pupil=short_name(*pupil),
        lesson_id=lesson_id,
        lesson=f"{day_month(day)}, {number}-й урок",
        day=day,
        text=changed_in_words(
            table, loaded(json.loads(before or "null")), loaded(json.loads(after or "null"))
        ),
        reason=reason,
    )
