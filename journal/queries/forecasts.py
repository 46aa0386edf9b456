"""Forecasts of any number of courses in seven statements: the grid, closing, diary and letters use these.

The caller decides whose courses they are: ids come from a fetch through `visible_to`, or from a job.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from common.prepared import of_year
from journal.queries.forecast_facts import (
    CHECKED_WITHIN,
    COURSE,
    CourseInTerm,
    Facts,
    PupilForecast,
    Rules,
    Term,
    forecast_pupil,
    read_course,
)

_COURSES = f"""
SELECT {COURSE}  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE c.id = ANY (%(courses)s)
 ORDER BY u.sort_key COLLATE "C", g.name, c.id
"""  # noqa: S608 - our own text
_MEMBERS = """
SELECT DISTINCT m.group_id, m.pupil_id FROM school_membership m
 WHERE m.group_id = ANY (%(groups)s)
   AND m.since <= %(today)s AND coalesce(m.until, 'infinity') >= %(today)s
"""
_LESSONS = """
SELECT l.course_id, count(*) FILTER (WHERE coming.yes), count(*) FILTER (WHERE NOT coming.yes)
  FROM unnest(%(courses)s::uuid[], %(starts)s::date[], %(ends)s::date[], %(places)s::int[])
       AS k(course_id, starts, ends, place)
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN k.starts AND k.ends
  CROSS JOIN LATERAL
    (SELECT l.day > %(today)s OR (l.day = %(today)s AND l.recorded_at IS NULL) AS yes) coming
 WHERE l.status <> 'cancelled'
 GROUP BY l.course_id
"""
# Control works to come, and those that are written but not yet marked.
_WORKS = """
SELECT l.course_id, w.weight, l.day > %(today)s
  FROM unnest(%(courses)s::uuid[], %(starts)s::date[], %(ends)s::date[], %(places)s::int[])
       AS k(course_id, starts, ends, place)
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN k.starts AND k.ends
  JOIN journal_work w ON w.lesson_id = l.id AND w.counts
  JOIN journal_workkind d ON d.id = w.kind_id AND d.is_control
 WHERE l.status <> 'cancelled'
   AND (l.day > %(today)s OR (l.day >= %(today)s - %(checked_within)s AND NOT EXISTS (
     SELECT 1 FROM journal_mark m WHERE m.year = %(year)s AND m.lesson_id = l.id AND m.work_id = w.id)))
 ORDER BY l.day, w.id
"""
# Control works that the programme lays on the lessons left.
_PROGRAMMED = """
SELECT t.course_id, t.weight FROM (
  SELECT k.course_id, k.lessons, d.weight, d.is_control,
         sum(t.hours - g.hours) OVER (PARTITION BY k.course_id ORDER BY t.number) AS until
    FROM unnest(%(courses)s::uuid[], %(lessons)s::int[]) AS k(course_id, lessons)
    JOIN journal_courseprogramme p ON p.course_id = k.course_id
    JOIN journal_topic t ON t.programme_id = p.programme_id
    LEFT JOIN journal_workkind d ON d.id = t.work_kind_id
   CROSS JOIN LATERAL
     (SELECT least(count(*), t.hours) AS hours FROM journal_lessontopic o
        JOIN school_lesson l ON l.id = o.lesson_id
       WHERE o.topic_id = t.id AND l.course_id = k.course_id) g
   WHERE g.hours < t.hours) t
 WHERE t.is_control AND t.until <= t.lessons
"""
_MARKS = """
SELECT l.course_id, m.pupil_id, k.place, count(m.score), sum(n.score), sum(n.score * n.weight),
       sum(n.weight) FILTER (WHERE m.score IS NOT NULL), sum(n.weight * n.weight) FILTER (WHERE m.score IS NOT NULL),
       array_agg(w.weight) FILTER (WHERE m.value = '.')
  FROM unnest(%(courses)s::uuid[], %(starts)s::date[], %(ends)s::date[], %(places)s::int[])
       AS k(course_id, starts, ends, place)
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN k.starts AND k.ends
  JOIN journal_mark m ON m.year = %(year)s AND m.lesson_id = l.id
  JOIN journal_work w ON w.id = m.work_id AND w.counts
  CROSS JOIN LATERAL (SELECT (m.score * 100)::bigint AS score, (w.weight * 100)::bigint AS weight) n
 WHERE l.day <= %(today)s
 GROUP BY l.course_id, m.pupil_id, k.place
