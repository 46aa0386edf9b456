"""Lessons held against the curriculum and the plan, by type of lesson and by results (T5b, U4).

Everything is counted by course in ten statements, whatever the size of the school, and added up here. The
lag is that of `journal.plan.progress`, written out in SQL; tests/journal/test_statistics.py holds the two together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from common.templatetags.words import count_ru
from journal.queries.facts import short_name
from journal.queries.programmes import LESSON_KINDS, LESSONS
from people.models import User
from school.calendar import school_year
from school.models import Course, Period

# One row for every lesson of the courses: the day of the timetable, the hour that it gave.
_TAUGHT = """
taught AS (
  SELECT l.course_id, l.id, l.day, coalesce(f.from_day, l.day) AS stood, l.kind, l.status = 'cancelled' AS cancelled,
         l.recorded_at IS NOT NULL AND l.topic <> '' AS recorded, t.id AS topic_id, t.hours, lt.hour
    FROM school_lesson l
    LEFT JOIN LATERAL (SELECT from_day FROM school_lessonchange h WHERE h.lesson_id = l.id AND h.kind = 'moved'
                        ORDER BY h.made_at, h.id LIMIT 1) f ON true
    LEFT JOIN journal_courseprogramme cp ON cp.course_id = l.course_id
    LEFT JOIN journal_lessontopic lt ON lt.lesson_id = l.id
    LEFT JOIN journal_topic t ON t.id = lt.topic_id AND t.programme_id = cp.programme_id
   WHERE l.course_id = ANY (%(courses)s)
)
"""
_COURSES = """
SELECT c.id, u.id, u.name, g.id, g.name, g.grade_level, k.id, k.grade_level || k.letter,
       (SELECT array_agg(ARRAY[n.id::text, n.last_name, n.first_name, n.middle_name] ORDER BY n.sort_key)
          FROM school_courseteacher t JOIN people_person n ON n.id = t.person_id
         WHERE t.course_id = c.id AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)),
       (SELECT q.hours_per_year FROM school_curriculum q WHERE q.group_id = c.group_id AND q.subject_id = c.subject_id),
       cp.programme_id, z.id, z.short_name
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN people_school z ON z.id = c.school_id
  LEFT JOIN school_schoolclass k ON k.id = g.school_class_id
  LEFT JOIN journal_courseprogramme cp ON cp.course_id = c.id
 WHERE c.id = ANY (%(courses)s)
 ORDER BY z.short_name, g.grade_level, g.name, u.sort_key, c.id
"""
_HELD = f"""
WITH {_TAUGHT}
SELECT course_id, count(*), count(*) FILTER (WHERE stood < %(starts)s), count(*) FILTER (WHERE stood <= %(ends)s),
       count(*) FILTER (WHERE stood <= %(until)s),
       count(*) FILTER (WHERE NOT cancelled AND recorded AND day BETWEEN %(starts)s AND %(until)s),
       count(*) FILTER (WHERE cancelled AND stood BETWEEN %(starts)s AND %(until)s),
       count(*) FILTER (WHERE NOT cancelled AND NOT recorded AND topic_id IS NULL AND day BETWEEN %(starts)s AND %(until)s),
       count(*) FILTER (WHERE NOT cancelled AND recorded AND topic_id IS NULL AND day BETWEEN %(starts)s AND %(until)s),
       count(*) FILTER (WHERE NOT cancelled AND topic_id IS NOT NULL AND day <= %(until)s),
       count(DISTINCT (topic_id, hour)) FILTER (WHERE NOT cancelled AND hour <= hours AND day < %(starts)s),
       count(DISTINCT (topic_id, hour)) FILTER (WHERE NOT cancelled AND hour <= hours AND day <= %(until)s),
       count(DISTINCT (topic_id, hour)) FILTER (WHERE NOT cancelled AND hour <= hours),
       count(*) FILTER (WHERE NOT cancelled AND NOT recorded AND topic_id IS NULL)
  FROM taught GROUP BY course_id
"""  # noqa: S608 - our own text
_KINDS = f"""
WITH {_TAUGHT}
SELECT course_id, kind, count(*) FROM taught
 WHERE NOT cancelled AND recorded AND day BETWEEN %(starts)s AND %(until)s GROUP BY 1, 2
"""  # noqa: S608 - our own text
# Where in the plan's hours its control works stand: in a period fall those of the hours due in it.
_PLANNED = """
SELECT cp.course_id, sum(t.hours),
       array_agg(t.upto) FILTER (WHERE k.is_control)
  FROM journal_courseprogramme cp
  JOIN (SELECT programme_id, work_kind_id, hours, sum(hours) OVER (PARTITION BY programme_id ORDER BY number) AS upto
          FROM journal_topic) t ON t.programme_id = cp.programme_id
  LEFT JOIN journal_workkind k ON k.id = t.work_kind_id
 WHERE cp.course_id = ANY (%(courses)s) GROUP BY cp.course_id
