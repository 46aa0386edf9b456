"""Indicators by class, subject, teacher or grade: the exact formulas of domain.md §2.4 over real rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, repeat
from typing import Any, NamedTuple
from uuid import UUID

from common.prepared import array, of_year, rows_of
from common.sorting import sort_key
from journal.grading import Scored, average, weighted_average
from journal.indicators import Indicators, Outcome, attendance, indicators, saturation
from journal.norms import Levels
from journal.queries.facts import short_name
from journal.queries.norms import norms_on
from journal.queries.yearbook import period_place
from journal.yearbook import STATUS_WORDS
from people.naming import told_apart
from school.models import Course

YEAR = "year"
WAYS = {
    "class": "По классам", "grade": "По параллелям", "subject": "По предметам", "teacher": "По учителям",
}  # fmt: skip
# The courses with marks, their periods and who teaches them.
_COURSES = """
SELECT c.id, u.id, u.name, g.grade_level, c.scale_code, z.short_name,
       (SELECT array_agg(DISTINCT ARRAY[n.id::text, n.last_name, n.first_name, n.middle_name])
          FROM school_courseteacher t JOIN people_person n ON n.id = t.person_id
         WHERE t.course_id = c.id AND t.since <= %(day)s AND (t.until IS NULL OR t.until >= %(day)s))
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN people_school z ON z.id = c.school_id
 WHERE c.id = ANY (%(courses)s::uuid[])
"""
_PERIODS = """
SELECT DISTINCT p.kind, p.number, min(p.starts), max(p.ends) FROM school_period p
 WHERE p.school_id = ANY (%(schools)s::uuid[]) AND p.year = %(year)s GROUP BY p.kind, p.number
 ORDER BY p.kind DESC, p.number
"""
# Who is in which class on the day of counting: those who left do not count.
_PUPILS = """
SELECT DISTINCT m.pupil_id, k.id, k.grade_level, k.letter, k.sort_key
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class' AND g.year = %(year)s
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE g.school_id = ANY (%(schools)s::uuid[])
   AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
"""
_PERIOD_RESULTS = """
SELECT m.course_id, m.pupil_id, m.status, m.score
  FROM journal_periodmark m JOIN school_period p ON p.id = m.period_id AND p.kind = %(kind)s AND p.number = %(number)s
 WHERE m.year = %(year)s AND m.course_id = ANY (%(courses)s::uuid[])
"""
_YEAR_RESULTS = """
SELECT m.course_id, m.pupil_id, m.status, m.score FROM journal_yearmark m
 WHERE m.year = %(year)s AND m.course_id = ANY (%(courses)s::uuid[])
"""
# Lessons held, each for every pupil who was in the group on its day.
_PLACES = """
SELECT l.course_id, m.pupil_id, count(*)
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id
  JOIN school_membership m ON m.group_id = c.group_id AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)
 WHERE l.course_id = ANY (%(courses)s::uuid[]) AND l.status = 'held' AND l.day BETWEEN %(starts)s AND %(ends)s
 GROUP BY l.course_id, m.pupil_id
"""
_MARKS = """
SELECT l.course_id, m.pupil_id, count(*)
  FROM journal_mark m JOIN school_lesson l ON l.id = m.lesson_id
 WHERE m.year = %(year)s AND m.school_id = ANY (%(schools)s::uuid[]) AND m.value <> '.'
   AND l.course_id = ANY (%(courses)s::uuid[]) AND l.day BETWEEN %(starts)s AND %(ends)s
 GROUP BY l.course_id, m.pupil_id
"""
_MISSED = """
SELECT l.course_id, a.pupil_id, count(*)
  FROM journal_absence a JOIN school_lesson l ON l.id = a.lesson_id AND l.status = 'held'
 WHERE a.year = %(year)s AND a.school_id = ANY (%(schools)s::uuid[]) AND a.code <> 'late'
   AND l.course_id = ANY (%(courses)s::uuid[]) AND l.day BETWEEN %(starts)s AND %(ends)s
 GROUP BY l.course_id, a.pupil_id
