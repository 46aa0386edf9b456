"""The morning of a school: who is absent from every class, how many eat, who has not reported yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import rows_of
from common.templatetags.words import day_month, time_hm, weekday
from journal import announced
from journal.models import AbsenceCode
from journal.queries.class_day import LETTERS, lessons_words
from journal.queries.facts import short_name
from journal.queries.norms import norms_on
from journal.queries.settings import grades_text
from people.models import User
from people.roles import Permission
from school.calendar import school_year

GRACE = timedelta(hours=1)  # of a class whose first lesson begins after the hour of the school

# Whose day it is: the classes of schools, or those named.
_KIDS = """
WITH kids AS (
  SELECT DISTINCT k.pupil_id, h.school_class_id AS class_id
    FROM school_schoolclass c
    JOIN school_studygroup h ON h.school_class_id = c.id AND h.kind = 'class'
    JOIN school_membership k ON k.group_id = h.id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
   WHERE c.year = %(year)s AND (c.school_id = ANY (%(schools)s::uuid[]) OR c.id = ANY (%(classes)s::uuid[]))
)
"""
_CLASSES = f"""{_KIDS}
, seats AS (
  SELECT DISTINCT kids.class_id, m.group_id FROM kids
    JOIN school_membership m ON m.pupil_id = kids.pupil_id AND %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
), held AS MATERIALIZED (
  SELECT l.id, l.number, l.status, l.recorded_at, l.sitting_id, c.group_id
    FROM school_lesson l JOIN school_course c ON c.id = l.course_id
   WHERE l.day = %(day)s AND l.school_id = ANY (%(all)s::uuid[]) AND l.status <> 'cancelled'
), today AS (
  SELECT seats.class_id, array_agg(DISTINCT l.number ORDER BY l.number) AS numbers, min(lower(s.during)) AS first,
         min(l.recorded_at) FILTER (WHERE l.status = 'held') AS recorded
    FROM seats JOIN held l ON l.group_id = seats.group_id JOIN school_sitting s ON s.id = l.sitting_id
   GROUP BY seats.class_id
), noted AS (
  SELECT kids.class_id, min(a.set_at) AS noted
    FROM held l JOIN journal_absence a ON a.year = %(year)s AND a.lesson_id = l.id JOIN kids ON kids.pupil_id = a.pupil_id
   GROUP BY kids.class_id
)
SELECT c.id, c.grade_level, c.letter, z.id, z.short_name, z.time_zone, z.parent_id IS NOT NULL,
       (SELECT count(*) FROM kids WHERE kids.class_id = c.id), today.numbers, today.first, today.recorded, noted.noted,
       meal.eaters, meal.set_at,
       (SELECT array_agg(ARRAY[p.last_name, p.first_name, p.middle_name]) FROM school_classteacher t
          JOIN people_person p ON p.id = t.person_id
         WHERE t.school_class_id = c.id AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity'))
  FROM school_schoolclass c
  JOIN people_school z ON z.id = c.school_id
  LEFT JOIN today ON today.class_id = c.id
  LEFT JOIN noted ON noted.class_id = c.id
  LEFT JOIN journal_mealcount meal ON meal.school_class_id = c.id AND meal.day = %(day)s
 WHERE c.year = %(year)s AND (c.school_id = ANY (%(schools)s::uuid[]) OR c.id = ANY (%(classes)s::uuid[]))
 ORDER BY z.parent_id IS NOT NULL, z.short_name, c.grade_level, c.sort_key COLLATE "C", c.id
"""  # noqa: S608 - our own words
_ABSENT = f"""{_KIDS}
, entered AS MATERIALIZED (
  SELECT a.pupil_id, l.number, a.code, a.reason
    FROM school_lesson l JOIN journal_absence a ON a.year = %(year)s AND a.lesson_id = l.id
   WHERE l.day = %(day)s AND l.school_id = ANY (%(all)s::uuid[]) AND l.status <> 'cancelled'
)
SELECT kids.class_id, kids.pupil_id, p.last_name, p.first_name, p.middle_name, a.number, a.code, a.reason
  FROM entered a
  JOIN kids ON kids.pupil_id = a.pupil_id
  JOIN people_person p ON p.id = a.pupil_id
 ORDER BY p.sort_key COLLATE "C", kids.pupil_id, a.number
"""  # noqa: S608 - our own words
# Notes, and what families told that nobody has answered: {told} is the diary's column.
_EXPECTED = f"""{_KIDS}
SELECT x.class_id, x.pupil_id, p.last_name, p.first_name, p.middle_name, x.code, x.document, x.until,
       x.first_lesson, x.last_lesson, x.told
  FROM (SELECT kids.class_id, kids.pupil_id, n.code, n.document, n.until, n.first_lesson, n.last_lesson, NULL AS told
          FROM kids
          JOIN journal_absencenote n ON n.pupil_id = kids.pupil_id AND %(day)s BETWEEN n.since AND n.until
         UNION ALL
        SELECT kids.class_id, kids.pupil_id, '', '', NULL, NULL, NULL, {{told}} FROM kids) x
  JOIN people_person p ON p.id = x.pupil_id
 WHERE x.code <> '' OR x.told IS NOT NULL
 ORDER BY x.told IS NOT NULL, p.sort_key COLLATE "C", x.pupil_id
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Absent:
    """One absent pupil: by lessons that are entered, or expected by a note."""

    pupil_id: UUID
    name: str
    letter: str
    reason: str
    lessons: str  # «уроки 1–3», «по справке до 20 ноября», «сообщили родители: до 20 ноября»
    is_whole: bool = True  # expected at some lessons of the day, she is not absent


@dataclass(frozen=True, slots=True)
class ClassMorning:
    class_id: UUID
    name: str
    school_name: str
    leader: str
    listed: int
    absent: tuple[Absent, ...]
    absent_count: int
    late: tuple[Absent, ...]
    late_count: int
    eaters: int
    is_counted: (
        bool  # the eaters were given by a person: else all who are present, once it is known
    )
    has_lessons: bool
    has_reported: bool
    state: str  # «сообщено 8:52», «ждём с 8:30»
    tone: str

    @property
    def present(self) -> int:
        return self.listed - self.absent_count


@dataclass(frozen=True, slots=True)
class Morning:
    """The page of the morning."""

    day: date
    heading: str
    is_today: bool
    deadline: str  # «9:30»
    classes: tuple[ClassMorning, ...]
    shows_names: bool
    previous: date
    following: date
    listed: int
    absent: int
    by_letter: tuple[tuple[str, int], ...]
    late: int
    eaters: int

    @property
    def silent(self) -> tuple[ClassMorning, ...]:
        """Classes with lessons that have not reported."""
        return tuple(one for one in self.classes if one.has_lessons and not one.has_reported)


def morning(user: User, day: date, *, now: datetime, led: Sequence[UUID]) -> Morning:
    """Read the morning of the schools that the user answers for, and of the classes that she leads.

    Who only counts for the canteen gets numbers without names: reasons are health.
    """
    names = bool(user.schools_with(Permission.JOURNAL_CONTROL)) or bool(led)
    schools = set(user.schools_with(Permission.MORNING_VIEW))
    values = _values(day, schools=sorted(schools), classes=led)
    values["all"] = sorted({identity.school_id for identity in user.identities})
    absent = _absent(values, led=led)
    rows = rows_of(_CLASSES, values)
    deadlines = {
        row[3]: norms_on(row[3], day).morning_deadline for row in {r[3]: r for r in rows}.values()
    }
    classes = tuple(
        _class(row, absent.get(row[0], []), deadlines[row[3]], day=day, now=now, names=names)
        for row in rows
    )
    letters = defaultdict[str, int](int)
    for row in rows:
        for one in absent.get(row[0], []):
            letters[one.letter] += one.is_whole
    late = letters.pop("о", 0)
    return Morning(
        day=day,
        heading=f"{weekday(day)}, {day_month(day)}",
        is_today=day == user.today,
        deadline=time_hm(min(deadlines.values(), default=time(9, 30))),
        classes=classes,
        shows_names=names,
        previous=_workday(day, -1),
        following=_workday(day, 1),
        listed=sum(one.listed for one in classes),
        absent=sum(one.absent_count for one in classes),
        by_letter=tuple((letter, letters[letter]) for letter in ("б", "у", "н") if letters[letter]),
        late=late,
        eaters=sum(one.eaters for one in classes),
    )


def _values(day: date, *, schools: Iterable[UUID], classes: Iterable[UUID]) -> dict[str, Any]:
    year = school_year(day)
    return {"day": day, "year": year, "schools": list(schools), "classes": list(classes)}


def _workday(day: date, step: int) -> date:
    """The neighbouring day without Sunday."""
    near = day + timedelta(days=step)
    return near + timedelta(days=step) if near.isoweekday() == 7 else near


def _absent(values: Mapping[str, Any], *, led: Sequence[UUID]) -> dict[UUID, list[Absent]]:
    """Return the absent of every class: entered in lessons, and expected by notes and by what families told."""
    entered: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for row in rows_of(_ABSENT, values):
        entered[row[0], row[1]].append(row)
    found: dict[UUID, list[Absent]] = defaultdict(list)
    for (class_id, _), rows in entered.items():
        found[class_id].append(_entered(rows))
    missing = {key for key, rows in entered.items() if any(LETTERS[row[6]] != "о" for row in rows)}
    expected = _EXPECTED.format(told=announced.column("kids.pupil_id"))
    for class_id, pupil_id, *name, code, document, until, first, last, told in rows_of(
        expected, values
    ):
        if (class_id, pupil_id) in missing:
            continue
        named = pupil_id, short_name(*name)
        if told is None:
            awaited = [_noted(named, code, document, until, first, last)]
            missing |= {(class_id, pupil_id)}
        else:
            waiting = announced.told(pupil_id, told)
            awaited = [
                _told(named, one, leads=class_id in led) for one in waiting if not one.is_accepted
            ]
        if (class_id, pupil_id) in entered:
            found[class_id] = _with_parts(found[class_id], awaited)
        else:
            found[class_id] += awaited
    return found


def _with_parts(known: Sequence[Absent], awaited: Sequence[Absent]) -> list[Absent]:
    """Tell of a pupil once: who was late has come, whatever was expected of the day; some lessons she may miss."""
    parts = {one.pupil_id: one.lessons for one in awaited if not one.is_whole}
    return [
        replace(one, lessons=f"{one.lessons}; {parts[one.pupil_id]}")
        if one.pupil_id in parts
        else one
        for one in known
    ]


def _noted(
    named: tuple[UUID, str],
    code: str,
    document: str,
    until: date,
    first: int | None,
    last: int | None,
) -> Absent:
    lessons = lessons_words(first, last)
    expected = f"по справке: {lessons}" if lessons else f"по справке до {day_month(until)}"
    return Absent(*named, LETTERS[code], document, expected, not lessons)


def _told(named: tuple[UUID, str], one: announced.Announced, *, leads: bool) -> Absent:
    """Expect a pupil of whom the family told: the reason is her class teacher's to know."""
    return Absent(*named, "н", "", one.words if leads else one.words_without_reason, one.is_whole)


def _entered(rows: Sequence[Any]) -> Absent:
    """One pupil's letters of the day: the reason is that of an absence, else she was only late."""
    missed = [row for row in rows if LETTERS[row[6]] != "о"]
    told = missed or rows
    known = [row for row in missed if row[6] != AbsenceCode.ABSENT]
    code = (known or told)[-1][6]
    reason = next((row[7] for row in reversed(told) if row[7]), "")
    numbers = grades_text({row[5] for row in told})
    word = "урок" if numbers.isdecimal() else "уроки"
    return Absent(rows[0][1], short_name(*rows[0][2:5]), LETTERS[code], reason, f"{word} {numbers}")


def _class(
    row: Sequence[Any],
    known: Sequence[Absent],
    deadline: time,
    *,
    day: date,
    now: datetime,
    names: bool,
) -> ClassMorning:
    (
        class_id, grade, letter, _, school, zone, _, listed, numbers, first, recorded, noted, eaters, counted, leaders,
    ) = row  # fmt: skip
    absent = tuple(one for one in known if one.letter != "о")
    late = tuple(one for one in known if one.letter == "о")
    whole = sum(one.is_whole for one in absent)
    told = min((moment for moment in (recorded, noted, counted) if moment), default=None)
    state, tone = _state(first, told, deadline, day=day, now=now, zone=ZoneInfo(zone))
    return ClassMorning(
        class_id=class_id,
        name=f"{grade}{letter}",
        school_name=school,
        leader=", ".join(short_name(*name) for name in leaders or ()),
        listed=listed,
        absent=absent if names else (),
        absent_count=whole,
        late=late if names else (),
        late_count=len(late),
        eaters=_eaters(eaters, present=listed - whole, has_reported=told is not None),
        is_counted=eaters is not None,
        has_lessons=bool(numbers),
        has_reported=told is not None,
        state=state,
        tone=tone,
    )


def _state(
    first: datetime | None,
    told: datetime | None,
    deadline: time,
    *,
    day: date,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[str, str]:
    """Say since when the class is silent, or when it reported."""
    if first is None:
        return "уроков нет", ""
    due = max(
        datetime.combine(day, deadline, tzinfo=zone),
        first + GRACE if first.astimezone(zone).time() > deadline else first,
    )
    if told is not None:
        local = told.astimezone(zone)
        when = time_hm(local.time()) if local.date() == day else day_month(local.date())
        return f"сообщено {when}", "ok" if told <= due else "warn"
    since = time_hm(first.astimezone(zone).time())
    if now < first:
        return f"уроки с {since}", ""
    return f"нет записей с {since}", "bad" if now > due else "info"


def _eaters(given: int | None, *, present: int, has_reported: bool) -> int:
    """Return how many eat: as given, else all who are present; a silent class is not counted."""
    if given is not None:
        return given
    return present if has_reported else 0