"""
_REASONS = """
SELECT l.course_id, array_agg(DISTINCT CASE WHEN h.absent_teacher_id IS NULL THEN h.reason ELSE 'нет замены' END)
  FROM school_lesson l JOIN school_lessonchange h ON h.lesson_id = l.id AND h.kind = 'cancelled'
 WHERE l.course_id = ANY (%(courses)s) AND l.status = 'cancelled' AND l.day BETWEEN %(starts)s AND %(until)s
 GROUP BY l.course_id
"""
_WORKS = """
SELECT l.course_id, count(DISTINCT w.id),
       count(DISTINCT w.id) FILTER (WHERE m.id IS NOT NULL AND l.day <= %(until)s)
  FROM journal_work w
  JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control
  JOIN school_lesson l ON l.id = w.lesson_id AND l.status <> 'cancelled'
  LEFT JOIN LATERAL (SELECT id FROM journal_mark m
                      WHERE m.year = %(year)s AND m.lesson_id = l.id AND m.work_id = w.id LIMIT 1) m ON true
 WHERE l.course_id = ANY (%(courses)s) AND l.day BETWEEN %(starts)s AND %(ends)s GROUP BY l.course_id
"""
_MARKS = """
SELECT l.course_id, count(*), count(*) FILTER (WHERE m.score >= 3), count(*) FILTER (WHERE m.score >= 4), sum(m.score),
       count(*) FILTER (WHERE k.is_control), count(*) FILTER (WHERE k.is_control AND m.score >= 3),
       count(*) FILTER (WHERE k.is_control AND m.score >= 4)
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id AND c.scale_code = 'five'
  JOIN journal_mark m ON m.lesson_id = l.id AND m.year = %(year)s AND m.score IS NOT NULL
  JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind k ON k.id = w.kind_id
 WHERE l.course_id = ANY (%(courses)s) AND l.day BETWEEN %(starts)s AND %(until)s GROUP BY l.course_id
"""
_ATTENDANCE = """
WITH held AS (
  SELECT l.id, l.course_id, l.day, c.group_id FROM school_lesson l JOIN school_course c ON c.id = l.course_id
   WHERE l.course_id = ANY (%(courses)s) AND l.day BETWEEN %(starts)s AND %(until)s
     AND l.status <> 'cancelled' AND l.recorded_at IS NOT NULL
), missed AS (
  SELECT h.course_id, count(*) AS missed FROM held h
    JOIN journal_absence a ON a.lesson_id = h.id AND a.year = %(year)s AND a.code <> 'late' GROUP BY 1
)
SELECT h.course_id, coalesce(max(x.missed), 0), count(*)
  FROM held h
  JOIN school_membership m ON m.group_id = h.group_id AND m.since <= h.day AND (m.until IS NULL OR m.until >= h.day)
  LEFT JOIN missed x ON x.course_id = h.course_id
 GROUP BY h.course_id
