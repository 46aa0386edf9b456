"""The classes of a school in a week: the regulation, and one statement."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.prepared import rows_of
from common.weeks import monday_of
from diary.pages.board import Board, BoardRow
from diary.queries.acknowledgement import short_name
from diary.queries.rule import Rule, rule_of
from people.models import School

# The pupils of a week with their class; who of them had lessons owes the acknowledgement.
OWING = """
seats AS MATERIALIZED (
  SELECT m.pupil_id, m.group_id, m.since, coalesce(m.until, 'infinity'::date) AS until, g.kind, g.school_class_id
    FROM school_membership m JOIN school_studygroup g ON g.id = m.group_id
   WHERE m.school_id = %(school)s AND m.since <= %(sunday)s AND (m.until IS NULL OR m.until >= %(monday)s)
), taught AS MATERIALIZED (
  SELECT c.group_id, min(l.day) AS first, max(l.day) AS last
    FROM school_lesson l JOIN school_course c ON c.id = l.course_id
   WHERE l.school_id = %(school)s AND l.day BETWEEN %(monday)s AND %(sunday)s AND l.status <> 'cancelled'
   GROUP BY c.group_id
), owing AS MATERIALIZED (
  SELECT DISTINCT ON (s.pupil_id) s.pupil_id, s.school_class_id
    FROM seats s
   WHERE s.kind = 'class'
     AND EXISTS (SELECT 1 FROM seats o JOIN taught t ON t.group_id = o.group_id
                  WHERE o.pupil_id = s.pupil_id AND o.since <= t.last AND o.until >= t.first)
   ORDER BY s.pupil_id, s.since DESC
), guardians AS MATERIALIZED (
  SELECT g.pupil_id, g.guardian_id,
         coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false) AS is_open,
         coalesce((SELECT d.form FROM consent_deliverydeclaration d
                    WHERE d.pupil_id = g.pupil_id AND d.guardian_id = g.guardian_id
                    ORDER BY d.declared_on DESC, d.registered_at DESC, d.id DESC LIMIT 1), 'electronic') AS form
    FROM people_guardianship g
   WHERE g.pupil_id IN (SELECT pupil_id FROM owing)
     AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
     AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                      AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
)
"""
BOARD = f"""
WITH {OWING}, families AS (
  SELECT o.pupil_id, o.school_class_id,
         EXISTS (SELECT 1 FROM guardians g WHERE g.pupil_id = o.pupil_id AND g.is_open AND g.form = 'electronic') AS electronic,
         cardinality(%(sections)s::text[]) <= (
           SELECT count(DISTINCT a.section) FROM diary_acknowledgement a
            WHERE a.pupil_id = o.pupil_id AND a.section = ANY(%(sections)s)
              AND a.week BETWEEN %(monday)s - %(grace)s AND %(monday)s) AS kept,
         EXISTS (SELECT 1 FROM diary_acknowledgement a WHERE a.pupil_id = o.pupil_id AND a.channel = 'web'
                    AND a.week BETWEEN %(monday)s - %(grace)s AND %(monday)s) AS web,
         EXISTS (SELECT 1 FROM access_visit v JOIN guardians g ON g.guardian_id = v.person_id AND g.pupil_id = v.pupil_id
                  WHERE v.pupil_id = o.pupil_id AND v.day BETWEEN %(monday)s AND %(sunday)s) AS visited,
         EXISTS (SELECT 1 FROM diary_reminder r WHERE r.pupil_id = o.pupil_id AND r.week = %(monday)s) AS reminded
    FROM owing o
)
SELECT k.id, k.grade_level || k.letter, t.last_name, t.first_name, t.middle_name,
       count(f.pupil_id) FILTER (WHERE f.electronic), count(f.pupil_id) FILTER (WHERE f.electronic AND f.kept),
       count(f.pupil_id) FILTER (WHERE NOT f.electronic), count(f.pupil_id) FILTER (WHERE NOT f.electronic AND f.kept),
       count(f.pupil_id) FILTER (WHERE f.kept AND f.web), count(f.pupil_id) FILTER (WHERE f.kept AND NOT f.web),
       count(f.pupil_id) FILTER (WHERE f.visited), count(f.pupil_id) FILTER (WHERE f.reminded)
  FROM school_schoolclass k
  LEFT JOIN families f ON f.school_class_id = k.id
  LEFT JOIN LATERAL (
       SELECT p.last_name, p.first_name, p.middle_name FROM school_classteacher c JOIN people_person p ON p.id = c.person_id
        WHERE c.school_class_id = k.id AND c.since <= %(today)s AND (c.until IS NULL OR c.until >= %(today)s)
        ORDER BY c.since DESC, c.id LIMIT 1) t ON true
 WHERE k.school_id = %(school)s AND k.year = app_school_year(%(monday)s)
 GROUP BY k.id, t.last_name, t.first_name, t.middle_name
 ORDER BY k.grade_level, k.sort_key, k.id
"""  # noqa: S608 - our own text
LAST_WEEK = """
SELECT date_trunc('week', max(day))::date FROM school_lesson
 WHERE school_id = %(school)s AND day < %(monday)s AND day >= %(since)s AND status <> 'cancelled'
"""


def board(school: School, monday: date, *, now: datetime) -> Board:
    """Return how every class of the school acknowledged the week of `monday`."""
    today = school.local_date(now)
    rows = tuple(board_rows(school, monday, rule_of(school, day=today), today=today))
    return Board(
        school_name=school.short_name,
        monday=monday,
        now=now.astimezone(ZoneInfo(school.time_zone)),
        rows=rows,
        total=_total(rows),
    )


def last_week(school: School, *, today: date) -> date | None:
    """Return the Monday of the last week that has ended and had lessons."""
    return _week_of_lessons(school, date.min, monday_of(today))


def had_lessons(school: School, since: date, until: date) -> bool:
    """Return whether there were lessons from `since` to before `until`."""
    return _week_of_lessons(school, since, until) is not None


def _week_of_lessons(school: School, since: date, until: date) -> date | None:
    values = {"school": school.pk, "since": since, "monday": until}
    ((found,),) = rows_of(LAST_WEEK, values)
    week: date | None = found
    return week


def board_rows(school: School, monday: date, rule: Rule, *, today: date) -> Iterable[BoardRow]:
    values: dict[str, Any] = {
        "school": school.pk,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "today": today,
        "sections": sorted(rule.sections),
        "grace": rule.grace,
    }
    for pk, name, last, first, middle, *counts in rows_of(BOARD, values):
        teacher = short_name(last, first, middle) if last else ""
        yield BoardRow(pk, name, teacher, *counts)


def _total(rows: tuple[BoardRow, ...]) -> BoardRow:
    return BoardRow(
        class_id=None,
        name="Вся школа",
        teacher="",
        electronic=sum(row.electronic for row in rows),
        electronic_kept=sum(row.electronic_kept for row in rows),
        paper=sum(row.paper for row in rows),
        paper_kept=sum(row.paper_kept for row in rows),
        by_web=sum(row.by_web for row in rows),
        by_paper=sum(row.by_paper for row in rows),
        visited=sum(row.visited for row in rows),
        reminded=sum(row.reminded for row in rows),
    )
