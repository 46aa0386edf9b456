"""Pupils at risk, for the deputy head: two statements over the schools that she controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.prepared import array
from common.templatetags.words import decimal_comma
from journal import grading
from journal.queries.controlled import controlled, controlled_rows
from journal.queries.facts import short_name
from people.models import User

LOW = 250  # an average below it, in hundredths, is unsatisfactory
FAIR = 365  # a fall that ends above it is no risk
DROP = 70  # so far below the last period's mark an average is a fall
MISSED = 30  # per cent of the lessons
AT_LEAST = 3  # marks, for an average to say anything
SHOWN = 300

_AVERAGES = """
WITH marks AS (
  SELECT m.pupil_id, l.course_id, sum((m.score * 100)::int * (w.weight * 100)::int) AS heavy,
         sum((w.weight * 100)::int) AS weight, count(*) AS number
    FROM journal_mark m JOIN school_lesson l ON l.id = m.lesson_id JOIN journal_work w ON w.id = m.work_id
   WHERE m.year = %(year)s AND m.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(since)s AND %(today)s
     AND m.score IS NOT NULL AND w.counts
   GROUP BY m.pupil_id, l.course_id
), last AS (
  SELECT DISTINCT ON (r.pupil_id, r.course_id) r.pupil_id, r.course_id, (r.score * 100)::int AS score
    FROM journal_periodmark r JOIN school_period p ON p.id = r.period_id
   WHERE r.year = %(year)s AND r.school_id = ANY (%(schools)s::uuid[]) AND r.score IS NOT NULL
     AND p.ends < %(since)s
   ORDER BY r.pupil_id, r.course_id, p.ends DESC
)
SELECT m.pupil_id::text, u.short_name, m.heavy, m.weight, m.number, last.score
  FROM marks m
  JOIN school_course c ON c.id = m.course_id AND c.scale_code = 'five'
  JOIN school_subject u ON u.id = c.subject_id
  LEFT JOIN last ON last.pupil_id = m.pupil_id AND last.course_id = m.course_id
 WHERE m.number >= %(at_least)s AND (m.heavy < %(low)s * m.weight OR (m.heavy < (last.score - %(drop)s) * m.weight AND m.heavy < %(fair)s * m.weight))
 ORDER BY u.name
"""
_PUPILS = """
WITH missed AS (
  SELECT a.pupil_id, count(*) AS number, count(*) FILTER (WHERE a.code = 'absent') AS unexplained
    FROM journal_absence a JOIN school_lesson l ON l.id = a.lesson_id
   WHERE a.year = %(year)s AND a.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(since)s AND %(today)s
     AND a.code <> 'late'
   GROUP BY a.pupil_id
), owed AS (
  SELECT m.pupil_id, count(*) AS number FROM journal_mark m
   WHERE m.year = %(year)s AND m.school_id = ANY (%(schools)s::uuid[]) AND m.value = '.' AND m.due_day < %(today)s
   GROUP BY m.pupil_id
), held AS (
  SELECT c.group_id, count(*) AS number FROM school_lesson l JOIN school_course c ON c.id = l.course_id
   WHERE l.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(since)s AND %(today)s
     AND l.status <> 'cancelled'
   GROUP BY c.group_id
), lessons AS (
  SELECT b.pupil_id, sum(held.number) AS number FROM school_membership b JOIN held ON held.group_id = b.group_id
   WHERE b.since <= %(today)s AND (b.until IS NULL OR b.until >= %(today)s)
   GROUP BY b.pupil_id
)
SELECT p.id::text, p.last_name, p.first_name, p.middle_name, k.grade_level || k.letter, k.id,
       coalesce(missed.number, 0), coalesce(missed.unexplained, 0), coalesce(owed.number, 0),
       coalesce(lessons.number, 0)
  FROM school_membership b
  JOIN school_studygroup g ON g.id = b.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
  JOIN people_person p ON p.id = b.pupil_id
  LEFT JOIN missed ON missed.pupil_id = b.pupil_id
  LEFT JOIN owed ON owed.pupil_id = b.pupil_id
  LEFT JOIN lessons ON lessons.pupil_id = b.pupil_id
 WHERE b.school_id = ANY (%(schools)s::uuid[]) AND b.since <= %(today)s AND (b.until IS NULL OR b.until >= %(today)s)
   AND (b.pupil_id = ANY (%(found)s::uuid[]) OR owed.number > 0
        OR missed.number * 100 >= lessons.number * %(missed)s)
 ORDER BY k.grade_level, k.sort_key, p.sort_key COLLATE "C", p.id
"""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A pupil, and why she needs attention: words ready for the screen."""

    pupil_id: UUID
    name: str
    class_id: UUID
    class_name: str
    low: tuple[str, ...]  # «Алгебра 2,33»
    fell: tuple[str, ...]  # «Физика 3,20 после 4»
    missed: str  # «41 % уроков, без причины 3»
    debts: int

    @property
    def reasons(self) -> int:
        return len(self.low) + len(self.fell) + bool(self.missed) + self.debts


def pupils_at_risk(
    user: User, *, since: date, today: date, schools: Sequence[UUID] = ()
) -> tuple[AtRisk, ...]:
    """Find pupils with unsatisfactory or falling averages, many missed lessons, overdue debts."""
    values = controlled(user, since=since, today=today, schools=schools)
    values |= {"low": LOW, "drop": DROP, "fair": FAIR, "missed": MISSED, "at_least": AT_LEAST}
    low: dict[str, list[str]] = {}
    fell: dict[str, list[str]] = {}
    for pupil_id, subject, heavy, weight, _, last in controlled_rows(_AVERAGES, values):
        shown = f"{subject} {grading.shown(heavy, weight)}"
        if heavy < LOW * weight:
            low.setdefault(pupil_id, []).append(shown)
        else:
            fell.setdefault(pupil_id, []).append(f"{shown} после {decimal_comma(last / 100, 0)}")
    values["found"] = array({*low, *fell})
    rows = controlled_rows(_PUPILS, values)
    pupils = [_pupil(row, low, fell) for row in rows]
    pupils.sort(key=lambda one: (-len(one.low), not one.missed, -one.reasons))
    return tuple(pupils[:SHOWN])


def _pupil(row: Any, low: dict[str, list[str]], fell: dict[str, list[str]]) -> AtRisk:
    pupil_id, last, first, middle, class_name, class_id, missed, unexplained, debts, lessons = row
    share = missed * 100 // lessons if lessons else 0
    often = share >= MISSED
    return AtRisk(
        pupil_id=UUID(pupil_id),
        name=short_name(last, first, middle),
        class_id=class_id,
        class_name=class_name,
        low=tuple(low.get(pupil_id, ())),
        fell=tuple(fell.get(pupil_id, ())),
        missed=(f"{share} % уроков" + (f", без причины {unexplained}" if unexplained else ""))
        if often
        else "",
        debts=debts,
    )
