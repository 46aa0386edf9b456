"""Results of a period for many courses at once: three statements, whatever the classes and marks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import array, of_year, prepared
from journal.closing import (
    WORDS,
    YEAR,
    Chosen,
    Closing,
    ClosingCourse,
    Place,
    PupilName,
    Sign,
    Span,
)
from journal.proposals import (
    PeriodResult,
    Proposal,
    Sums,
    Table,
    YearRule,
    propose,
    propose_year,
    table_of,
)
from journal.queries.facts import short_name
from people.models import User
from people.roles import Permission, Role
from school.models import Period
from school.rules import teaching_persons

# The courses that the user may close or read, with all that judges their results.
_COURSES = """
SELECT c.id::text, c.school_id::text, c.year, c.group_id::text, g.name, coalesce(sc.grade_level || sc.letter, g.name),
  u.id::text, u.name, u.short_name, c.hours_per_week::text, c.scale_code, z.time_zone, y.starts, y.ends,
  y.closed_at IS NOT NULL, {taught}, {gives},
  (SELECT json_agg(json_build_array(p.id, p.kind, p.number, p.starts, p.ends) ORDER BY p.starts, p.id)::text
     FROM school_period p WHERE p.school_id = g.school_id AND p.year = g.year
      AND g.grade_level BETWEEN p.grade_from AND p.grade_to),
  (SELECT json_agg(json_build_array(coalesce(o.period_id::text, 'year'), s.last_name, s.first_name, s.middle_name,
                     o.signed_at, a.last_name, a.first_name, a.middle_name, o.approved_at))::text
     FROM journal_signoff o
     LEFT JOIN people_person s ON s.user_id = o.signed_by_id AND s.school_id IN (z.id, z.parent_id)
     LEFT JOIN people_person a ON a.user_id = o.approved_by_id AND a.school_id IN (z.id, z.parent_id)
    WHERE o.course_id = c.id),
  (SELECT json_agg(json_build_array(s.since, s.until, s.values) ORDER BY s.since DESC)::text
     FROM journal_scale s WHERE s.school_id = c.school_id AND s.code = c.scale_code),
  (SELECT json_agg(json_build_array(r.since, r.until, r.bounds, r.disputed::text, r.weighted, r.minimum, r.act)
                   ORDER BY r.subject_id IS NULL, r.since DESC, r.id)::text
     FROM journal_finalrule r
    WHERE r.school_id = c.school_id AND (r.subject_id IS NULL OR r.subject_id = c.subject_id)
      AND r.scale_code = c.scale_code AND g.grade_level BETWEEN r.grade_from AND r.grade_to),
  (SELECT json_agg(json_build_array(n.last_name, n.first_name, n.middle_name) ORDER BY t.since, t.id)::text
     FROM school_courseteacher t JOIN people_person n ON n.id = t.person_id
    WHERE t.course_id = c.id AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)),
  (SELECT json_agg(json_build_array(v.since, v.until, v.value))::text FROM people_setting v
    WHERE v.school_id = c.school_id AND v.key = 'year_by_table')
  FROM school_course c
  JOIN school_studygroup g ON g.id = c.group_id
  LEFT JOIN school_schoolclass sc ON sc.id = g.school_class_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN people_school z ON z.id = c.school_id
  JOIN school_schoolyear y ON y.school_id = c.school_id AND y.year = c.year
 WHERE {chosen} AND c.kind = 'lesson' AND (c.school_id = ANY (%(schools)s::uuid[]) OR {taught} OR {led})
   AND EXISTS (SELECT 1 FROM journal_scale s WHERE s.school_id = c.school_id AND s.code = c.scale_code
                AND s.values <> '{{}}'::jsonb)
 ORDER BY u.sort_key COLLATE "C", g.name, c.id
