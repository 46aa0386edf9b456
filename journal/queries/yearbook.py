"""What the pages of years read: a class with its pupils, results by pupil, subject and place."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.prepared import array, rows_of
from common.templatetags.words import count_ru, day_digits
from journal.models import CouncilDecisionKind, ExamKind
from journal.queries.facts import short_name
from journal.yearbook import (
    EXAM,
    PLACE_NAMES,
    STATUS_WORDS,
    Cell,
    ClassHead,
    Member,
    Place,
)
from people.naming import told_apart
from school.models import Period, SchoolClass

_CLASS = """
SELECT y.starts, y.ends,
  (SELECT json_agg(json_build_array(p.kind, p.number, p.starts, p.ends) ORDER BY p.starts, p.id)::text
     FROM school_period p WHERE p.school_id = k.school_id AND p.year = k.year
      AND k.grade_level BETWEEN p.grade_from AND p.grade_to),
  (SELECT json_agg(json_build_array(n.last_name, n.first_name, n.middle_name) ORDER BY t.since, t.id)::text
     FROM school_classteacher t JOIN people_person n ON n.id = t.person_id
    WHERE t.school_class_id = k.id AND (t.until IS NULL OR t.until >= least(y.ends, %(today)s)))
  FROM school_schoolclass k
  LEFT JOIN school_schoolyear y ON y.school_id = k.school_id AND y.year = k.year
 WHERE k.id = %(class)s
"""
# Everybody who was in the class in its year, with the dates of the last stay.
_MEMBERS = """
SELECT m.pupil_id, n.last_name, n.first_name, n.middle_name, m.since, m.until,
       d.kind, d.minutes_number, d.minutes_day,
       (SELECT count(*) FROM journal_academicdebt a
         WHERE a.pupil_id = m.pupil_id AND a.year = g.year AND a.settled_on IS NULL)
  FROM (SELECT DISTINCT ON (m.pupil_id) m.* FROM school_membership m
          JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
         WHERE g.school_class_id = %(class)s ORDER BY m.pupil_id, m.since DESC) m
  JOIN school_studygroup g ON g.id = m.group_id
  JOIN people_person n ON n.id = m.pupil_id
  LEFT JOIN journal_councildecision d ON d.pupil_id = m.pupil_id AND d.year = g.year
 ORDER BY n.sort_key COLLATE "C", n.id
"""
_RESULTS = """
SELECT r.* FROM (
  SELECT m.pupil_id, m.year, c.subject_id, p.number::text AS place, m.status, m.value, m.score,
         c.scale_code AS scale, p.kind AS kind, NULL::date AS held_on, NULL::numeric AS points, false AS chosen, m.set_at, m.visible_at
    FROM journal_periodmark m JOIN school_course c ON c.id = m.course_id JOIN school_period p ON p.id = m.period_id
   WHERE m.pupil_id = ANY (%(pupils)s::uuid[]) AND m.year = ANY (%(years)s::int[])
   UNION ALL
  SELECT m.pupil_id, m.year, c.subject_id, 'year', m.status, m.value, m.score, c.scale_code, '', NULL, NULL, false, m.set_at,
         m.visible_at
    FROM journal_yearmark m JOIN school_course c ON c.id = m.course_id
   WHERE m.pupil_id = ANY (%(pupils)s::uuid[]) AND m.year = ANY (%(years)s::int[])
   UNION ALL
  SELECT m.pupil_id, m.year, m.subject_id, 'exam', m.status, m.value, m.score, m.scale_code, m.kind, m.held_on,
         m.points, m.chosen, m.set_at, m.visible_at
    FROM journal_examresult m
   WHERE m.pupil_id = ANY (%(pupils)s::uuid[]) AND m.year = ANY (%(years)s::int[])
   UNION ALL
  SELECT m.pupil_id, m.year, m.subject_id, 'final', m.status, m.value, m.score, 'five', '', NULL, NULL, false, m.set_at,
         m.visible_at
    FROM journal_finalmark m
   WHERE m.pupil_id = ANY (%(pupils)s::uuid[]) AND m.year = ANY (%(years)s::int[])) r
 WHERE %(seen_at)s::timestamptz IS NULL OR r.visible_at <= %(seen_at)s
 ORDER BY r.held_on NULLS FIRST, r.set_at
"""
# Subjects with marks that pupils of the class learnt in its year, and those with a result only.
_SUBJECTS = """
SELECT DISTINCT u.id, u.name, u.short_name, u.sort_key
  FROM school_subject u
  JOIN school_course c ON c.subject_id = u.id AND c.year = %(year)s AND c.kind = 'lesson' AND c.scale_code <> 'none'
  JOIN school_membership m ON m.group_id = c.group_id
 WHERE m.pupil_id = ANY (%(pupils)s::uuid[])
 UNION