"""
LEVELS: Mapping[str, str] = {
    "course": "по курсам",
    "class": "по классам",
    "teacher": "по учителям",
    "subject": "по предметам",
    "school": "по школам",
}


@dataclass(slots=True)
class Counted:
    """Sums of one row: of a course, or of all courses of a class, teacher, subject, school."""

    curriculum: int = 0  # hours of the period by the curriculum
    planned: int = 0  # by the plan (КТП)
    timetable: int = 0  # lessons due up to the day
    held: int = 0
    lag: int = 0
    cancelled: int = 0
    unrecorded: int = 0
    outside: int = 0
    repeated: int = 0
    left: int = 0  # hours of the plan for which the year has no lesson
    without_plan: int = 0  # courses
    tests_planned: int = 0
    tests_held: int = 0
    marks: int = 0
    passed: int = 0
    good: int = 0
    total: float = 0
    test_marks: int = 0
    test_passed: int = 0
    test_good: int = 0
    missed: int = 0
    places: int = 0  # pupils × lessons
    kinds: dict[str, int] = field(default_factory=dict)
    why: set[str] = field(default_factory=set)

    def add(self, other: "Counted") -> None:
        for name in self.__slots__:
            if name not in {"kinds", "why"}:
                setattr(self, name, getattr(self, name) + getattr(other, name))
        for kind, count in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.why |= other.why


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report."""

    name: str
    note: str
    course_id: UUID | None
    sums: Counted

    @property
    def reasons(self) -> str:
        """«отменено: 2 урока (мороз), не записано: 1 урок»."""
        why = f" ({'; '.join(sorted(self.sums.why))})" if self.sums.why else ""
        parts = (
            (self.sums.cancelled, "отменено", why), (self.sums.unrecorded, "не записано", ""),
            (self.sums.outside, "вне плана", ""), (self.sums.repeated, "сверх плана на тему", ""),
        )  # fmt: skip
        return ", ".join(f"{words}: {count_ru(n, LESSONS)}{more}" for n, words, more in parts if n)

    @property
    def correction(self) -> str:
        """What becomes of the lag till the end of the year."""
        if self.sums.without_plan:
            return "план не выбран"
        if self.sums.left:
            return f"не помещается {self.sums.left} ч: уплотнить план"
        return "за счёт резервных уроков" if self.sums.lag > 0 else ""

    @property
    def pass_rate(self) -> str:
        return rate(self.sums.passed, self.sums.marks)

    @property
    def quality(self) -> str:
        return rate(self.sums.good, self.sums.marks)

    @property
    def mean(self) -> str:
        marks = self.sums.marks
        return f"{float(self.sums.total) / marks:.2f}".replace(".", ",") if marks else "—"

    @property
    def test_pass_rate(self) -> str:
        return rate(self.sums.test_passed, self.sums.test_marks)

    @property
    def test_quality(self) -> str:
        return rate(self.sums.test_good, self.sums.test_marks)

    @property
    def attendance(self) -> str:
        return rate(self.sums.places - self.sums.missed, self.sums.places)

    @property
    def by_kind(self) -> tuple[tuple[str, int], ...]:
        return tuple(
            (label.capitalize(), self.sums.kinds.get(kind, 0))
            for kind, label in LESSON_KINDS.items()
        )


def rate(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}\N{NO-BREAK SPACE}%" if whole else "—"


