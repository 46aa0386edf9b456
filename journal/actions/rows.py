"""The rows of cells: planned one by one, written by at most one statement a table and verb."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import Jsonb

from common.ids import uuid7
from common.prepared import array, of_year, prepared, prepared_rows
from journal import grading
from journal.errors import OperationReused
from journal.models import AbsenceCode
from journal.norms import RetakeRule
from journal.queries import CourseFacts
from journal.queries.cells import COUNTED, SUMS_WITH_WRITTEN, Cell, Key, LockedLesson, sums
from journal.sheet import SaveAnswer
from people.models import User

CODES = {str(code.label): code.value for code in AbsenceCode}
LETTERS = {code: letter for letter, code in CODES.items()}

_WORKS = """
INSERT INTO journal_work (id, school_id, lesson_id, kind_id, number, title, weight, counts, minutes)
SELECT new.id, %(school)s, lesson, kind, 1, '', new.weight, k.counts, k.minutes
  FROM unnest(%(ids)s::uuid[], %(lessons)s::uuid[], %(kinds)s::uuid[], %(weights)s::numeric[])
    AS new (id, lesson, kind, weight) JOIN journal_workkind k ON k.id = new.kind
"""
# MERGE and not INSERT … ON CONFLICT: a row that is there passes its triggers once, as an update. Two
# writers never meet here, since each holds its lessons locked.
_MARKS = """
MERGE INTO journal_mark AS m
USING (SELECT * FROM unnest(%(ids)s::uuid[], %(lessons)s::uuid[], %(works)s::uuid[], %(pupils)s::uuid[],
                            %(positions)s::int[], %(values)s::text[], %(scores)s::numeric[],
                            %(retakes)s::bool[], %(dues)s::date[])
         AS one (id, lesson, work, pupil, position, value, score, retake, due)) AS new
   ON m.year = %(year)s AND m.lesson_id = new.lesson AND m.pupil_id = new.pupil AND m.position = new.position
 WHEN MATCHED THEN UPDATE
  SET value = new.value, score = new.score, retake = new.retake, due_day = new.due,
      work_id = CASE WHEN m.retake = new.retake THEN m.work_id ELSE new.work END,
      set_by_id = CASE WHEN m.value = new.value THEN m.set_by_id ELSE %(by)s END,
      set_at = CASE WHEN m.value = new.value THEN m.set_at ELSE %(now)s END
 WHEN NOT MATCHED THEN
  INSERT (id, year, school_id, lesson_id, work_id, pupil_id, position, value, score, retake, due_day, comment,
          rev, set_by_id, set_at)
  VALUES (new.id, %(year)s, %(school)s, new.lesson, new.work, new.pupil, new.position, new.value, new.score,
          new.retake, new.due, '', 0, %(by)s, %(now)s)
RETURNING m.lesson_id, m.pupil_id, m.position, m.rev, m.work_id, m.score
"""
_TOLD = """
SELECT lesson_id::text, pupil_id::text, rev, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint FROM written
"""
_WRITTEN = f"WITH written AS ({_MARKS}) {_TOLD}"
# One way to the database for the marks and for what the averages are made of.
_WRITTEN_AND_SUMS = f"""
WITH written AS ({_MARKS}), counted AS MATERIALIZED ({COUNTED}) {_TOLD} UNION ALL
SELECT NULL, s.pupil, 0, s.total, s.number, s.heavy, s.weight
  FROM ({SUMS_WITH_WRITTEN}) AS s (pupil, total, number, heavy, weight)
"""  # noqa: S608
_ABSENCES = """
INSERT INTO journal_absence (id, year, school_id, lesson_id, pupil_id, code, reason, rev, set_by_id, set_at)
SELECT id, %(year)s, %(school)s, lesson, pupil, code, '', 0, %(by)s, %(now)s
  FROM unnest(%(ids)s::uuid[], %(lessons)s::uuid[], %(pupils)s::uuid[], %(codes)s::text[])
    AS new (id, lesson, pupil, code)
    ON CONFLICT (year, lesson_id, pupil_id) DO UPDATE
   SET code = EXCLUDED.code, reason = EXCLUDED.reason, set_by_id = EXCLUDED.set_by_id, set_at = EXCLUDED.set_at
