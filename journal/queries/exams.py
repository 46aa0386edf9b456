"""Exams with their pupils, final marks with the rules' proposals, academic debts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from common.prepared import array, rows_of
from journal.certificate import Basis, Proposal, certificate_subject, propose
from journal.models import AcademicDebt, Attempt, ExamKind, ExamResult
from journal.queries.summary import members_today
from journal.queries.yearbook import Entry, entries
from journal.yearbook import FINAL, STATUS_WORDS, YEAR, Member
from people.models import User
from people.roles import Permission
from school.models import SchoolClass

# Classes and subjects that the user may name: her own courses, and in her schools all.
_CHOICES = """
SELECT DISTINCT k.id, k.grade_level, k.letter, k.sort_key, z.short_name, z.parent_id IS NOT NULL,
       u.id, u.name, u.sort_key
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_membership m ON m.group_id = c.group_id
  JOIN school_membership own ON own.pupil_id = m.pupil_id
  JOIN school_studygroup h ON h.id = own.group_id AND h.kind = 'class' AND h.year = c.year
  JOIN school_schoolclass k ON k.id = h.school_class_id
  JOIN people_school z ON z.id = k.school_id
 WHERE c.year = %(year)s AND c.kind = 'lesson' AND c.scale_code <> 'none'
   AND (c.school_id = ANY (%(schools)s::uuid[]) OR EXISTS (
        SELECT 1 FROM school_courseteacher t WHERE t.course_id = c.id AND t.person_id = ANY (%(persons)s::uuid[])
           AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)))
"""
_HELD = """
SELECT r.kind, r.held_on, u.name, u.id, k.id, k.grade_level, k.letter, r.scale_code, count(DISTINCT r.id),
       min(r.obtained_at), max(extract(epoch FROM coalesce(r.visible_at, %(now)s) - r.obtained_at))
  FROM journal_examresult r
  JOIN school_subject u ON u.id = r.subject_id
  JOIN school_membership m ON m.pupil_id = r.pupil_id
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class' AND g.year = r.year
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE r.year = %(year)s AND k.id = ANY (%(classes)s::uuid[])
 GROUP BY r.kind, r.held_on, u.name, u.id, u.sort_key, k.id, k.grade_level, k.letter, k.sort_key, r.scale_code
 ORDER BY r.held_on DESC, u.sort_key, k.grade_level, k.sort_key
"""
# Which grade each pupil was in each year, and what she learns this year.
_GRADES = """
SELECT DISTINCT m.pupil_id, g.year, g.grade_level
  FROM school_membership m JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
 WHERE m.pupil_id = ANY (%(pupils)s::uuid[])
"""
_LEARNT = """
SELECT DISTINCT m.pupil_id, c.subject_id
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id AND c.year = %(year)s
   AND c.kind = 'lesson' AND c.scale_code <> 'none'
 WHERE m.pupil_id = ANY (%(pupils)s::uuid[]) AND (m.until IS NULL OR m.until >= %(today)s)
"""
_NAMES = "SELECT id, name, sort_key FROM school_subject WHERE id = ANY (%(subjects)s::uuid[])"


STATE: Mapping[str, Collection[int]] = {ExamKind.OGE: {9}, ExamKind.EGE: {10, 11}}  # grades


@dataclass(frozen=True, slots=True)
class Choice:
    """A class or a subject of the form."""

    pk: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The classes, and what each learns: only these pairs have exams."""

    classes: tuple[Choice, ...]
    subjects: Mapping[UUID, tuple[Choice, ...]]  # of a class
    grades: Mapping[UUID, int]

    def chosen(self, class_id: str) -> UUID | None:
        """Return the class of that id, or the first that is offered."""
        ids = [one.pk for one in self.classes]
        return next((pk for pk in ids if str(pk) == class_id), ids[0] if ids else None)

    def offers(self, class_id: UUID, subject_id: UUID) -> bool:
        return any(one.pk == subject_id for one in self.subjects.get(class_id, ()))

    def kinds(self, class_id: UUID) -> list[tuple[str, str]]:
        """Return the kinds of exams that pupils of the grade sit."""
        grade = self.grades[class_id]
        return [
            (kind, name) for kind, name in ExamKind.choices if grade in STATE.get(kind, {grade})
        ]


@dataclass(frozen=True, slots=True)
class HeldExam:
    """An exam whose results a class has."""

    kind: str
    kind_name: str
    held_on: date
    subject: str
    subject_id: UUID
    class_id: UUID
    class_name: str
    scale: str
    results: int
    obtained_at: datetime
    hours: int  # from obtaining to opening, of the slowest result
    late: bool


@dataclass(frozen=True, slots=True)
class ExamLine:
    """A pupil of an exam's list, with her result so far."""

    member: Member
    value: str = ""
    points: str = ""
    chosen: bool = False
    stands: bool = False
    visible_at: datetime | None = None
    obtained_at: datetime | None = None
    rev: int = 0  # what the form was made over