FIRST = "first"  # of the classes: what a school's long report begins with


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is asked for; empty: everything that the user may see."""

    by: str = "course"
    period: str = ""  # id of a period, or empty: the year
    school_class: str = ""
    teacher: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Statistics:
    asked: Asked
    lines: tuple[Line, ...]
    total: Line
    periods: tuple[Option, ...]
    classes: tuple[Option, ...]
    teachers: tuple[Option, ...]
    subjects: tuple[Option, ...]
    levels: tuple[Option, ...]
    starts: date
    ends: date
    until: date


def statistics(user: User, asked: Asked, *, today: date) -> Statistics:
    """Count the lessons that the user may see, up to yesterday."""
    year = school_year(today)
    every = list(_course_ids(user, year))
    rows = _fetch(_COURSES, {"courses": every, "today": today})
    periods = _periods({row[11] for row in rows}, year)
    starts, ends = _dates(asked, periods, year)
    until = min(ends, today - timedelta(days=1))
    classes = _classes(rows)
    if asked.school_class == FIRST:
        asked = replace(asked, school_class=classes[0].value if classes else "")
    chosen = [row for row in rows if _is_asked(row, asked)]
    values = {
        "courses": [row[0] for row in chosen], "starts": starts, "ends": ends, "until": until, "year": year,
    }  # fmt: skip
    counted = _count(chosen, values)
    total = Line("Всего", "", None, Counted())
    for one in counted.values():
        total.sums.add(one)
    return Statistics(
        asked=asked, lines=tuple(_lines(chosen, counted, asked.by)), total=total,
        periods=tuple(_period_options(periods)), classes=classes,
        teachers=_options(teacher for row in rows for teacher in _teachers(row)),
        subjects=_options((row[1], row[2]) for row in rows),
        levels=tuple(Option(value, label) for value, label in LEVELS.items()),
        starts=starts, ends=ends, until=until,
    )  # fmt: skip


def _course_ids(user: User, year: int) -> Iterable[UUID]:
    """Return own courses of a teacher, those of her class of a class teacher, all of the heads."""
    return Course.objects.visible_to(user).filter(year=year).values_list("pk", flat=True)


def _fetch(sql: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _periods(schools: set[UUID], year: int) -> list[Period]:
    rows = Period.objects.filter(school__in=schools, year=year)
    return list(rows.order_by("starts", "ends", "kind", "pk"))


def _period_options(periods: Sequence[Period]) -> Iterable[Option]:
    """Yield the periods by name and dates, each once: those of several schools are told as one."""
    seen = set()
    for one in periods:
        key = (one.name, one.starts, one.ends)
        if key not in seen:
            seen.add(key)
            yield Option(str(one.pk), f"{one.name}, {one.starts:%d.%m}–{one.ends:%d.%m}")


def _dates(asked: Asked, periods: Sequence[Period], year: int) -> tuple[date, date]:
    chosen = next((one for one in periods if str(one.pk) == asked.period), None)
    if chosen is not None:
        return chosen.starts, chosen.ends
    return date(year, 9, 1), max((one.ends for one in periods), default=date(year + 1, 5, 31))


def _is_asked(row: Any, asked: Asked) -> bool:
    wanted = (
        (asked.school_class, {str(row[6])}),
        (asked.subject, {str(row[1])}),
        (asked.teacher, {teacher for teacher, _ in _teachers(row)}),
    )
    return all(not value or value in known for value, known in wanted)


def _classes(rows: Sequence[Any]) -> tuple[Option, ...]:
    mixed = (Option(str(None), "Группы из разных классов"),) if any(not r[6] for r in rows) else ()
    return _options((row[6], row[7]) for row in rows) + mixed


def _teachers(row: Any) -> list[tuple[str, str]]:
    return [(str(one[0]), short_name(*one[1:])) for one in row[8] or ()]


def _options(pairs: Iterable[tuple[Any, str | None]]) -> tuple[Option, ...]:
    known = {str(value): label for value, label in pairs if value and label}
    return tuple(Option(value, label) for value, label in sorted(known.items(), key=_naturally))


def _naturally(pair: tuple[str, str]) -> tuple[int, str]:
    digits = "".join(sign for sign in pair[1][:2] if sign.isdigit())
    return int(digits or 0), pair[1]


def _count(rows: Sequence[Any], values: Mapping[str, Any]) -> dict[UUID, Counted]:
    """Count every course."""
    made = {row[0]: Counted(without_plan=int(row[10] is None)) for row in rows}
    hours = {row[0]: row[9] or 0 for row in rows}
    planned = {course: (total, works or []) for course, total, works in _fetch(_PLANNED, values)}
    for course, *numbers in _fetch(_HELD, values):
        _hold(made[course], numbers, hours[course], planned.get(course))
    for course, kind, count in _fetch(_KINDS, values):
        made[course].kinds[kind] = count
    for course, why in _fetch(_REASONS, values):
        made[course].why |= {reason for reason in why if reason}
    for course, planned_works, held in _fetch(_WORKS, values):
        made[course].tests_held = held
        if course not in planned:
            made[course].tests_planned = planned_works
    for course, *marks in _fetch(_MARKS, values):
        one = made[course]
        (one.marks, one.passed, one.good, one.total, one.test_marks, one.test_passed, one.test_good) = marks  # fmt: skip
    for course, missed, places in _fetch(_ATTENDANCE, values):
        made[course].missed, made[course].places = missed, places
    return made


def _hold(
    one: Counted, numbers: Sequence[int], hours: int, plan: tuple[int, Sequence[int]] | None
) -> None:
    """Fill in what the timetable, the plan and the records say of a course."""
    (lessons, before, to_end, to_day, one.held, one.cancelled, one.unrecorded, outside, gave, given_before,
     given, given_ever, open_lessons) = numbers  # fmt: skip
    one.timetable = max(0, to_day - before)
    one.curriculum = share(hours, to_end, lessons) - share(hours, before, lessons)
    if plan is None:
        one.lag = one.timetable - one.held
        return
    total, works = plan
    # The last period owes all that is left of the plan, whether or not a lesson is there for it.
    end = total if to_end == lessons else min(total, to_end)
    one.planned = end - min(total, before)
    one.tests_planned = sum(before < upto <= end for upto in works)
    due = max(0, min(total, to_day) - min(total, before))
    one.lag = due - (given - given_before)
    one.outside, one.repeated = outside, max(0, gave - given)
    one.left = max(0, total - given_ever - open_lessons)


def share(hours: int, part: int, whole: int) -> int:
    """Return the part of the year's hours that falls on the first `part` of `whole` lessons."""
    return round(hours * part / whole) if whole else 0


def _lines(rows: Sequence[Any], counted: Mapping[UUID, Counted], by: str) -> list[Line]:
    if by == "course":
        return [
            Line(f"{row[2]}, {row[4]}", ", ".join(name for _, name in _teachers(row)), row[0], counted[row[0]])
            for row in rows
        ]  # fmt: skip
    sums: dict[str, Counted] = {}
    for row in rows:
        for name in GROUPS[by](row):
            sums.setdefault(name, Counted()).add(counted[row[0]])
    return [Line(name, "", None, one) for name, one in sums.items()]


GROUPS: Mapping[str, Callable[[Any], list[str]]] = {
    "class": lambda row: [row[7] or row[4]],
    "teacher": lambda row: [name for _, name in _teachers(row)] or ["не назначен"],
    "subject": lambda row: [row[2]],
    "school": lambda row: [row[12]],
}
