"""Lessons of substitutes and the load of tests, for the deputy head: one statement each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from journal.queries.controlled import controlled, controlled_rows
from journal.queries.facts import short_name
from people.models import User

_SUBSTITUTED = """
SELECT l.id, l.course_id, l.day, l.number, u.name, g.name, l.topic, l.recorded_at IS NOT NULL, l.status, x.kind,
       x.reason, a.last_name, a.first_name, a.middle_name, b.last_name, b.first_name, b.middle_name
  FROM school_lessonchange x
  JOIN school_lesson l ON l.id = x.lesson_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  LEFT JOIN people_person a ON a.id = x.absent_teacher_id
  LEFT JOIN people_person b ON b.id = x.substitute_id
 WHERE x.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(since)s AND %(until)s
   AND x.kind IN ('substituted', 'cancelled')
 ORDER BY l.day, l.number, u.name, l.id
"""


@dataclass(frozen=True, slots=True)
class Substituted:
    """A lesson that was given by another teacher, or missed (domain.md §3.2)."""

    lesson_id: UUID
    course_id: UUID
    date: date
    number: int
    subject_name: str
    group_name: str
    absent: str
    substitute: str  # empty: nobody, the lesson was missed
    reason: str
    topic: str
    recorded: bool
    is_over: bool


def substitutions(
    user: User, *, since: date, until: date, today: date, schools: Sequence[UUID] = ()
) -> tuple[Substituted, ...]:
    """List lessons with another teacher, and missed ones; a change of time or room is neither."""
    values = controlled(user, since=since, today=today, schools=schools) | {"until": until}
    return tuple(_substituted(row, today) for row in controlled_rows(_SUBSTITUTED, values))


def _substituted(row: Any, today: date) -> Substituted:
    lesson_id, course_id, day, number, subject, group, topic, recorded, _, _, reason, *names = row
    absent, substitute = names[:3], names[3:]
    return Substituted(
        lesson_id=lesson_id,
        course_id=course_id,
        date=day,
        number=number,
        subject_name=subject,
        group_name=group,
        absent=short_name(*absent) if absent[0] else "",
        substitute=short_name(*substitute) if substitute[0] else "",
        reason=reason,
        topic=topic,
        recorded=recorded,
        is_over=day < today,
    )


_LOAD = """
SELECT k.id, k.grade_level || k.letter, l.day, count(DISTINCT l.id),
       string_agg(DISTINCT u.short_name, ', ' ORDER BY u.short_name)
  FROM journal_work w
  JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
  JOIN school_lesson l ON l.id = w.lesson_id AND l.status <> 'cancelled'
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE w.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(since)s AND %(until)s
 GROUP BY k.id, l.day
 ORDER BY k.grade_level, k.sort_key, l.day
"""


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Tests of a class in a week: how many, which, and whether two fall on one day."""

    number: int
    subjects: str
    crowded: bool


@dataclass(frozen=True, slots=True)
class ClassLoad:
    class_id: UUID
    class_name: str
    weeks: tuple[WeekLoad, ...]


def load_of_tests(
    user: User, *, monday: date, weeks: int, today: date, schools: Sequence[UUID] = ()
) -> tuple[ClassLoad, ...]:
    """Count the tests of every class by week, from a Monday."""
    until = monday + timedelta(days=7 * weeks - 1)
    values = controlled(user, since=monday, today=today, schools=schools) | {"until": until}
    found: dict[tuple[UUID, str], list[list[Any]]] = {}
    for class_id, name, day, number, subjects in controlled_rows(_LOAD, values):
        cells = found.setdefault((class_id, name), [[] for _ in range(weeks)])
        cells[(day - monday).days // 7].append((day, number, subjects))
    return tuple(
        ClassLoad(class_id, name, tuple(_weeks(cells))) for (class_id, name), cells in found.items()
    )


def _weeks(cells: Sequence[Sequence[Any]]) -> Iterator[WeekLoad]:
    for days in cells:
        words = "; ".join(f"{day:%d.%m} {subjects}" for day, _, subjects in days)
        number = sum(one[1] for one in days)
        yield WeekLoad(number, words, crowded=any(one[1] > 1 for one in days))