"""
# Arrays, not joins: each is found once, whatever the planner thinks of its size.
_TAUGHT = """c.id = ANY (ARRAY(SELECT t.course_id FROM school_courseteacher t WHERE t.since <= %(today)s
   AND (t.until IS NULL OR t.until >= %(today)s) AND t.person_id = ANY (%(persons)s::uuid[])))"""
_LEADS = """EXISTS (SELECT 1 FROM school_classteacher ct WHERE ct.school_class_id = {which}
   AND ct.since <= %(today)s AND (ct.until IS NULL OR ct.until >= %(today)s)
   AND ct.person_id = ANY (%(persons)s::uuid[]))"""
_OF_CLASS = """c.group_id = ANY (ARRAY(SELECT m.group_id FROM school_membership m
   JOIN school_membership k ON k.pupil_id = m.pupil_id
   JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class' AND h.school_class_id = %(class)s))
   AND c.year = (SELECT w.year FROM school_schoolclass w WHERE w.id = %(class)s)"""
_OF_LED = """c.group_id = ANY (ARRAY(SELECT m.group_id FROM school_membership m
   JOIN school_membership k ON k.pupil_id = m.pupil_id AND k.since <= %(today)s
    AND (k.until IS NULL OR k.until >= %(today)s)
   JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class'
   JOIN school_classteacher ct ON ct.school_class_id = h.school_class_id AND ct.since <= %(today)s
    AND (ct.until IS NULL OR ct.until >= %(today)s) AND ct.person_id = ANY (%(persons)s::uuid[])))"""
# A substitute reads the course in which a lesson was given to her.
_GIVES = """EXISTS (SELECT 1 FROM school_lesson l JOIN school_sitting i ON i.id = l.sitting_id
  WHERE l.course_id = c.id AND i.teacher_id = ANY (%(persons)s::uuid[]))"""
_SPANS = """unnest(%(courses)s::uuid[], %(groups)s::uuid[], %(periods)s::uuid[], %(starts)s::date[], %(ends)s::date[])
  AS v (course, grp, period, starts, ends)"""
# Pupils of the courses with what stands: those who left before the end too, if they have a result.
_PLACES = f"""
SELECT v.course::text, m.pupil_id::text, n.last_name, n.first_name, n.middle_name,
       m.until IS NULL OR m.until >= least(v.ends, %(today)s), r.status, r.value, r.rev, {{until}}
  FROM {_SPANS}
  JOIN school_membership m ON m.group_id = v.grp AND m.since <= v.ends AND (m.until IS NULL OR m.until >= v.starts)
  JOIN people_person n ON n.id = m.pupil_id
  {{results}}
 WHERE (r.id IS NOT NULL OR m.until IS NULL OR m.until >= least(v.ends, %(today)s)) AND {{of_class}}
 ORDER BY n.sort_key COLLATE "C", n.id, m.since
"""  # noqa: S608 - our own text
_PERIOD_RESULTS = """LEFT JOIN journal_periodmark r ON r.course_id = v.course AND r.period_id = v.period
   AND r.pupil_id = m.pupil_id LEFT JOIN journal_deferral d ON d.period_mark_id = r.id"""
_YEAR_RESULTS = "LEFT JOIN journal_yearmark r ON r.course_id = v.course AND r.pupil_id = m.pupil_id"
_IN_CLASS = """EXISTS (SELECT 1 FROM school_membership k
   JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class'
  WHERE k.pupil_id = m.pupil_id AND {which} AND k.since <= v.ends
    AND (k.until IS NULL OR k.until >= least(v.ends, %(today)s)))"""
# «зач» counts one and «нзч» nothing where the scale has no numbers: the average is the part passed.
_SUMS = f"""
SELECT l.course_id::text, k.pupil_id::text, count(*), sum(s.score)::text, sum(s.score * w.weight)::text, sum(w.weight)::text
  FROM {_SPANS}
  JOIN school_course c ON c.id = v.course
  JOIN school_lesson l ON l.course_id = v.course AND l.day BETWEEN v.starts AND v.ends
  JOIN journal_mark k ON k.year = %(year)s AND k.lesson_id = l.id
  JOIN journal_work w ON w.id = k.work_id AND w.counts
 CROSS JOIN LATERAL (SELECT CASE WHEN c.scale_code <> 'pass_fail' THEN k.score
                                 WHEN k.value = 'зач' THEN 1 WHEN k.value = 'нзч' THEN 0 END) s (score)
 WHERE s.score IS NOT NULL
 GROUP BY 1, 2
"""  # noqa: S608 - our own text
# The year sees a pupil's periods of a subject, in whichever group she was.
_PERIODS_OF_YEAR = f"""
SELECT v.course::text, r.pupil_id::text, r.period_id::text, r.status, r.value, r.score
  FROM {_SPANS}
  JOIN school_course c ON c.id = v.course
  JOIN school_course o ON o.school_id = c.school_id AND o.year = c.year AND o.subject_id = c.subject_id AND o.kind = c.kind
  JOIN journal_periodmark r ON r.course_id = o.id AND r.pupil_id = ANY (%(pupils)s::uuid[])
"""  # noqa: S608 - our own text


def closing(user: User, chosen: Chosen, *, today: date) -> Closing:
    """Read the courses of a class, of a course, or those that the user teaches, with their proposals.

    Courses that the user may not read are not there; a stranger gets an empty page of data.
    """
    courses = tuple(_courses(user, chosen, today=today))
    if not courses:
        return Closing()
    given = _given(user, chosen, courses, today=today)
    rows = _places(user, chosen, courses, given)
    pupils = {row[1]: PupilName(*row[1:5]) for row in rows}
    judge = _judge_year(given, pupils) if courses[0].span.is_year else _judge(given)
    by_course = {course.course_id: course for course in courses}
    places: dict[tuple[str, str], Place] = {}
    for course_id, pupil_id, _, _, _, stays, status, value, rev, until in rows:
        before = places.get((course_id, pupil_id))
        places[course_id, pupil_id] = Place(
            course_id, pupil_id, value=WORDS.get(status, value or ""), status=status or "", rev=rev or 0,
            until=until, stays=bool(stays or (before and before.stays)),
            proposal=before.proposal if before else judge(by_course[course_id], pupil_id),
        )  # fmt: skip
    filled = {course_id for course_id, _ in places}
    return Closing(
        courses=tuple(course for course in courses if course.course_id in filled),
        pupils=tuple(pupils.values()),
        places=places,
    )


def _courses(user: User, chosen: Chosen, *, today: date) -> Iterator[ClosingCourse]:
    leads = user.has_role(Role.CLASS_TEACHER)
    gives = _GIVES if chosen.course_id else "false"
    which, led = f"c.year = app_school_year(%(today)s) AND {_TAUGHT}", "false"
    if chosen.course_id:
        which, led = "c.id = %(course)s", f"{_OF_LED if leads else 'false'} OR {gives}"
    elif chosen.class_id:
        which, led = _OF_CLASS, _LEADS.format(which="%(class)s") if leads else "false"
    values: dict[str, Any] = {
        "class": chosen.class_id, "course": chosen.course_id, "today": today,
        "schools": array(user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)),
        "persons": array(teaching_persons(user)),
    }  # fmt: skip
    sql = _COURSES.format(taught=_TAUGHT, gives=gives, chosen=which, led=led)
    with prepared() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    corrected = frozenset(str(s) for s in user.schools_with(Permission.FINALS_CORRECT))
    for row in rows:
        course = _course(row, chosen.period, today=today, corrects=row[1] in corrected)
        if course is not None:
            yield course


def _course(row: Any, asked: str, *, today: date, corrects: bool) -> ClosingCourse | None:
    """Return the course in the asked period; None where it has no such period."""
    periods, signs, scales, rules, teachers, year_rules = (json.loads(text or "[]") for text in row[17:])  # fmt: skip
    spans = (
        *(_span(*period) for period in periods),
        Span(YEAR, "Год", row[12], row[13]),
    )
    span = shown_span(spans, asked, today)
    if span is None:
        return None
    scale: Mapping[str, float | None] = next((s[2] for s in scales if _holds(s, span.ends)), {})
    rule = next((r for r in rules if _holds(r, span.ends)), None)
    act = str(rule[6]) if rule else ""
    return ClosingCourse(
        course_id=row[0], school_id=row[1], year=row[2], group_id=row[3], group_name=row[4],
        class_name=row[5], subject_id=row[6], subject_name=row[7], short_name=row[8],
        hours=Decimal(row[9]), scale_code=row[10], zone=ZoneInfo(row[11]),
        teacher_name=", ".join(short_name(*name) for name in teachers),
        spans=spans, span=span, scale=scale, act=act,
        table=_table(rule, scale) if rule and act else None,
        signed=next((_sign(s) for s in signs if s[0] == span.period_id), None),
        year_closed=row[14], teaches=row[15], gives=row[16], corrects=corrects,
        year_by_table=any(v[2] is True for v in year_rules if _holds(v, span.ends)),
    )  # fmt: skip


def shown_span(spans: Sequence[Span], asked: str, today: date) -> Span | None:
    """Choose the asked period; without one today's, in holidays the last one, else the first."""
    if asked:
        return next((span for span in spans if asked in {span.period_id, span.code}), None)
    periods = [span for span in spans if not span.is_year] or spans
    past = [span for span in periods if span.starts <= today]
    return past[-1] if past else periods[0]


def _holds(version: Sequence[Any], day: date) -> bool:
    """Say whether a version, its dates first, is in force on the day."""
    return version[0] <= day.isoformat() and (not version[1] or version[1] >= day.isoformat())


def _table(rule: Sequence[Any], scale: Mapping[str, float | None]) -> Table | None:
    _, _, bounds, disputed, weighted, minimum, _ = rule
    return table_of(
        bounds=bounds,
        scale=scale,
        disputed=Decimal(disputed),
        weighted=weighted,
        minimum=minimum or (),
    )


def _span(period_id: str, kind: str, number: int, starts: str, ends: str) -> Span:
    return Span(
        period_id, _name(kind, number), date.fromisoformat(starts), date.fromisoformat(ends),
        f"{kind}-{number}",
    )  # fmt: skip


@cache
def _name(kind: str, number: int) -> str:
    return Period(kind=kind, number=number).name


def _sign(row: Sequence[Any]) -> Sign:
    return Sign(
        by=short_name(*row[1:4]) if row[1] else "",
        at=datetime.fromisoformat(row[4]),
        approved_by=short_name(*row[5:8]) if row[5] else "",
        approved_at=datetime.fromisoformat(row[8]) if row[8] else None,
    )


def _given(
    user: User, chosen: Chosen, courses: Sequence[ClosingCourse], *, today: date
) -> dict[str, Any]:
    spans = [course.span for course in courses]
    return {
        "courses": array(course.course_id for course in courses),
        "groups": array(course.group_id for course in courses),
        "periods": array(None if span.is_year else span.period_id for span in spans),
        "starts": array(span.starts for span in spans),
        "ends": array(span.ends for span in spans),
        "today": today,
        "class": chosen.class_id,
        "persons": array(teaching_persons(user)),
        "year": courses[0].year,
    }


def _places(
    user: User, chosen: Chosen, courses: Sequence[ClosingCourse], given: Mapping[str, Any]
) -> list[Any]:
    of_class = "true"
    if chosen.class_id:
        of_class = _IN_CLASS.format(which="h.school_class_id = %(class)s")
    elif not all(c.teaches or c.gives or _reads(user, c) for c in courses):
        # A class teacher sees her own pupils of a stream, not those of other classes.
        of_class = _IN_CLASS.format(which=_LEADS.format(which="h.school_class_id"))
    is_year = courses[0].span.is_year
    sql = _PLACES.format(
        results=_YEAR_RESULTS if is_year else _PERIOD_RESULTS,
        until="NULL::date" if is_year else "d.until",
        of_class=of_class,
    )
    with prepared() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _reads(user: User, course: ClosingCourse) -> bool:
    return user.may(Permission.JOURNAL_VIEW_SCHOOL, UUID(course.school_id))


def _judge(given: Mapping[str, Any]) -> Any:
    """Return what proposes a period's result, by the marks of one statement."""
    with prepared() as cursor:
        cursor.execute(of_year(_SUMS, given["year"]), given)
        sums = {
            (course, pupil): Sums(number, Decimal(total), Decimal(heavy), Decimal(weight))
            for course, pupil, number, total, heavy, weight in cursor.fetchall()
        }
    none = Sums()

    def judge(course: ClosingCourse, pupil_id: str) -> Proposal:
        return propose(
            sums.get((course.course_id, pupil_id), none), course.table, hours=course.hours
        )

    return judge


def _judge_year(given: Mapping[str, Any], pupils: Iterable[str]) -> Any:
    """Return what proposes a year's result, by the results of its periods."""
    found: dict[tuple[str, str], dict[str, PeriodResult]] = {}
    with prepared() as cursor:
        cursor.execute(_PERIODS_OF_YEAR, {**given, "pupils": array(pupils)})
        for course, pupil, period, status, value, score in cursor.fetchall():
            found.setdefault((course, pupil), {})[period] = PeriodResult(status, value, score)

    def judge(course: ClosingCourse, pupil_id: str) -> Proposal:
        there = found.get((course.course_id, pupil_id), {})
        results = [
            there.get(span.period_id, PeriodResult()) for span in course.spans if not span.is_year
        ]
        return propose_year(results, year_rule(course))

    return judge


def year_rule(course: ClosingCourse) -> YearRule | None:
    """Return how the course's year is judged; nothing is proposed without a local act."""
    if course.table is None:
        return None
    numbers = {
        value: None if score is None else Decimal(str(score))
        for value, score in course.scale.items()
    }
    return YearRule(course.table, course.year_by_table, numbers)