"""
_COMPARED = """
SELECT n.id, n.last_name, n.first_name, n.middle_name, r.status, r.value,
       (SELECT json_agg(json_build_array(k.score, w.weight))
          FROM journal_mark k
          JOIN school_lesson l ON l.id = k.lesson_id AND l.course_id = %(course)s
           AND l.day BETWEEN %(starts)s AND %(ends)s
          JOIN journal_work w ON w.id = k.work_id AND w.counts
         WHERE k.year = %(year)s AND k.pupil_id = n.id AND k.score IS NOT NULL)
  FROM (SELECT DISTINCT m.pupil_id FROM school_membership m
         WHERE m.group_id = %(group)s AND m.since <= %(ends)s AND (m.until IS NULL OR m.until >= %(starts)s)) p
  JOIN people_person n ON n.id = p.pupil_id
  LEFT JOIN journal_periodmark r ON r.pupil_id = n.id AND r.course_id = %(course)s AND r.period_id = %(period)s
 ORDER BY n.sort_key COLLATE "C", n.id
"""


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    key: str  # «quarter:1», «year»
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A class, grade, subject or teacher with its indicators."""

    name: str
    school: str
    pupils: int
    found: Indicators
    saturation: Decimal | None
    attendance: Decimal | None

    @property
    def fives(self) -> int:
        return self.found.count("five")

    @property
    def fours(self) -> int:
        return self.found.count("four")

    @property
    def threes(self) -> int:
        return self.found.count("three")

    @property
    def twos(self) -> int:
        return self.found.count("two")

    @property
    def not_assessed(self) -> int:
        return self.found.count("not_assessed")


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    way: str
    period: PeriodChoice | None
    periods: tuple[PeriodChoice, ...]
    rows: tuple[IndicatorRow, ...]
    total: IndicatorRow | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """«Сравнение среднего балла и итоговой отметки»: a pupil of a course."""

    name: str
    average: Decimal | None
    weighted: Decimal | None
    final: str


class _Course(NamedTuple):
    subject_id: UUID
    subject: str
    grade: int
    scale: str
    school: str
    teachers: tuple[tuple[str, str], ...]  # id and name


class _Pupil(NamedTuple):
    class_id: UUID
    grade: int
    letter: str
    sort_key: str


Key = tuple[Any, str, str]  # order, name, school
Pair = tuple[UUID, UUID]  # course, pupil


@dataclass(slots=True)
class _Heap:
    """What is counted of one row."""

    outcomes: Counter[Outcome]
    pupils: set[UUID]
    places: int = 0
    marks: int = 0
    missed: int = 0

    def row(self, name: str, school: str, levels: Levels) -> IndicatorRow:
        each = chain.from_iterable(repeat(one, n) for one, n in self.outcomes.items())
        return IndicatorRow(
            name=name,
            school=school,
            pupils=len(self.pupils),
            found=indicators(each, levels),
            saturation=saturation(self.marks, self.places),
            attendance=attendance(self.missed, self.places),
        )


def indicator_page(
    courses: Iterable[Course], way: str, asked: str, *, year: int, today: date
) -> IndicatorPage:
    """Count the courses that the user may see: eight statements whatever their number."""
    mine = list(courses)
    schools = {one.school_id for one in mine}
    values: dict[str, Any] = {
        "courses": array(one.pk for one in mine), "schools": array(schools), "year": year,
    }  # fmt: skip
    periods = _periods(values, today)
    way = way if way in WAYS else "class"
    last = next((one for one in reversed(periods) if one.ends < today and one.key != YEAR), None)
    shown = next((one for one in periods if one.key == asked), last or next(iter(periods), None))
    if shown is None or not mine:
        return IndicatorPage(way, shown, periods, (), None)
    kind, _, number = shown.key.partition(":")
    day = min(shown.ends, today)
    values |= {
        "kind": kind, "number": int(number or 0), "starts": shown.starts, "ends": day, "day": day,
    }  # fmt: skip
    levels = norms_on(next(iter(schools)), day).levels
    heaps = _count(values, way, is_year=shown.key == YEAR)
    total = heaps.pop(_TOTAL, None)
    return IndicatorPage(
        way=way,
        period=shown,
        periods=periods,
        rows=tuple(
            heap.row(key[1], key[2], levels) for key, heap in sorted(heaps.items(), key=_order)
        ),
        total=total.row("Всего", "", levels) if total else None,
    )


_TOTAL: Key = ((), "", "")


def _order(item: tuple[Key, _Heap]) -> Any:
    return item[0]