SELECT u.id, u.name, u.short_name, u.sort_key FROM school_subject u WHERE u.id = ANY (%(subjects)s::uuid[])
 ORDER BY 4, 1
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A reporting period of the class as a place, with its dates."""

    place: Place
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A result of any kind."""

    pupil_id: UUID
    year: int
    subject_id: UUID
    place: str
    kind: str  # the kind of the period, or of the exam
    cell: Cell
    chosen: bool = False  # an exam of choice


def class_head(school_class: SchoolClass, *, today: date) -> tuple[ClassHead, tuple[Span, ...]]:
    """Read the class's year, periods and teacher: one statement. `school` is read with the class."""
    ((starts, ends, periods, leaders),) = rows_of(
        _CLASS, {"class": school_class.pk, "today": today}
    )
    spans = tuple(
        Span(period_place(kind, number), date.fromisoformat(first), date.fromisoformat(last))
        for kind, number, first, last in _json(periods)
    )
    year = school_class.year
    head = ClassHead(
        class_id=school_class.pk,
        name=school_class.name,
        school_name=school_class.school.short_name,
        year=year,
        grade_level=school_class.grade_level,
        today=today,
        starts=starts or date(year, 9, 1),
        ends=ends or date(year + 1, 5, 31),
        leader=", ".join(short_name(*name) for name in _json(leaders)),
    )
    return head, spans


def period_place(kind: str, number: int) -> Place:
    name = Period(kind=kind, number=number).name
    return Place(str(number), name.partition(" ")[0], name)


def place_of(key: str) -> Place:
    return Place(key, *PLACE_NAMES[key])


def members(class_id: UUID) -> tuple[Member, ...]:
    """Read who was in the class in its year: one statement."""
    rows = rows_of(_MEMBERS, {"class": class_id})
    names = told_apart([tuple(row[1:4]) for row in rows])
    return tuple(
        Member(
            pupil_id=row[0],
            name=full,
            since=row[4],
            until=row[5],
            decision=row[6] or "",
            decision_words=decision_words(*row[6:9]),
            debts=row[9],
        )
        for row, (full, _) in zip(rows, names, strict=True)
    )


def decision_words(kind: str | None, number: str, day: date) -> str:
    """Return «переведён, протокол № 14 от 25.05.2027», or nothing."""
    if not kind:
        return ""
    return f"{CouncilDecisionKind(kind).label}, протокол № {number} от {day_digits(day)}"


def entries(
    pupils: Iterable[UUID], years: Iterable[int], *, seen_at: object = None
) -> tuple[Entry, ...]:
    """Read the pupils' results of the years: one statement. `seen_at`: only what families see then."""
    values = {"pupils": array(pupils), "years": array(years), "seen_at": seen_at}
    return tuple(_entry(row) for row in rows_of(_RESULTS, values))


def _entry(row: Sequence[Any]) -> Entry:
    pupil, year, subject, place, status, value, score, scale, kind, held_on, points, chosen, *_ = (
        row
    )
    note = ""
    if place == EXAM:
        note = f"{ExamKind(kind).label} {day_digits(held_on)}"
        if points is not None:
            note += f", {count_ru(f'{points.normalize():f}', 'балл,балла,баллов')}"
    cell = Cell(STATUS_WORDS.get(status, value), status, score, scale, note)
    return Entry(pupil, year, subject, place, kind, cell, chosen)


def by_place(found: Iterable[Entry]) -> dict[tuple[UUID, UUID, str], Cell]:
    """Lay results out; the later one of two stands, two exams in a subject stand together."""
    laid: dict[tuple[UUID, UUID, str], Cell] = {}
    for one in found:
        key = (one.pupil_id, one.subject_id, one.place)
        laid[key] = _both(laid[key], one.cell) if one.place == EXAM and key in laid else one.cell
    return laid


def _both(first: Cell, second: Cell) -> Cell:
    return Cell(
        f"{first.text}/{second.text}",
        second.status,
        second.score,
        second.scale,
        f"{first.note}; {second.note}",
    )


def subjects(
    pupils: Iterable[UUID], year: int, more: Iterable[UUID]
) -> tuple[tuple[UUID, str, str], ...]:
    """Read the subjects of the pupils in the year: one statement."""
    values = {"pupils": array(pupils), "year": year, "subjects": array(more)}
    return tuple((row[0], row[1], row[2]) for row in rows_of(_SUBJECTS, values))


def _json(text: str | None) -> list[Any]:
    found: list[Any] = json.loads(text or "[]")
    return found