"""
_RESULTS = """
SELECT r.course_id, r.pupil_id, r.period_id, r.status, r.value, r.score
  FROM journal_periodmark r WHERE r.course_id = ANY (%(courses)s)
"""


@dataclass(frozen=True, slots=True)
class CourseForecasts:
    """A course in its current period (in a vacation: the last one), with its pupils' forecasts."""

    course_id: UUID
    subject_name: str
    short_name: str
    group_name: str
    term: Term
    pupils: Mapping[UUID, PupilForecast]


def forecasts(
    courses: Collection[UUID], *, today: date, pupils: Collection[UUID] | None = None
) -> tuple[CourseForecasts, ...]:
    """Forecast the running period and the year of every pupil of the courses, or of some pupils.

    Courses without numbers in their scale, and those whose year has not begun, are left out.
    """
    found = list(_courses(courses, today))
    if not found:
        return ()
    read = _Read(found, today)
    chosen = None if pupils is None else frozenset(pupils)
    return tuple(_forecast_course(course, read, chosen) for course in found)


class _Read:
    """Reads the facts of many courses."""

    def __init__(self, courses: Sequence[CourseInTerm], today: date) -> None:
        self.today = today
        self.year = courses[0].year
        self.members = self._members(courses)
        self.facts = Facts()
        current = [(course.course_id, course.term, course.place) for course in courses]
        self.facts.lessons = {
            course: (left, held) for course, left, held in self._rows(_LESSONS, current)
        }
        self._works(current)
        past = [
            (course.course_id, term, place)
            for course in courses
            for place, term in enumerate(course.terms[: course.place + 1])
        ]
        by_id = {course.course_id: course for course in courses}
        for course_id, pupil, *sums in self._rows(_MARKS, past):
            self.facts.add_marks(by_id[course_id], pupil, sums)
        for course_id, pupil, period, status, value, score in self._rows(_RESULTS, current):
            self.facts.results[course_id, pupil][period] = (status, value, score)

    def _rows(
        self, sql: str, terms: Sequence[tuple[UUID, Term, int]], **more: Any
    ) -> list[tuple[Any, ...]]:
        values = {
            "courses": [course for course, _, _ in terms],
            "starts": [term.starts for _, term, _ in terms],
            "ends": [term.ends for _, term, _ in terms],
            "places": [place for _, _, place in terms],
            "today": self.today,
            "checked_within": CHECKED_WITHIN,
        }
        return _fetch(of_year(sql, self.year), values | more)

    def _members(self, courses: Sequence[CourseInTerm]) -> dict[UUID, list[UUID]]:
        members: dict[UUID, list[UUID]] = defaultdict(list)
        groups = sorted({course.group_id for course in courses})
        for group, pupil in _fetch(_MEMBERS, {"groups": groups, "today": self.today}):
            members[group].append(pupil)
        return members

    def _works(self, current: Sequence[tuple[UUID, Term, int]]) -> None:
        scheduled = self.facts.add_works(self._rows(_WORKS, current))
        left_by = [self.facts.lessons.get(course, (0, 0))[0] for course, _, _ in current]
        self.facts.add_programmed(self._rows(_PROGRAMMED, current, lessons=left_by), scheduled)


def _courses(courses: Collection[UUID], today: date) -> Iterator[CourseInTerm]:
    rules: Rules = {}
    for row in _fetch(_COURSES, {"courses": list(courses), "today": today}):
        found = read_course(row, rules, today)
        if found:
            yield found


def _fetch(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _forecast_course(
    course: CourseInTerm, read: _Read, chosen: frozenset[UUID] | None
) -> CourseForecasts:
    everyone = read.members[course.group_id]
    return CourseForecasts(
        course_id=course.course_id,
        subject_name=course.subject_name,
        short_name=course.short_name,
        group_name=course.group_name,
        term=course.term,
        pupils={
            pupil: forecast_pupil(course, read.facts, pupil)
            for pupil in everyone
            if chosen is None or pupil in chosen
        },
    )
