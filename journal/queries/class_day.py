"""A day of one class as it stands: its lessons, letters, notes; what the form shows and the action judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from common.prepared import rows_of
from common.templatetags.words import date_range, day_month
from journal import policy
from journal.models import AbsenceCode, MealCount
from journal.queries.facts import short_name
from people.models import User
from people.naming import told_apart
from people.roles import Permission
from school.calendar import school_year
from school.models import ClassTeacher, SchoolClass

LETTERS = {str(code.value): str(code.label) for code in AbsenceCode}


def leads_class(user: User, school_class: SchoolClass) -> bool:
    """Say whether the user is the class teacher today: the reasons of absence are hers to know."""
    leads = ClassTeacher.objects.filter(school_class=school_class, person__in=user.person_ids)
    return (
        user.may(Permission.CLASS_LEAD, school_class.school_id)
        and leads.in_force(user.today).exists()
    )


def classes_led(user: User) -> tuple[UUID, ...]:
    """Return the classes of this year that the user leads today."""
    leads = ClassTeacher.objects.filter(person__in=user.person_ids).in_force(user.today)
    return tuple(leads.order_by("pk").values_list("school_class", flat=True))


_LESSONS = """
SELECT l.id::text, l.number, l.status, c.group_id::text, u.name,
       EXISTS (SELECT 1 FROM journal_signoff o JOIN school_period p ON p.id = o.period_id
                WHERE o.course_id = c.id AND %(day)s BETWEEN p.starts AND p.ends)
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
 WHERE l.day = %(day)s AND l.school_id = %(school)s AND c.group_id IN (
       SELECT m.group_id FROM school_membership m JOIN school_membership k ON k.pupil_id = m.pupil_id
         JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class' AND h.school_class_id = %(class)s
        WHERE %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
          AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity'))
 ORDER BY l.id {lock}
"""
_PUPILS = """
SELECT k.pupil_id::text, p.last_name, p.first_name, p.middle_name, array_agg(m.group_id::text)
  FROM school_studygroup h
  JOIN school_membership k ON k.group_id = h.id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
  JOIN people_person p ON p.id = k.pupil_id
  JOIN school_membership m ON m.pupil_id = k.pupil_id AND %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
 WHERE h.school_class_id = %(class)s AND h.kind = 'class'
 GROUP BY k.pupil_id, p.last_name, p.first_name, p.middle_name, p.sort_key
 ORDER BY p.sort_key COLLATE "C", k.pupil_id
"""
_ENTRIES = """
SELECT a.lesson_id::text, a.pupil_id::text, a.code, a.rev, a.id::text, a.reason
  FROM journal_absence a WHERE a.year = %(year)s AND a.lesson_id = ANY (%(lessons)s::uuid[])
"""
_MARKED = """
SELECT DISTINCT k.lesson_id::text, k.pupil_id::text
  FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = ANY (%(lessons)s::uuid[]) AND k.value <> '.'
"""


@dataclass(frozen=True, slots=True)
class DayLesson:
    lesson_id: str
    number: int
    status: str
    group_id: str
    subject: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An absence that stands in a lesson."""

    code: str
    rev: int
    row_id: str
    reason: str

    @property
    def letter(self) -> str:
        return LETTERS[self.code]


@dataclass(frozen=True, slots=True)
class DayPupil:
    pupil_id: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What was chosen for a pupil: a letter or none, from which lesson on, and what stood in the form."""

    pupil_id: UUID
    letter: str
    seen: str
    first: int = 0


@dataclass(frozen=True, slots=True)
class ClassDay:
    """A day of a class as its entries stand: what the form shows and the action judges."""

    class_id: UUID
    school_id: UUID
    year: int
    day: date
    lessons: tuple[DayLesson, ...]
    pupils: tuple[DayPupil, ...]
    entries: Mapping[tuple[str, str], Entry]  # lesson, pupil
    marked: frozenset[tuple[str, str]]

    def lessons_of(self, pupil: DayPupil) -> tuple[DayLesson, ...]:
        own = (one for one in self.lessons if one.group_id in pupil.groups)
        return tuple(sorted((o for o in own if o.status != "cancelled"), key=lambda o: o.number))

    def letter_of(self, pupil: DayPupil) -> str:
        """The letter of the whole day, «» while there is none, «*» where lessons differ."""
        own = self.lessons_of(pupil)
        letters = [
            self.entries[key].letter
            if (key := (one.lesson_id, pupil.pupil_id)) in self.entries
            else ""
            for one in own
        ]
        if "о" in letters and set(letters) <= {"", "о"}:
            return "о"
        # A lesson with a mark was attended: the rest may still be one letter.
        counted = [
            letter for one, letter in zip(own, letters, strict=True)
            if letter or (one.lesson_id, pupil.pupil_id) not in self.marked
        ]  # fmt: skip
        kinds = set(counted)
        return "" if not kinds else kinds.pop() if len(kinds) == 1 else "*"


def class_day(class_id: UUID, school_id: UUID, day: date, *, lock: bool = False) -> ClassDay:
    """Read a day of a class; with `lock` its lessons are locked first, in the order of saves of cells."""
    year = school_year(day)
    values: dict[str, Any] = {"class": class_id, "school": school_id, "day": day, "year": year}
    if lock:
        rows_of(_LESSONS.format(lock="FOR NO KEY UPDATE OF l"), values)
    # Read when they are locked: whoever signs a period holds its lessons.
    lessons = tuple(DayLesson(*row) for row in rows_of(_LESSONS.format(lock=""), values))
    values["lessons"] = [one.lesson_id for one in lessons]
    members = rows_of(_PUPILS, values)
    names = told_apart([row[1:4] for row in members])
    pupils = tuple(
        DayPupil(row[0], name, frozenset(row[4]))
        for row, (name, _) in zip(members, names, strict=True)
    )
    return ClassDay(
        class_id, school_id, year, day, lessons, pupils,
        entries={(row[0], row[1]): Entry(*row[2:]) for row in rows_of(_ENTRIES, values)},
        marked=frozenset((row[0], row[1]) for row in rows_of(_MARKED, values)),
    )  # fmt: skip


def shut(lesson: DayLesson, found: ClassDay, *, today: date, window: int, year_closed: bool) -> str:
    """Return why nothing can be entered in the lesson any more, or nothing."""
    span = policy.Span("", "", found.day, found.day, lesson.signed)
    reason = policy.closed(
        day=found.day, status=lesson.status, today=today, year_closed=year_closed, periods=(span,),
        windows=(policy.Window(found.day, None, window),),
    )  # fmt: skip
    return reason.short if reason else ""


_NOTES = """
SELECT n.id, n.pupil_id, p.last_name, p.first_name, p.middle_name, n.since, n.until,
       n.first_lesson, n.last_lesson, n.code, n.document,
       a.last_name, a.first_name, a.middle_name, n.set_at
  FROM school_studygroup h
  JOIN school_membership k ON k.group_id = h.id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
  JOIN journal_absencenote n ON n.pupil_id = k.pupil_id AND n.year = %(year)s
  JOIN people_person p ON p.id = k.pupil_id
  LEFT JOIN people_person a ON a.user_id = n.set_by_id AND a.school_id = n.school_id
 WHERE h.school_class_id = %(class)s AND h.kind = 'class'
 ORDER BY n.since DESC, p.sort_key COLLATE "C", n.id
"""


@dataclass(frozen=True, slots=True)
class NoteLine:
    note_id: UUID
    pupil_id: UUID
    name: str
    term: str
    letter: str
    document: str
    made: str
    in_force: bool


def notes_of_class(class_id: UUID, year: int, *, today: date) -> tuple[NoteLine, ...]:
    """Read the notes of the class's pupils of the year, the latest first; one statement."""
    rows = rows_of(_NOTES, {"class": class_id, "year": year, "day": today})
    people = {row[1]: row[2:5] for row in rows}
    names = dict(zip(people, told_apart(list(people.values())), strict=True))
    return tuple(_note(row, names[row[1]][0], today) for row in rows)


def _note(row: Sequence[Any], name: str, today: date) -> NoteLine:
    (
        note_id, pupil_id, _, _, _, since, until, first_lesson, last_lesson, code, document,
        last, first, middle, set_at,
    ) = row  # fmt: skip
    author = short_name(last, first, middle) if last else ""
    return NoteLine(
        note_id=note_id,
        pupil_id=pupil_id,
        name=name,
        term=note_term(since, until, first_lesson, last_lesson),
        letter=LETTERS[code],
        document=document,
        made=", ".join(part for part in (author, day_month(set_at)) if part),
        in_force=since <= today <= until,
    )


def note_term(since: date, until: date, first: int | None = None, last: int | None = None) -> str:
    """Return «18–20 ноября» or «18 ноября, уроки 1–2»."""
    lessons = lessons_words(first, last)
    return f"{date_range(since, until)}, {lessons}" if lessons else date_range(since, until)


def lessons_words(first: int | None, last: int | None) -> str:
    """Return «3-й урок», «уроки 1–2», nothing for whole days."""
    if first is None or last is None:
        return ""
    return f"{first}-й урок" if first == last else f"уроки {first}–{last}"


def class_of(pupil_id: UUID, *, today: date) -> SchoolClass | None:
    """Return the class that the pupil is in today."""
    return (
        SchoolClass.objects.filter(
            Q(groups__memberships__until__isnull=True) | Q(groups__memberships__until__gte=today),
            groups__kind="class", groups__memberships__pupil=pupil_id, groups__memberships__since__lte=today,
        )
        .in_order()
        .first()
    )  # fmt: skip


def meal_of(class_id: UUID, day: date) -> int | None:
    """Return how many of the class eat on the day, if anybody said."""
    return (
        MealCount.objects.filter(school_class=class_id, day=day)
        .values_list("eaters", flat=True)
        .first()
    )
