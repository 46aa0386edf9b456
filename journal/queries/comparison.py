"""Averages beside results, course by course, for the deputy head: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.templatetags.words import decimal_comma
from journal.queries.controlled import controlled, controlled_rows
from journal.queries.facts import short_name
from journal.queries.statistics import Option
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import Course, SchoolClass

_COMPARED = """
WITH course AS (
  SELECT c.id, c.subject_id, c.group_id, q.id AS period_id, q.starts, q.ends
    FROM school_course c
    JOIN school_studygroup g ON g.id = c.group_id
    JOIN LATERAL (
      SELECT p.id, p.starts, p.ends FROM school_period p
       WHERE p.school_id = c.school_id AND p.year = c.year AND p.ends < %(today)s
         AND g.grade_level BETWEEN p.grade_from AND p.grade_to
       ORDER BY p.ends DESC LIMIT 1) q ON true
   WHERE c.school_id = ANY (%(schools)s::uuid[]) AND c.year = %(year)s AND c.scale_code = 'five'
     AND (%(class)s::uuid IS NULL OR g.school_class_id = %(class)s::uuid OR (g.school_class_id IS NULL AND EXISTS (
          SELECT 1 FROM school_membership m JOIN school_membership k ON k.pupil_id = m.pupil_id
            JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class' AND h.school_class_id = %(class)s::uuid
           WHERE m.group_id = g.id)))
), average AS (
  SELECT m.pupil_id, course.id AS course_id, sum(m.score * w.weight) / sum(w.weight) AS value
    FROM course
    JOIN school_lesson l ON l.course_id = course.id AND l.day BETWEEN course.starts AND course.ends
    JOIN journal_mark m ON m.lesson_id = l.id AND m.year = %(year)s AND m.score IS NOT NULL
    JOIN journal_work w ON w.id = m.work_id AND w.counts
   GROUP BY m.pupil_id, course.id
)
SELECT course.id, u.name, g.name, t.last_name, t.first_name, t.middle_name, count(*), avg(a.value), avg(r.score),
       count(*) FILTER (WHERE r.score > a.value + 0.5), count(*) FILTER (WHERE r.score < a.value - 0.5)
  FROM course
  JOIN journal_periodmark r ON r.course_id = course.id AND r.period_id = course.period_id AND r.score IS NOT NULL
  JOIN average a ON a.course_id = course.id AND a.pupil_id = r.pupil_id
  JOIN school_subject u ON u.id = course.subject_id
  JOIN school_studygroup g ON g.id = course.group_id
  JOIN LATERAL (
    SELECT n.last_name, n.first_name, n.middle_name FROM school_courseteacher k
      JOIN people_person n ON n.id = k.person_id
     WHERE k.course_id = course.id ORDER BY k.since DESC, k.id LIMIT 1) t ON true
 GROUP BY course.id, u.id, g.id, t.last_name, t.first_name, t.middle_name
 ORDER BY u.name, g.grade_level, g.name
"""


def classes_controlled(
    user: User, *, today: date, schools: Sequence[UUID] = ()
) -> tuple[Option, ...]:
    """Return the classes of the year whose marks have a mean, of the main school first, by grade."""
    controls = user.schools_with(Permission.JOURNAL_CONTROL)
    own = [one for one in controls if not schools or one in schools]
    marked = Course.objects.filter(scale_code="five", year=school_year(today))
    classes = SchoolClass.objects.filter(
        school__in=own, year=school_year(today), groups__in=marked.values("group")
    )
    found = classes.select_related("school").in_order().distinct()
    many = len(own) > 1
    return tuple(
        Option(str(one.pk), f"{one.name}, {one.school.short_name}" if many else one.name)
        for one in sorted(found, key=lambda one: one.school.parent_id is not None)
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A course: the mean of its pupils' averages beside the mean of their results of the last closed period."""

    course_id: UUID
    subject_name: str
    group_name: str
    teacher_name: str
    pupils: int
    average: str
    result: str
    difference: str  # «+0,21»
    raised: int  # results more than half a mark above the average
    lowered: int


def averages_and_results(
    user: User, *, today: date, schools: Sequence[UUID] = (), class_id: UUID | None = None
) -> tuple[Compared, ...]:
    """Compare averages with the results of the last closed period, the largest difference first.

    Of the courses that pupils of the class have, or without a class of the whole school.
    """
    values = controlled(user, since=today, today=today, schools=schools)
    rows = controlled_rows(_COMPARED, values | {"class": class_id})
    rows.sort(key=lambda row: -abs(float(row[8]) - float(row[7])))
    return tuple(_compared(row) for row in rows)


def _compared(row: Any) -> Compared:
    course_id, subject, group, last, first, middle, pupils, average, result, raised, lowered = row
    difference = float(result) - float(average)
    return Compared(
        course_id=course_id,
        subject_name=subject,
        group_name=group,
        teacher_name=short_name(last, first, middle),
        pupils=pupils,
        average=decimal_comma(average, 2),
        result=decimal_comma(result, 2),
        difference=f"{'+' if difference >= 0 else '−'}{decimal_comma(abs(difference), 2)}",
        raised=raised,
        lowered=lowered,
    )
