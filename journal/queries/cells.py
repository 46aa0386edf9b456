"""The cells that a client wants to write, as they stand now: read after their lessons are locked."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.prepared import array, of_year, prepared
from common.templatetags.words import day_month, time_hm
from journal import grading, policy
from journal.queries.facts import CourseFacts, short_name
from journal.queries.sheets import LED, LETTERS

Key = tuple[str, str]  # lesson, pupil

_LOCK = """
SELECT l.id::text, l.day, l.number, l.status, s.teacher_id::text, {given}
  FROM school_lesson l JOIN school_sitting s ON s.id = l.sitting_id
 WHERE l.course_id = %s AND l.id = ANY (%s::uuid[])
 ORDER BY l.id FOR NO KEY UPDATE OF l
"""
# One row: the answer that this operation had, the cells, who is in the group, the works.
_STATE = """
SELECT
  (SELECT json_build_array(o.request, o.user_id, o.answer)::text FROM journal_operation o WHERE o.id = %(op)s),
  (SELECT json_agg(json_build_array(e.lesson_id, e.pupil_id, e.position, e.value, e.rev, e.id, e.set_at, e.retake,
                                    e.score::text, a.last_name, a.first_name, a.middle_name)
                   ORDER BY e.position)::text
     FROM (SELECT lesson_id, pupil_id, position, value, rev, id, set_by_id, set_at, school_id, retake, score
             FROM journal_mark
            WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[]) AND pupil_id = ANY (%(pupils)s::uuid[])
            UNION ALL
           SELECT lesson_id, pupil_id, 0, code, rev, id, set_by_id, set_at, school_id, false, NULL
             FROM journal_absence
            WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[]) AND pupil_id = ANY (%(pupils)s::uuid[])
          ) e LEFT JOIN people_person a ON a.user_id = e.set_by_id AND a.school_id = e.school_id),
  (SELECT json_agg(json_build_array(m.pupil_id, m.since, m.until, {led}))::text FROM school_membership m
    WHERE m.group_id = %(group)s AND m.pupil_id = ANY (%(pupils)s::uuid[])),
  (SELECT json_agg(json_build_array(w.lesson_id, w.number, w.id) ORDER BY w.number)::text FROM journal_work w
    WHERE w.lesson_id = ANY (%(lessons)s::uuid[])),
  (SELECT json_agg(o.period_id)::text FROM journal_signoff o WHERE o.course_id = %(course)s AND o.period_id IS NOT NULL)
"""
# The works that count, by the lessons of the period; then their marks, lesson by lesson.
COUNTED = """
SELECT w.id, w.lesson_id, w.weight FROM school_lesson l JOIN journal_work w ON w.lesson_id = l.id AND w.counts
 WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s
"""
_SUMS = """
SELECT m.pupil_id::text, (sum(m.score) * 100)::bigint, count(*),
       (sum(m.score * m.weight) * 10000)::bigint, (sum(m.weight) * 100)::bigint
  FROM ({marks}) m
 GROUP BY m.pupil_id
"""
_KEPT = """
SELECT k.pupil_id, k.score, c.weight
  FROM counted c
  JOIN journal_mark k ON k.lesson_id = c.lesson_id AND k.work_id = c.id
 WHERE k.year = %(year)s AND k.pupil_id = ANY (%(touched)s::uuid[]) AND k.score IS NOT NULL"""
# The marks that the same statement writes, and those that it found and leaves: a statement does not
# see what it writes in the table itself. NOT IN is hashed, however few rows the planner expects.
_KEPT_AND_WRITTEN = f"""{_KEPT}
   AND (k.lesson_id, k.pupil_id, k.position) NOT IN (SELECT n.lesson_id, n.pupil_id, n.position FROM written n)
 UNION ALL
SELECT n.pupil_id, n.score, c.weight FROM written n JOIN counted c ON c.id = n.work_id WHERE n.score IS NOT NULL"""  # noqa: S608
SUMS_WITH_WRITTEN = _SUMS.format(marks=_KEPT_AND_WRITTEN)
SUMS = f"WITH counted AS MATERIALIZED ({COUNTED}) {_SUMS.format(marks=_KEPT)}"


@dataclass(frozen=True, slots=True)
class LockedLesson:
    lesson_id: str
    day: date
    number: int
    status: str
    teacher: str
    given: date | None = None  # since when the window counts, if not since the lesson


@dataclass(slots=True)
class Cell:
    """A cell's content now: rows by their place, 0 is the absence."""

    values: dict[int, str] = field(default_factory=dict)
    revs: dict[int, int] = field(default_factory=dict)
    row_ids: dict[int, str] = field(default_factory=dict)
    scores: dict[int, Decimal | None] = field(default_factory=dict)
    moments: dict[int, datetime] = field(default_factory=dict)  # when each was set
    places: list[int] = field(default_factory=list)  # of the marks, in their order
    retakes: frozenset[int] = (
        frozenset()
    )  # which of the marks, counted from 1, retake the one before
    author: str = ""
    set_at: datetime | None = None

    @property
    def text(self) -> grading.CellText:
        marks = tuple(self.values[place] for place in self.places)
        return grading.CellText(self.values.get(0, ""), marks, self.retakes)

    @property
    def rev(self) -> int:
        return sum(self.revs.values())


