"""Forecasts of any number of courses in seven statements: the grid, closing, diary and letters use these.

The caller decides whose courses they are: ids come from a fetch through `visible_to`, or from a job.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from common.prepared import of_year
from journal import forecast
from journal.forecast import MARK_STANDS_FOR, NOTHING, Forecast, Rest, Rule, Sums
from journal.models import ResultStatus
from journal.proposals import table_of
from school.models import Period

# A control work without marks so soon after its lesson (in days) is still being read.
CHECKED_WITHIN = 7

_COURSES = """
SELECT c.id, c.year, c.group_id, u.name, u.short_name, g.name, c.hours_per_week,
  (SELECT s.values::text FROM journal_scale s
    WHERE s.school_id = c.school_id AND s.code = c.scale_code
      AND s.since <= %(today)s AND coalesce(s.until, 'infinity') >= %(today)s
    ORDER BY s.since DESC LIMIT 1),
  (SELECT json_build_array(r.bounds, r.disputed::text, r.weighted, r.minimum)::text FROM journal_finalrule r
    WHERE r.school_id = c.school_id AND r.scale_code = c.scale_code AND r.act <> ''
      AND g.grade_level BETWEEN r.grade_from AND r.grade_to
      AND (r.subject_id IS NULL OR r.subject_id = c.subject_id)
      AND r.since <= %(today)s AND coalesce(r.until, 'infinity') >= %(today)s
    ORDER BY r.subject_id IS NULL, r.since DESC, r.id LIMIT 1),
  (SELECT json_agg(json_build_array(p.id, p.kind, p.number, p.starts, p.ends) ORDER BY p.starts, p.id)::text
     FROM school_period p
    WHERE p.school_id = c.school_id AND p.year = c.year
      AND g.grade_level BETWEEN p.grade_from AND p.grade_to),
  EXISTS (SELECT 1 FROM people_setting v
    WHERE v.school_id = c.school_id AND v.key = 'year_by_table' AND v.value = 'true'::jsonb
      AND v.since <= %(today)s AND coalesce(v.until, 'infinity') >= %(today)s)
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE c.id = ANY (%(courses)s)
 ORDER BY u.sort_key COLLATE "C", g.name, c.id
"""
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
class Term:
    """A reporting period of a course, numbered from 0 in the year."""

    period_id: UUID
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class PupilForecast:
    """What is forecast for a pupil in a course; `settled` is what already stands in the journal."""

    pupil_id: UUID
    course_id: UUID
    period: Forecast | None
    year: Forecast | None
    settled: str = ""  # «4», «осв», «н/а», «отсрочка»


@dataclass(frozen=True, slots=True)
class CourseForecasts:
    """A course in its current period (in a vacation: the last one), with its pupils' forecasts."""

    course_id: UUID
    subject_name: str
    short_name: str
    group_name: str
    term: Term
    pupils: Mapping[UUID, PupilForecast]


@dataclass(frozen=True)
class _Course:
    course_id: UUID
    year: int
    group_id: UUID
    subject_name: str
    short_name: str
    group_name: str
    rule: Rule
    terms: tuple[Term, ...]
    place: int  # of the current term
    year_by_table: bool

    @cached_property
    def term(self) -> Term:
        return self.terms[self.place]

    @cached_property
    def year_rule(self) -> Rule:
        """The mean of the period marks: rounded as usual (domain.md §2.5), or by the school's table."""
        if self.year_by_table and self.rule.is_of_school:
            return self.rule
        values = self.rule.values
        return Rule.rounding({value: self.rule.scores[value] / 100 for value in values})


@dataclass(slots=True)
class _Pupil:
    """A pupil's sums by term, and what she owes."""

    terms: dict[int, Sums]
    owed: tuple[Decimal, ...] = ()


Results = Mapping[UUID, tuple[str, str, Decimal | None]]  # by period: status, value, score
Key = tuple[UUID, UUID]  # course, pupil