def _periods(values: dict[str, Any], today: date) -> tuple[PeriodChoice, ...]:
    found = [
        PeriodChoice(f"{kind}:{number}", period_place(kind, number).name, starts, ends)
        for kind, number, starts, ends in rows_of(_PERIODS, values)
    ]
    begun = tuple(one for one in found if one.starts <= today)
    if not begun:
        return ()
    year = PeriodChoice(
        YEAR, "год", min(one.starts for one in found), max(one.ends for one in found)
    )
    return (*sorted(begun, key=lambda one: (one.starts, one.ends)), year)


def _count(values: dict[str, Any], way: str, *, is_year: bool) -> dict[Key, _Heap]:
    """Lay every row of the database on the lines it belongs to, and on the total."""
    courses = {row[0]: _course(row) for row in rows_of(_COURSES, values)}
    pupils = {row[0]: _Pupil(*row[1:]) for row in rows_of(_PUPILS, values)}
    heaps: dict[Key, _Heap] = defaultdict(lambda: _Heap(Counter(), set()))
    keys: dict[Pair, tuple[_Heap, ...]] = {}

    def lines(course: UUID, pupil: UUID) -> tuple[_Heap, ...]:
        pair = (course, pupil)
        if pair not in keys:
            there = pupils.get(pupil)
            named = KEYS[way](courses[course], there) if there else ()
            keys[pair] = tuple(heaps[key] for key in (*named, _TOTAL)) if named else ()
        return keys[pair]

    results = rows_of(_YEAR_RESULTS if is_year else _PERIOD_RESULTS, values)
    for course, pupil, status, score in results:
        for heap in lines(course, pupil):
            heap.outcomes[Outcome(status, score, courses[course].scale)] += 1
            heap.pupils.add(pupil)
    for name, sql in (("places", _PLACES), ("marks", _MARKS), ("missed", _MISSED)):
        for course, pupil, count in rows_of(of_year(sql, values["year"]), values):
            for heap in lines(course, pupil):
                setattr(heap, name, getattr(heap, name) + count)
                heap.pupils.add(pupil)
    return {key: heap for key, heap in heaps.items() if heap.outcomes or heap.places}


def _course(row: Sequence[Any]) -> _Course:
    teachers = tuple((one[0], short_name(*one[1:])) for one in row[6] or ())
    return _Course(row[1], row[2], row[3], row[4], row[5], teachers)


def _by_class(course: _Course, pupil: _Pupil) -> tuple[Key, ...]:
    name = f"{pupil.grade}{pupil.letter}"
    return (((course.school, pupil.grade, pupil.sort_key), name, course.school),)


def _by_grade(course: _Course, pupil: _Pupil) -> tuple[Key, ...]:
    return (((course.school, pupil.grade, ""), f"{pupil.grade} классы", course.school),)


def _by_subject(course: _Course, _: _Pupil) -> tuple[Key, ...]:
    return (((course.school, 0, sort_key(course.subject)), course.subject, course.school),)


def _by_teacher(course: _Course, _: _Pupil) -> tuple[Key, ...]:
    return tuple(
        ((course.school, 0, sort_key(name) + pk), name, course.school)
        for pk, name in course.teachers
    )


KEYS: dict[str, Callable[[_Course, _Pupil], tuple[Key, ...]]] = {
    "class": _by_class, "grade": _by_grade, "subject": _by_subject, "teacher": _by_teacher,
}  # fmt: skip


def compared(
    course: Course,
    period_id: UUID,
    starts: date,
    ends: date,
    *,
    only: Collection[UUID] | None = None,
) -> tuple[ComparedRow, ...]:
    """Return average, weighted average and result of each pupil of the course: one statement.

    `only`: these pupils alone; a stream's other classes are not the class teacher's.
    """
    values = {
        "course": course.pk, "group": course.group_id, "year": course.year, "period": period_id,
        "starts": starts, "ends": ends,
    }  # fmt: skip
    every = rows_of(of_year(_COMPARED, course.year), values)
    rows = [row for row in every if only is None or row[0] in only]
    names = told_apart([tuple(row[1:4]) for row in rows])
    return tuple(_compared(row, name) for row, (name, _) in zip(rows, names, strict=True))


def _compared(row: Sequence[Any], name: str) -> ComparedRow:
    scored = [Scored(Decimal(str(score)), Decimal(str(weight))) for score, weight in row[6] or ()]
    return ComparedRow(
        name=name,
        average=average(scored),
        weighted=weighted_average(scored),
        final=STATUS_WORDS.get(row[4], row[5]) if row[4] else "",
    )
