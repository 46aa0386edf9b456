"""What the rules of the schedule of tests ask: works, and lessons in their classes' days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from journal.queries.facts import CourseFacts, short_name
from journal.schedule import WorkRow
from journal.testplan import Breach, Place, Planned, breaches
from school.models import Lesson, LessonStatus

# The classes whose pupils learn in a group on a day.
_CLASS_OF = """
class_of AS (
  SELECT DISTINCT m.group_id, g.school_class_id AS class_id
    FROM school_membership k
    JOIN school_studygroup g ON g.id = k.group_id AND g.kind = 'class'
    JOIN school_membership m ON m.pupil_id = k.pupil_id
   WHERE k.school_id = ANY (%(schools)s::uuid[])
     AND k.since <= %(on)s AND (k.until IS NULL OR k.until >= %(on)s)
     AND m.since <= %(on)s AND (m.until IS NULL OR m.until >= %(on)s)
)
"""
_WORKS = f"""
WITH {_CLASS_OF}, classes AS (
  SELECT group_id, array_agg(class_id::text) AS ids FROM class_of GROUP BY group_id
)
SELECT w.id, l.id, c.id, u.id::text, u.name, g.name, g.grade_level, g.kind, l.day, l.number, l.status,
       w.minutes, k.name, w.title, coalesce(x.ids, ARRAY[]::text[]), p.last_name, p.first_name, p.middle_name,
       EXISTS (SELECT 1 FROM journal_mark a WHERE a.work_id = w.id AND a.year = l.year),
       g.school_class_id, u.sort_key
  FROM journal_work w
  JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control
  JOIN school_lesson l ON l.id = w.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN people_person p ON p.id = s.teacher_id
  LEFT JOIN classes x ON x.group_id = g.id
 WHERE l.school_id = ANY (%(schools)s::uuid[])
   AND (%(class)s::text IS NULL OR %(class)s::text = ANY (x.ids))
 ORDER BY l.day, l.number, g.grade_level, g.name, w.id