def forecasts(
    courses: Collection[UUID], *, today: date, pupils: Collection[UUID] | None = None
) -> tuple[CourseForecasts, ...]:
    """Forecast the running period and the year of every pupil of the courses, or of some pupils.

    Courses without numbers in their scale, and those whose year has not begun, are left out.
    """
    found = list(_courses(courses, today))
    if not found:
        return ()
    facts = _Facts(found, today)
    chosen = None if pupils is None else frozenset(pupils)
    return tuple(_forecast_course(course, facts, chosen) for course in found)


class _Facts:
    """All rows that the courses' forecasts rest on."""

    def __init__(self, courses: Sequence[_Course], today: date) -> None:
        self.today = today
        self.year = courses[0].year
        current = [(course.course_id, course.term, course.place) for course in courses]
        self.members = self._members(courses)
        self.lessons: dict[UUID, tuple[int, int]] = {
            course: (left, held) for course, left, held in self._rows(_LESSONS, current)
        }
        self.works = self._works(current)
        past = [
            (course.course_id, term, place)
            for course in courses
            for place, term in enumerate(course.terms[: course.place + 1])
        ]
        by_id = {course.course_id: course for course in courses}
        self.marks: dict[Key, _Pupil] = {}
        self.peers: dict[UUID, Sums] = defaultdict(lambda: NOTHING)
        for row in self._rows(_MARKS, past):
            self._add(row, by_id[row[0]])
        self.results: dict[Key, dict[UUID, tuple[str, str, Decimal | None]]] = defaultdict(dict)
        for course, pupil, period, *result in self._rows(_RESULTS, current):
            self.results[course, pupil][period] = (result[0], result[1], result[2])

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

    def _members(self, courses: Sequence[_Course]) -> dict[UUID, list[UUID]]:
        members: dict[UUID, list[UUID]] = defaultdict(list)
        groups = sorted({course.group_id for course in courses})
        for group, pupil in _fetch(_MEMBERS, {"groups": groups, "today": self.today}):
            members[group].append(pupil)
        return members

    def _works(self, current: Sequence[tuple[UUID, Term, int]]) -> dict[UUID, list[Decimal]]:
        """Return weights of the works to come; one that is still being read adds its lesson."""
        works: dict[UUID, list[Decimal]] = defaultdict(list)
        scheduled: dict[UUID, int] = defaultdict(int)
        for course, weight, is_ahead in self._rows(_WORKS, current):
            works[course].append(weight)
            scheduled[course] += is_ahead
            if not is_ahead:
                left, held = self.lessons[course]
                self.lessons[course] = (left + 1, held - 1)
        left_by = [self.lessons.get(course, (0, 0))[0] for course, _, _ in current]
        for course, weight in self._rows(_PROGRAMMED, current, lessons=left_by):
            if scheduled[course]:  # the teacher has already set the day of this one
                scheduled[course] -= 1
            else:
                works[course].append(weight)
        return works

    def _add(self, row: tuple[Any, ...], course: _Course) -> None:
        _, pupil, place, count, scores, total, parts, squares, owed = row
        sums = NOTHING
        if count:
            alike = (scores * 100, count * 100, count * 10_000)
            heavy = (total, parts, squares) if course.rule.weighted else alike
            sums = Sums(count, *(int(number) for number in heavy))
        kept = self.marks.setdefault((course.course_id, pupil), _Pupil({}))
        kept.terms[place] = sums
        if place == course.place:
            kept.owed = tuple(owed or ())
        self.peers[course.course_id] += sums


def _courses(courses: Collection[UUID], today: date) -> Iterator[_Course]:
    rules: dict[tuple[str, str | None, Decimal], Rule | None] = {}
    for row in _fetch(_COURSES, {"courses": list(courses), "today": today}):
        (
            course_id,
            year,
            group_id,
            name,
            short_name,
            group,
            hours,
            scale,
            rule,
            periods,
            by_table,
        ) = row
        key = (scale or "{}", rule, hours)
        if key not in rules:
            rules[key] = _rule(*key)
        known = rules[key]
        terms = tuple(
            Term(UUID(one), Period(kind=kind, number=number).name, *map(date.fromisoformat, span))
            for one, kind, number, *span in json.loads(periods or "[]")
        )
        begun = [place for place, term in enumerate(terms) if term.starts <= today]
        if known and begun:
            yield _Course(
                course_id,
                year,
                group_id,
                name,
                short_name,
                group,
                known,
                terms,
                begun[-1],
                by_table,
            )


