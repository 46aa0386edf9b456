"""The table of a work's criteria: pupils, their points, and the mark that the scale makes of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from common.templatetags.words import day_month
from journal import grading, policy
from journal.models import Absence, AbsenceCode, Criterion, CriterionPoints, Mark, Scale, Work
from journal.queries.facts import CourseFacts, own_pupils
from people.models import Person, User
from people.naming import told_apart
from school.models import Course, Membership


@dataclass(frozen=True, slots=True)
class CriterionHead:
    criterion_id: UUID
    number: int
    name: str
    maximum: int


@dataclass(frozen=True, slots=True)
class Point:
    place: str  # the criterion and the pupil, in the names of fields
    label: str
    short: str
    value: str
    maximum: int


@dataclass(frozen=True, slots=True)
class CriteriaRow:
    pupil_id: UUID
    number: int
    name: str
    points: tuple[Point, ...]
    total: str  # «14 из 20»
    percent: str
    proposed: str
    stands: str  # the whole cell
    rev: int
    wanted: str  # the cell with the proposed mark; empty: nothing to write


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    course_id: UUID
    work_id: UUID
    lesson_id: UUID
    title: str  # «Алгебра, 7А»
    work: str  # «Контрольная работа «Дроби», 18 ноября»
    criteria: tuple[CriterionHead, ...]
    rows: tuple[CriteriaRow, ...]
    maximum: int
    converts: tuple[tuple[str, str], ...]  # («5», «от 90 %»), the best first
    can_edit: bool


def criteria_page(user: User, course: CourseFacts, work: Work) -> CriteriaPage:
    """Read the work's table for the user. The work is of a lesson of the course."""
    lesson = work.lesson
    heads = tuple(
        CriterionHead(row.pk, row.number, row.name, row.maximum)
        for row in Criterion.objects.filter(work=work).order_by("number")
    )
    by_points = _by_points(course, lesson.day)
    holds = policy.may_hold(course.who, str(lesson.sitting.teacher_id))
    shut = policy.record_closed(
        status=lesson.status,
        year_closed=course.year_closed,
        span=policy.period_of(course.periods, lesson.day),
    )
    title = f" «{work.title}»" if work.title else ""
    return CriteriaPage(
        course_id=course.course_id,
        work_id=work.pk,
        lesson_id=lesson.pk,
        title=course.title,
        work=f"{work.kind.name}{title}, {day_month(lesson.day)}",
        criteria=heads,
        rows=tuple(_rows(course, work, heads, by_points, only=own_pupils(user, course))),
        maximum=sum(head.maximum for head in heads),
        converts=tuple(
            (mark, f"от {least:g} %")
            for mark, least in sorted(by_points.items(), key=lambda pair: -pair[1])
        ),
        can_edit=holds and shut is None,
    )


def _rows(
    course: CourseFacts,
    work: Work,
    heads: Sequence[CriterionHead],
    by_points: Mapping[str, float],
    *,
    only: frozenset[UUID] | None,
) -> Iterator[CriteriaRow]:
    """Yield the pupils of the group on the lesson's day, of whom `only` some may be seen."""
    points = CriterionPoints.objects.filter(criterion__work=work)
    given = {(row.criterion_id, row.pupil_id): row.points for row in points}
    everybody = _members(course, work.lesson.day)
    members = [person for person in everybody if only is None or person.pk in only]
    names = told_apart([(p.last_name, p.first_name, p.middle_name) for p in members])
    cells = _cells(course.year, work.lesson_id)
    most = sum(head.maximum for head in heads)
    for number, (person, (name, _)) in enumerate(zip(members, names, strict=True), start=1):
        own = [given.get((head.criterion_id, person.pk)) for head in heads]
        text, rev = cells.get(person.pk, (grading.NOTHING, 0))
        total = sum(point or 0 for point in own)
        is_full = bool(heads) and None not in own
        proposed = mark_for(total, most, by_points) if is_full else ""
        wanted = str(with_mark(text, proposed, work.number)) if proposed else ""
        yield CriteriaRow(
            pupil_id=person.pk,
            number=number,
            name=name,
            points=tuple(
                _point(head, person, name, point) for head, point in zip(heads, own, strict=True)
            ),
            total=f"{total} из {most}" if any(point is not None for point in own) else "",
            percent=f"{total * 100 // most} %" if is_full else "",
            proposed=proposed,
            stands=str(text),
            rev=rev,
            wanted="" if wanted == str(text) else wanted,
        )


def _point(head: CriterionHead, person: Person, name: str, point: int | None) -> Point:
    return Point(
        place=f"{head.criterion_id}_{person.pk}",
        label=f"{name}: {head.name}, не больше {head.maximum}",
        short=f"{head.name}, до {head.maximum}",
        value="" if point is None else str(point),
        maximum=head.maximum,
    )


def mark_for(total: int, most: int, by_points: Mapping[str, float]) -> str:
    """Return the best mark whose least per cent of points is reached, or nothing."""
    reached = [
        (least, mark) for mark, least in by_points.items() if most and total * 100 >= least * most
    ]
    return max(reached)[1] if reached else ""


def with_mark(text: grading.CellText, mark: str, number: int) -> grading.CellText:
    """Return the cell with a mark for its first work, or its second: what stands there gives way."""
    chains = grading.chains(text)
    if number > len(chains):
        return grading.CellText(text.absence, (*text.marks, mark), text.retakes)
    last = chains[number - 1][-1]
    marks = tuple(mark if place == last else one for place, one in enumerate(text.marks, start=1))
    return grading.CellText(text.absence, marks, text.retakes)


def _by_points(course: CourseFacts, day: date) -> Mapping[str, float]:
    code = Course.objects.values_list("scale_code", flat=True).get(pk=course.course_id)
    scale = Scale.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        school=course.school_id,
        code=code,
        since__lte=day,
    ).first()
    stored = scale.by_points if scale else {}
    return {mark: float(least) for mark, least in stored.items()}


def _members(course: CourseFacts, day: date) -> list[Person]:
    spans = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), group=course.group_id, since__lte=day
    )
    found = spans.select_related("pupil__person").order_by("pupil__person__sort_key", "pupil")
    return list({span.pupil_id: span.pupil.person for span in found}.values())


def _cells(year: int, lesson_id: UUID) -> dict[UUID, tuple[grading.CellText, int]]:
    marks: dict[UUID, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(year=year, lesson=lesson_id).order_by("position"):
        marks[mark.pupil_id].append(mark)
    absent = {a.pupil_id: a for a in Absence.objects.filter(year=year, lesson=lesson_id)}
    return {pupil: _cell(marks.get(pupil, []), absent.get(pupil)) for pupil in {*marks, *absent}}


def _cell(marks: list[Mark], absence: Absence | None) -> tuple[grading.CellText, int]:
    text = grading.CellText(
        str(AbsenceCode(absence.code).label) if absence else "",
        tuple(mark.value for mark in marks),
        frozenset(place for place, mark in enumerate(marks, start=1) if mark.retake),
    )
    return text, sum(mark.rev for mark in marks) + (absence.rev if absence else 0)