@dataclass(frozen=True, slots=True)
class FinalCell:
    """A final mark of the certificate: what stands, and what the rules give."""

    name: str
    value: str
    proposal: Proposal

    @property
    def is_open(self) -> bool:
        """Undisputed: nothing stands yet, and the rules give a mark."""
        return not self.value and self.proposal.is_ready

    @property
    def differs(self) -> bool:
        return bool(self.value) and self.proposal.is_ready and self.value != self.proposal.value


@dataclass(frozen=True, slots=True)
class FinalsSheet:
    """Final marks of a class that finishes grade 9 or 11."""

    subjects: tuple[str, ...]
    rows: tuple[tuple[Member, tuple[FinalCell, ...]], ...]

    @property
    def proposals(self) -> dict[tuple[UUID, str], Proposal]:
        return {(one.pupil_id, c.name): c.proposal for one, cells in self.rows for c in cells}

    @property
    def undisputed(self) -> dict[tuple[UUID, str], str]:
        return {
            (one.pupil_id, c.name): c.proposal.value
            for one, cells in self.rows
            for c in cells
            if c.is_open
        }


@dataclass(frozen=True, slots=True)
class DebtLine:
    """An academic debt and its attempts."""

    debt: AcademicDebt
    class_name: str
    attempts: tuple[Attempt, ...]
    overdue: bool
    is_held: bool = False  # the appointed attempt's day has come

    @property
    def appointed(self) -> Attempt | None:
        return next((one for one in self.attempts if one.passed is None), None)

    @property
    def can_record(self) -> bool:
        return self.debt.settled_on is None and self.appointed is not None and self.is_held

    @property
    def can_appoint(self) -> bool:
        return self.debt.settled_on is None and self.appointed is None and len(self.attempts) < 2


def exam_choices(user: User, year: int, *, today: date) -> Choices:
    """Read the classes and subjects that the user may enter results for: one statement."""
    values = {
        "year": year,
        "schools": array(user.schools_with(Permission.JOURNAL_CONTROL)),
        "persons": array(user.person_ids),
        "today": today,
    }
    rows = rows_of(_CHOICES, values)
    schools = {row[4] for row in rows}
    classes = {
        (row[5], row[4], row[1], row[3], row[0]): _class_words(row, many=len(schools) > 1)
        for row in rows
    }
    subjects: dict[UUID, dict[tuple[str, UUID], str]] = defaultdict(dict)
    for row in rows:
        subjects[row[0]][row[8], row[6]] = row[7]
    return Choices(
        classes=tuple(Choice(key[-1], name) for key, name in sorted(classes.items())),
        subjects={
            class_id: tuple(Choice(key[-1], name) for key, name in sorted(own.items()))
            for class_id, own in subjects.items()
        },
        grades={row[0]: row[1] for row in rows},
    )


def _class_words(row: Sequence[Any], *, many: bool) -> str:
    name = f"{row[1]}{row[2]}"
    return f"{name}, {row[4]}" if many else name


def offered_class(choices: Choices, class_id: str) -> SchoolClass:
    """Return one of the classes that the user may enter results for. Raises Http404."""
    if class_id not in {str(one.pk) for one in choices.classes}:
        raise Http404
    return SchoolClass.objects.select_related("school").get(pk=class_id)