"""  # noqa: S608 - our own text
# Talks and clubs are no lessons: a class's day begins with its first lesson.
_PLACES = f"""
WITH {_CLASS_OF}, asked AS (
  SELECT c.id, c.group_id, c.hours_per_week FROM school_course c WHERE c.id = ANY (%(courses)s::uuid[])
), edges AS (
  SELECT k.class_id, l.day, min(l.number) AS first, max(l.number) AS last
    FROM class_of k
    JOIN school_course c ON c.group_id = k.group_id AND c.kind = 'lesson'
    JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(starts)s AND %(ends)s
     AND l.status <> 'cancelled'
   WHERE k.class_id IN (SELECT o.class_id FROM class_of o JOIN asked a ON a.group_id = o.group_id)
   GROUP BY k.class_id, l.day
), placed AS (
  SELECT a.id AS course_id, a.hours_per_week, l.id, l.number, l.day, l.status,
         coalesce(bool_or(l.number IN (e.first, e.last)), false) AS edge,
         coalesce(min(e.first) FILTER (WHERE l.number IN (e.first, e.last)), min(e.first)) AS first,
         coalesce(max(e.last) FILTER (WHERE l.number IN (e.first, e.last)), max(e.last)) AS last
    FROM asked a
    JOIN school_lesson l ON l.course_id = a.id AND l.day BETWEEN %(starts)s AND %(ends)s
    LEFT JOIN class_of k ON k.group_id = a.group_id
    LEFT JOIN edges e ON e.class_id = k.class_id AND e.day = l.day
   GROUP BY a.id, a.hours_per_week, l.id
), years AS (
  SELECT course_id, count(*) AS lessons, bool_and(edge) AS always
    FROM placed WHERE status <> 'cancelled' GROUP BY course_id
)
SELECT p.id, p.number, coalesce(p.first, p.number), coalesce(p.last, p.number), p.hours_per_week,
       coalesce(y.lessons, 0), coalesce(y.always, false)
  FROM placed p LEFT JOIN years y ON y.course_id = p.course_id
 WHERE p.id = ANY (%(lessons)s::uuid[])
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the rules ask of a lesson: its place and the works around it."""

    rows: tuple[WorkRow, ...]
    places: Mapping[UUID, Place] = field(default_factory=dict)

    def judge(self, work: Planned, lesson_id: UUID) -> tuple[Breach, ...]:
        place = self.places.get(lesson_id)
        if place is None:
            return ()
        return breaches(work, [row.planned for row in self.rows if not row.is_cancelled], place)


def year_of(year: int) -> tuple[date, date]:
    return date(year, 8, 1), date(year + 1, 7, 31)


def works(
    schools: Sequence[UUID], starts: date, ends: date, *, on: date, class_id: UUID | None = None
) -> tuple[WorkRow, ...]:
    """Read the control works on lessons of the days; one statement."""
    values: dict[str, Any] = {
        "schools": list(schools), "starts": starts, "ends": ends, "on": on,
        "class": str(class_id) if class_id else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, values)
        return tuple(_row(row) for row in cursor.fetchall())


def _row(row: Sequence[Any]) -> WorkRow:
    (
        work_id, lesson_id, course_id, subject_id, subject, group, grade, group_kind, day, number, status,
        minutes, kind, title, classes, last, first, middle, has_marks, school_class, _,
    ) = row  # fmt: skip
    own_class = [str(school_class)] if school_class else []
    return WorkRow(
        work_id=work_id,
        lesson_id=lesson_id,
        course_id=course_id,
        day=day,
        number=number,
        kind=kind,
        title=title,
        teacher=short_name(last, first, middle),
        is_cancelled=status == LessonStatus.CANCELLED,
        has_marks=has_marks,
        planned=Planned(
            work_id=str(work_id), course_id=str(course_id), subject_id=subject_id, subject=subject, group=group,
            classes=frozenset(classes or own_class), grade_level=grade, day=day, minutes=minutes,
            is_individual=group_kind == "individual",
        ),
    )  # fmt: skip


def places(
    schools: Sequence[UUID],
    courses: Iterable[UUID],
    lessons: Iterable[UUID],
    *,
    year: int,
    on: date,
) -> dict[UUID, Place]:
    """Read where the lessons stand in their classes' days, and the courses' years; one statement."""
    starts, ends = year_of(year)
    values: dict[str, Any] = {
        "schools": list(schools), "courses": list(courses), "lessons": list(lessons), "starts": starts,
        "ends": ends, "on": on,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, values)
        rows: list[Any] = cursor.fetchall()
    return {row[0]: Place(row[1], row[2], row[3], Decimal(row[4]), row[5], row[6]) for row in rows}


def rules_of(course: CourseFacts, lessons: Iterable[UUID], *, on: date) -> Rules:
    """Read what planning on these lessons of the course depends on; two statements."""
    schools, span = [course.school_id], year_of(course.year)
    found = works(schools, *span, on=on)
    return Rules(found, places(schools, [course.course_id], lessons, year=course.year, on=on))


def course_classes(course: CourseFacts, *, on: date) -> tuple[frozenset[str], int, str, bool]:
    """Read the classes of the course's group, its grade level, its subject, and whether it is one pupil's."""
    statement = f"""WITH {_CLASS_OF}
        SELECT g.grade_level, c.subject_id::text, g.kind, g.school_class_id::text,
               array(SELECT k.class_id::text FROM class_of k WHERE k.group_id = g.id)
          FROM school_course c JOIN school_studygroup g ON g.id = c.group_id WHERE c.id = %(course)s
    """  # noqa: S608 - our own text
    values: dict[str, Any] = {"schools": [course.school_id], "on": on, "course": course.course_id}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        grade, subject, kind, own, classes = cursor.fetchone() or (0, "", "", None, [])
    known = classes or ([own] if own else [])
    return frozenset(known), grade, subject, kind == "individual"


def candidate(
    course: CourseFacts, lesson: Lesson, *, minutes: int | None, work_id: str, on: date
) -> Planned:
    """Return the work that would stand on the lesson."""
    classes, grade, subject, individual = course_classes(course, on=on)
    return Planned(
        work_id=work_id, course_id=str(course.course_id), subject_id=subject, subject=course.subject_name,
        group=course.group_name, classes=classes, grade_level=grade, day=lesson.day, minutes=minutes,
        is_individual=individual,
    )  # fmt: skip
