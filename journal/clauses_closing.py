"""How closing answers for the clauses: everybody has a result (T5a), or a deferral that is settled in time (T5c)."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru, day_digits
from journal.closing import YEAR
from people.models import School
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due

SUMMER = timedelta(days=97)  # an ended year is judged until the next begins
# Pupils who were in the group on the last day of an ended period, or year, and have no result of it.
_LACKING = """
WITH ended AS (
  SELECT p.id, p.year, p.grade_from, p.grade_to, p.starts, p.ends FROM school_period p
    JOIN school_schoolyear y ON y.school_id = p.school_id AND y.year = p.year
   WHERE p.school_id = %(school)s AND p.ends < %(today)s AND y.ends >= %(since)s AND y.starts <= %(today)s
   UNION ALL
  SELECT NULL, y.year, 1, 11, y.starts, y.ends FROM school_schoolyear y
   WHERE y.school_id = %(school)s AND y.ends < %(today)s AND y.ends >= %(since)s
)
SELECT c.id, u.name, g.name, e.id, e.ends, count(*), count(*) FILTER (WHERE NOT EXISTS (
         SELECT 1 FROM journal_periodmark r WHERE r.course_id = c.id AND r.period_id = e.id AND r.pupil_id = m.pupil_id)
         AND NOT EXISTS (SELECT 1 FROM journal_yearmark r WHERE e.id IS NULL AND r.course_id = c.id AND r.pupil_id = m.pupil_id))
  FROM ended e
  JOIN school_studygroup g ON g.school_id = %(school)s AND g.year = e.year
   AND g.grade_level BETWEEN e.grade_from AND e.grade_to
  JOIN school_course c ON c.group_id = g.id AND c.kind = 'lesson'
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_membership m ON m.group_id = g.id AND m.since <= e.ends AND (m.until IS NULL OR m.until >= e.ends)
 WHERE EXISTS (SELECT 1 FROM journal_scale s WHERE s.school_id = c.school_id AND s.code = c.scale_code
                AND s.values <> '{}'::jsonb)
   AND EXISTS (SELECT 1 FROM school_lesson l WHERE l.course_id = c.id AND l.day BETWEEN e.starts AND e.ends)
 GROUP BY c.id, u.name, g.name, e.id, e.ends ORDER BY 7 DESC, e.ends, u.name, g.name, c.id
"""
_DEFERRALS = """
SELECT r.course_id, r.pupil_id, r.period_id, n.last_name, n.first_name, u.name, d.until
  FROM journal_deferral d
  JOIN journal_periodmark r ON r.id = d.period_mark_id AND r.status = 'deferred'
  JOIN school_course c ON c.id = r.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN people_person n ON n.id = r.pupil_id
 WHERE d.school_id = %(school)s
 ORDER BY d.until, n.sort_key COLLATE "C", d.id
"""


def register() -> None:
    """Register the checks: importing this module does it; the call keeps the import honest."""


@clause("T5a")
def everybody_has_results(school: School, *, now: datetime) -> Finding:
    """Judge by ended periods and years: every pupil of a course has a mark, «н/а», «осв» or a deferral."""
    today = school.local_date(now)
    given: dict[str, Any] = {"school": school.pk, "today": today, "since": today - SUMMER}
    courses = rows_of(_LACKING, given)
    total, lacking = sum(row[5] for row in courses), sum(row[6] for row in courses)
    if not total:
        return not_yet_due("Ни один отчётный период ещё не закончился.")
    if not lacking:
        return kept(f"За оконченные периоды поставлены все результаты: {total}.")
    rows = (
        Evidence(
            f"{subject}, {group}",
            f"{reverse('journal:closing_course', args=[course])}?period={period or YEAR}",
            f"{'период' if period else 'год'} до {day_digits(ends)}: нет результата у {missing} из {pupils}",
        )
        for course, subject, group, period, ends, pupils, missing in courses
        if missing
    )
    return broken(f"Нет результата за период: {lacking} из {total}.", *listed(rows))


@clause("T5c")
def deferrals_are_settled(school: School, *, now: datetime) -> Finding:
    """Judge by dates: a result that was put off is there by its new date."""
    today = school.local_date(now)
    deferred = rows_of(_DEFERRALS, {"school": school.pk})
    if not deferred:
        return not_yet_due("Отложенных отметок нет. Отложить отметку по болезни можно на странице ученика.")  # fmt: skip
    late = [row for row in deferred if row[6] < today]
    rows = listed(
        Evidence(
            f"{last} {first}",
            f"{reverse('journal:closing_cell', args=[course, pupil])}?period={period}",
            f"{subject}: до {day_digits(until)}",
        )
        for course, pupil, period, last, first, subject, until in late or deferred
    )
    if late:
        return broken(f"Срок прошёл, отметки нет: {len(late)} из {len(deferred)}.", *rows)
    return kept(f"Отложено по болезни: {count_ru(len(deferred), 'отметка,отметки,отметок')}, сроки не прошли.", *rows)  # fmt: skip