def exams_held(
    classes: Iterable[UUID], year: int, *, hours: int, now: datetime
) -> tuple[HeldExam, ...]:
    """Read the exams of the classes in the year; `hours`: the regulation's term. One statement."""
    values = {"classes": array(classes), "year": year, "now": now}
    return tuple(
        HeldExam(
            kind=kind,
            kind_name=ExamKind(kind).label,
            held_on=held_on,
            subject=subject,
            subject_id=subject_id,
            class_id=class_id,
            class_name=f"{grade}{letter}",
            scale=scale,
            results=count,
            obtained_at=obtained_at,
            hours=int(seconds // 3600),
            late=seconds > hours * 3600,
        )
        for kind, held_on, subject, subject_id, class_id, grade, letter, scale, count, obtained_at, seconds in (
            rows_of(_HELD, values)
        )
    )


def exam_lines(
    school_class: SchoolClass,
    subject_id: UUID,
    kind: str,
    held_on: date,
    *,
    today: date,
    only: frozenset[UUID] | None,
) -> tuple[ExamLine, ...]:
    """Return the class's list for an exam, of the pupils in `only` where it is given: three statements."""
    everybody = members_today(school_class, today=today)
    people = [one for one in everybody if only is None or one.pupil_id in only]
    stand = {
        one.pupil_id: one
        for one in ExamResult.objects.filter(
            subject=subject_id, kind=kind, held_on=held_on, pupil__in=[p.pupil_id for p in people]
        )
    }
    return tuple(_line(one, stand.get(one.pupil_id)) for one in people)


def _line(member: Member, result: ExamResult | None) -> ExamLine:
    if result is None:
        return ExamLine(member)
    points = "" if result.points is None else f"{result.points.normalize():f}"
    value = STATUS_WORDS.get(result.status, result.value)
    return ExamLine(
        member,
        value,
        points,
        result.chosen,
        stands=True,
        visible_at=result.visible_at,
        obtained_at=result.obtained_at,
        rev=result.rev,
    )


def finals_sheet(school_class: SchoolClass, *, today: date) -> FinalsSheet:
    """Return the final marks of a class with what the rules give: six statements."""
    people = members_today(school_class, today=today)
    pupils = [one.pupil_id for one in people]
    found = entries(pupils, range(school_class.year - 10, school_class.year + 1))
    values = {"pupils": array(pupils), "year": school_class.year, "today": today}
    grades = {(pupil, year): grade for pupil, year, grade in rows_of(_GRADES, values)}
    learnt: dict[UUID, set[UUID]] = defaultdict(set)
    for pupil, subject in rows_of(_LEARNT, values):
        learnt[pupil].add(subject)
    ids = {one.subject_id for one in found}.union(*learnt.values())
    rows = rows_of(_NAMES, {"subjects": array(ids)})
    names = {pk: certificate_subject(name) for pk, name, _ in rows}
    made = {
        one.pupil_id: _pupil(one.pupil_id, school_class, found, grades, learnt[one.pupil_id], names)
        for one in people
    }
    order = {names[pk]: key for pk, name, key in sorted(rows, key=lambda row: row[2], reverse=True)}
    subjects = sorted(
        {name for mine in made.values() for name in mine}, key=lambda n: (order[n], n)
    )
    nothing = Proposal("", "не изучал(а)")
    return FinalsSheet(
        subjects=tuple(subjects),
        rows=tuple(
            (
                one,
                tuple(
                    made[one.pupil_id].get(name, FinalCell(name, "", nothing)) for name in subjects
                ),
            )
            for one in people
        ),
    )


def _pupil(
    pupil: UUID,
    school_class: SchoolClass,
    found: Sequence[Entry],
    grades: dict[tuple[UUID, int], int],
    learnt: set[UUID],
    names: dict[UUID, str],
) -> dict[str, FinalCell]:
    """Return the pupil's cells by subject of the certificate."""
    mine = [one for one in found if one.pupil_id == pupil]
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for one in mine:
        by_name[names[one.subject_id]].append(one)
    least = 10 if school_class.grade_level == 11 else 5
    cells = {}
    for name in {*by_name, *(names[pk] for pk in learnt)}:
        own = [one for one in by_name[name] if grades.get((pupil, one.year), 0) >= least]
        lacking = {pk for pk in learnt if names[pk] == name} - {
            one.subject_id for one in own if one.place == YEAR and one.year == school_class.year
        }
        if own or lacking:
            final = [one for one in own if one.place == FINAL and one.year == school_class.year]
            basis = _basis(name, own, grades, school_class.year, len(lacking))
            cells[name] = FinalCell(
                name=name,
                value=final[-1].cell.text if final else "",
                proposal=propose(basis, school_class.grade_level),
            )
    return cells


def _basis(
    name: str,
    own: Sequence[Entry],
    grades: dict[tuple[UUID, int], int],
    year: int,
    lacking: int,
) -> Basis:
    annual: dict[int, list[int]] = defaultdict(list)
    periods: dict[int, list[int]] = defaultdict(list)
    words = []
    exam, chosen = None, False
    for one in own:
        grade = grades[one.pupil_id, one.year]
        if one.place == YEAR and one.cell.score is None:
            words.append(one.cell.text)
        elif one.cell.score is None or one.place == FINAL:
            continue
        elif one.place == YEAR:
            annual[grade].append(int(one.cell.score))
        elif one.place.isdecimal():
            periods[grade].append(int(one.cell.score))
        elif one.kind == ExamKind.OGE and one.year == year:
            exam, chosen = int(one.cell.score), one.chosen
    return Basis(name, annual, periods, exam, chosen, tuple(words), lacking)


def debts(user: User, *, today: date) -> tuple[DebtLine, ...]:
    """Return the debts that the user may see, the open ones first: three statements."""
    found = list(
        AcademicDebt.objects.visible_to(user)
        .select_related("pupil__person", "subject", "school")
        .prefetch_related("attempts")
        .order_by("year", "pupil__person__sort_key", "subject__sort_key", "pk")
    )
    classes = {
        (row[0], row[1]): f"{row[2]}{row[3]}"
        for row in rows_of(_CLASS_NAMES, {"pupils": array({one.pupil_id for one in found})})
    }
    lines = (
        DebtLine(
            debt=one,
            class_name=classes.get((one.pupil_id, one.year), ""),
            attempts=tuple(sorted(one.attempts.all(), key=lambda each: each.number)),
            overdue=one.settled_on is None and one.due_day < today,
            is_held=any(
                each.passed is None and each.held_on <= today for each in one.attempts.all()
            ),
        )
        for one in found
    )
    return tuple(sorted(lines, key=lambda line: line.debt.settled_on is not None))


_CLASS_NAMES = """
SELECT m.pupil_id, g.year, k.grade_level, k.letter
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE m.pupil_id = ANY (%(pupils)s::uuid[])
 ORDER BY m.since
"""


def classes_of(held: Sequence[HeldExam]) -> dict[UUID, SchoolClass]:
    """Return the classes of exams that the user may read, by id."""
    return SchoolClass.objects.in_bulk({one.class_id for one in held})