RETURNING lesson_id::text, pupil_id::text, rev, code
"""
_OPERATION = """
INSERT INTO journal_operation (id, year, school_id, user_id, request, answer, course_id, before, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id
"""


class NewMark(NamedTuple):
    """A row to be written."""

    key: Key
    place: int
    value: str
    score: Decimal | None
    retake: bool
    work: int  # the first of the cell's works, or the second
    due: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How the marks of a lesson count today, and until when a mark may be owed."""

    values: Mapping[str, float | None]
    retakes: RetakeRule
    due: date

    def scores(self, values: Sequence[str]) -> tuple[Decimal | None, ...]:
        return grading.counted(values, self.values, self.retakes)


def _chains(text: grading.CellText) -> set[tuple[int, tuple[str, ...]]]:
    """Return each work's marks with the place of the first."""
    return {
        (places[0], tuple(text.marks[place - 1] for place in places))
        for places in grading.chains(text)
    }


@dataclass(slots=True)
class Changes:
    """What shall become of the rows of the cells."""

    marks: list[NewMark] = field(default_factory=list)
    absences: list[tuple[Key, str]] = field(default_factory=list)  # cell, code
    marks_gone: list[str] = field(default_factory=list)
    absences_gone: list[str] = field(default_factory=list)
    kept: dict[Key, int] = field(default_factory=dict)  # cell → revisions that stay
    works: dict[str, Mapping[int, str]] = field(default_factory=dict)
    letters: dict[Key, str] = field(
        default_factory=dict
    )  # cell → the letter that stands when written

    def plan(
        self,
        key: Key,
        cell: Cell,
        wanted: grading.CellText,
        *,
        stood: grading.CellText,
        works: Mapping[int, str],
        by_rule: Rule,
    ) -> None:
        """Note the rows by which the cell differs from what is wanted."""
        kept = cell.revs.get(0, 0) if cell.values.get(0, "") == wanted.absence else 0
        if wanted.absence and not kept:
            self.absences.append((key, CODES[wanted.absence]))
        elif not wanted.absence and 0 in cell.row_ids:
            self.absences_gone.append(cell.row_ids[0])
        known = _chains(stood) if cell.places == sorted(cell.places) else set()
        for number, places in enumerate(grading.chains(wanted), start=1):
            values = [wanted.marks[place - 1] for place in places]
            if (places[0], tuple(values)) in known:
                kept += sum(cell.revs[place] for place in places)
            else:
                kept += self._plan_chain(key, cell, places, values, work=number, by_rule=by_rule)
        last = len(wanted.marks)
        self.marks_gone += [cell.row_ids[place] for place in cell.places if place > last]
        self.kept[key] = kept
        self.works[key[0]] = works

    def _plan_chain(
        self,
        key: Key,
        cell: Cell,
        places: Sequence[int],
        values: Sequence[str],
        *,
        work: int,
        by_rule: Rule,
    ) -> int:
        """Note the rows of one work's marks that differ; return the revisions of those that stay."""
        kept = 0
        was_retake = {cell.places[place - 1] for place in cell.retakes}
        for place, value, score in zip(places, values, by_rule.scores(values), strict=True):
            retake = place != places[0]
            stands = (cell.values.get(place), place in was_retake, cell.scores.get(place))
            if stands == (value, retake, score):
                kept += cell.revs[place]
                continue
            due = by_rule.due if value == grading.OWED else None
            self.marks.append(NewMark(key, place, value, score, retake, work, due))
        return kept

    def remember(
        self,
        *,
        op: UUID,
        digest: str,
        answer: SaveAnswer,
        course: CourseFacts,
        by: User,
        now: datetime,
        before: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the answer for a repeat, and what a bulk change found. Raises OperationReused if the id is another operation's."""
        values = [
            op, course.year, course.school_id, by.pk, digest, Jsonb(answer.told), course.course_id,
            None if before is None else Jsonb(before), now,
        ]  # fmt: skip
        with prepared() as cursor:
            cursor.execute(_OPERATION, values)
            if cursor.fetchone() is None:
                raise OperationReused


def write(
    changes: Changes,
    *,
    course: CourseFacts,
    lessons: Mapping[str, LockedLesson],
    by: User,
    now: datetime,
    asked: Mapping[str, Any] | None,
) -> tuple[dict[Key, int], list[tuple[Any, ...]]]:
    """Write the rows; return the new revision of every changed cell, and the sums that are asked."""
    revs = dict(changes.kept)
    common = {"year": course.year, "school": course.school_id, "by": by.pk, "now": now}
    _delete("journal_mark", changes.marks_gone, course.year)
    written: list[tuple[Any, ...]] = []
    found: list[tuple[Any, ...]] = []
    if changes.marks:
        columns = _mark_columns(changes, _works(changes, course, lessons))
        sql = _WRITTEN_AND_SUMS if asked else _WRITTEN
        rows = prepared_rows(of_year(sql, course.year), {**common, **columns, **(asked or {})})
        written += [row[:3] for row in rows if row[0]]
        found = [(row[1], *row[3:]) for row in rows if not row[0]]
    elif asked:
        found = sums(course, asked)
    written += write_absences(changes, common)
    for lesson, pupil, rev in written:
        revs[lesson, pupil] += rev
    return revs, found


def write_absences(changes: Changes, common: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Write the letters of attendance; a note in force turns «н» into its reason by itself.

    `common` says of what year and school they are, by whom and when; returns lesson, pupil and revision.
    """
    _delete("journal_absence", changes.absences_gone, common["year"])
    if not changes.absences:
        return []
    values = {**common, **_absence_columns(changes)}
    written = prepared_rows(of_year(_ABSENCES, common["year"]), values)
    changes.letters |= {(row[0], row[1]): LETTERS[row[3]] for row in written}
    return [row[:3] for row in written]


def _delete(table: str, ids: list[str], year: int) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE year = %s AND id = ANY (%s::uuid[])",  # noqa: S608 - our own names
                [year, ids],
            )


def _works(
    changes: Changes, course: CourseFacts, lessons: Mapping[str, LockedLesson]
) -> dict[str, Mapping[int, str]]:
    """Return the works of the marked lessons; the first mark of a lesson makes its work, «Р»."""
    found = dict(changes.works)
    new = sorted({mark.key[0] for mark in changes.marks if not found[mark.key[0]]})
    if not new:
        return found
    made: dict[str, list[Any]] = {"ids": [], "lessons": new, "kinds": [], "weights": []}
    for lesson_id in new:
        kind = course.default_kind(lessons[lesson_id].day)
        if kind is None:
            raise LookupError("The school has no kinds of work.")
        found[lesson_id] = {1: str(uuid7())}
        made["ids"].append(found[lesson_id][1])
        made["kinds"].append(kind.kind_id)
        made["weights"].append(kind.weight)
    with prepared() as cursor:
        columns = {name: array(column) for name, column in made.items()}
        cursor.execute(_WORKS, {"school": course.school_id, **columns})
    return found


def _mark_columns(
    changes: Changes, works: Mapping[str, Mapping[int, str]]
) -> dict[str, list[Any] | str]:
    marks = changes.marks
    return {
        "ids": array([uuid7() for _ in marks]),
        "lessons": array([mark.key[0] for mark in marks]),
        "works": array([work_at(works[mark.key[0]], mark.work) for mark in marks]),
        "pupils": array([mark.key[1] for mark in marks]),
        "positions": array([mark.place for mark in marks]),
        "values": [mark.value for mark in marks],
        "scores": array([mark.score for mark in marks]),
        "retakes": array([mark.retake for mark in marks]),
        "dues": array([mark.due for mark in marks]),
    }


def work_at(works: Mapping[int, str], place: int) -> str:
    """Return the work of a mark: the second mark is for the second work, if the lesson has one."""
    return works.get(place) or works[min(works)]


def _absence_columns(changes: Changes) -> dict[str, list[Any] | str]:
    return {
        "ids": array(uuid7() for _ in changes.absences),
        "lessons": array(key[0] for key, _ in changes.absences),
        "pupils": array(key[1] for key, _ in changes.absences),
        "codes": [code for _, code in changes.absences],
    }