def _rule(scale_text: str, rule_text: str | None, hours: Decimal) -> Rule | None:
    """Return the school's rule, ordinary rounding without one, nothing for a scale without numbers."""
    scale: dict[str, float | None] = json.loads(scale_text)
    if sum(score is not None for score in scale.values()) < 2:
        return None
    if rule_text is None:
        return Rule.rounding(scale)
    bounds, disputed, weighted, minimum = json.loads(rule_text)
    table = table_of(
        bounds=bounds,
        scale=scale,
        disputed=Decimal(disputed),
        weighted=weighted,
        minimum=minimum or (),
    )
    return Rule.of(table, scale, hours=hours) if table else Rule.rounding(scale)


def _fetch(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _forecast_course(
    course: _Course, facts: _Facts, chosen: frozenset[UUID] | None
) -> CourseForecasts:
    everyone = facts.members[course.group_id]
    return CourseForecasts(
        course_id=course.course_id,
        subject_name=course.subject_name,
        short_name=course.short_name,
        group_name=course.group_name,
        term=course.term,
        pupils={
            pupil: _forecast_pupil(course, facts, pupil)
            for pupil in everyone
            if chosen is None or pupil in chosen
        },
    )


def _forecast_pupil(course: _Course, facts: _Facts, pupil: UUID) -> PupilForecast:
    key = (course.course_id, pupil)
    marks = facts.marks.get(key) or _Pupil({})
    results: Results = facts.results.get(key, {})
    settled = results.get(course.term.period_id)
    exempt = settled is not None and settled[0] == ResultStatus.EXEMPT
    peers = facts.peers[course.course_id]
    mean = peers.mean if peers.parts else None
    return PupilForecast(
        pupil_id=pupil,
        course_id=course.course_id,
        period=None if exempt else _of_period(course, facts, marks, mean),
        year=None if exempt else _of_year(course, marks, results, mean),
        settled=_settled(settled),
    )


def _settled(result: tuple[str, str, Decimal | None] | None) -> str:
    if result is None:
        return ""
    status, value, _ = result
    return value if status == ResultStatus.MARK else str(ResultStatus(status).label)


def _of_period(
    course: _Course, facts: _Facts, marks: _Pupil, peers: float | None
) -> Forecast | None:
    lessons, held = facts.lessons.get(course.course_id, (0, 0))
    works = facts.works[course.course_id]
    rest = Rest(lessons=lessons, held=held, works=tuple(works), owed=marks.owed)
    past = [marks.terms.get(place, NOTHING) for place in range(course.place)]
    known = marks.terms.get(course.place, NOTHING)
    return forecast.of_period(known, rest, course.rule, peers=peers, past=past)


def _of_year(
    course: _Course, marks: _Pupil, results: Results, peers: float | None
) -> Forecast | None:
    """Forecast the year: a period without a result, or put off, is to come; exempt ones are left out."""
    scores: list[Decimal] = []
    shown = NOTHING
    for place, term in enumerate(course.terms):
        in_term = marks.terms.get(place, NOTHING)
        score = results[term.period_id][2] if term.period_id in results else None
        if score is not None:
            scores.append(score)
            in_term = in_term if in_term.parts else Sums.standing_for(score, MARK_STANDS_FOR)
        shown += in_term
    done = {ResultStatus.MARK, ResultStatus.NOT_ASSESSED, ResultStatus.EXEMPT}
    finished = sum(
        term.period_id in results and results[term.period_id][0] in done for term in course.terms
    )
    left = len(course.terms) - finished
    return forecast.of_year(scores, shown, course.year_rule, periods_left=left, peers=peers)