@dataclass(frozen=True, slots=True)
class Member:
    spans: tuple[tuple[str, str], ...]
    led: bool

    def was_there(self, day: date) -> bool:
        iso = day.isoformat()
        return any(since <= iso <= until for since, until in self.spans)


@dataclass(frozen=True, slots=True)
class Answered:
    """The operation was carried out before."""

    request: str
    user_id: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CellsNow:
    answered: Answered | None
    cells: dict[Key, Cell]
    members: dict[str, Member]
    works: dict[str, dict[int, str]]  # lesson → number → work
    signed: frozenset[str]  # periods


def lock_lessons(facts: CourseFacts, lessons: Sequence[str]) -> dict[str, LockedLesson]:
    """Lock the lessons of the course in one order, so that two saves never wait for each other."""
    with prepared() as cursor:
        cursor.execute(_LOCK.format(given=facts.given), [facts.course_id, array(lessons)])
        return {row[0]: LockedLesson(*row) for row in cursor.fetchall()}


def cells_now(
    facts: CourseFacts, *, op: UUID, lessons: Sequence[str], pupils: Sequence[str], today: date
) -> CellsNow:
    led = LED if facts.who.leads_a_class else "false"
    values: dict[str, Any] = {
        "op": op, "year": facts.year, "lessons": array(lessons), "pupils": array(pupils),
        "group": facts.group_id, "today": today, "persons": array(facts.who.person_ids),
        "course": facts.course_id,
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(of_year(_STATE.format(led=led), facts.year), values)
        answered, cells, members, works, signed = (
            json.loads(part or "null") for part in cursor.fetchone()
        )
    by_lesson: dict[str, dict[int, str]] = defaultdict(dict)
    for lesson_id, number, work_id in works or ():
        by_lesson[lesson_id][number] = work_id
    seen = [row for row in members or () if policy.may_see(facts.who, led=row[3])]
    if facts.who.only_led:
        known = {row[0] for row in seen}
        cells = [row for row in cells or () if row[1] in known]
    return CellsNow(
        answered=Answered(*answered) if answered else None,
        cells=_cells(cells or ()),
        members=_members(seen),
        works=by_lesson,
        signed=frozenset(signed or ()),
    )


def _cells(rows: Sequence[Any]) -> dict[Key, Cell]:
    found: dict[Key, Cell] = defaultdict(Cell)
    for lesson_id, pupil_id, position, value, rev, row_id, set_at, retake, score, *name in rows:
        cell = found[lesson_id, pupil_id]
        cell.values[position] = value if position else LETTERS[value]
        cell.revs[position] = rev
        cell.row_ids[position] = row_id
        moment = cell.moments[position] = datetime.fromisoformat(set_at)
        if position:
            cell.scores[position] = None if score is None else Decimal(score)
            cell.places.append(position)
            if retake:
                cell.retakes |= {len(cell.places)}
        if cell.set_at is None or moment >= cell.set_at:
            cell.set_at = moment
            cell.author = short_name(*name) if name[0] else ""
    return found


def _members(rows: Sequence[Any]) -> dict[str, Member]:
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    led: dict[str, bool] = {}
    for pupil_id, since, until, is_led in rows:
        spans[pupil_id].append((since, until or "9999-12-31"))
        led[pupil_id] = is_led
    return {pupil_id: Member(tuple(found), led[pupil_id]) for pupil_id, found in spans.items()}


def sums_asked(facts: CourseFacts, *, pupils: Sequence[str], day: date) -> dict[str, Any] | None:
    """Return what SUMS asks for: these pupils in the period that holds the day; None without one."""
    span = next((p for p in facts.periods if p.starts <= day <= p.ends), None)
    if span is None:
        return None
    return {
        "course": facts.course_id, "touched": array(pupils), "starts": span.starts, "ends": span.ends,
    }  # fmt: skip


def sums(facts: CourseFacts, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with prepared() as cursor:
        cursor.execute(of_year(SUMS, facts.year), asked)
        return list(cursor.fetchall())


def averages(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[str, str]]:
    """Return «3,64» and its weighted pair of each pupil that has a sum."""
    return {
        pupil: (grading.shown(total, count), grading.shown(heavy, weight))
        for pupil, total, count, heavy, weight in rows
    }


def when(moment: datetime, facts: CourseFacts, *, today: date) -> str:
    """«10:42», or «2 ноября, 10:42» of another day, by the school's clock."""
    local = moment.astimezone(facts.zone)
    clock = time_hm(local.time())
    return clock if local.date() == today else f"{day_month(local.date())}, {clock}"
