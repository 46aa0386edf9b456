"""A work is judged by criteria: their points make a proposal, the teacher makes the mark."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from journal.actions.held import own_lesson
from journal.errors import BrokenRecord, CriteriaChanged, NotOnRoster
from journal.models import Criterion, CriterionPoints, Work
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson
from people.models import User
from school.models import Membership

MOST = 20  # criteria of one work
HIGHEST = 1000

Place = tuple[UUID, UUID]  # criterion, pupil


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion as the form has it: a known one by its id; without a name it goes."""

    criterion_id: UUID | None
    name: str
    maximum: int = 0


@transaction.atomic
def set_criteria(
    *,
    by: User,
    course: CourseFacts,
    work: Work,
    rows: Sequence[CriterionRow],
    now: datetime,
) -> None:
    """Write the criteria of a work. One that goes takes its points, what the form does not name stays.

    Raises NotYourLesson, what closes the lesson's record, CriteriaChanged for a criterion that another
    took away, BrokenRecord for points given above a maximum.
    """
    require(course.who.keeps)
    own_lesson(course, work.lesson_id)
    known = {row.pk: row for row in Criterion.objects.filter(work=work).order_by("number")}
    sent = {row.criterion_id: row for row in rows if row.criterion_id is not None}
    if sent.keys() - known.keys():
        raise CriteriaChanged
    for gone in [pk for pk, row in sent.items() if not row.name]:
        known.pop(gone).delete()
    new = [row for row in rows if row.criterion_id is None and row.name]
    if len(known) + len(new) > MOST:
        raise BrokenRecord(f"Критериев не больше {MOST}.", field="criteria")
    kept = [*known.values(), *(Criterion(school_id=course.school_id, work=work) for _ in new)]
    added = dict(zip([row.pk for row in kept[len(known) :]], new, strict=True))
    for number, one in enumerate(kept, start=1):
        _write(one, sent.get(one.pk) or added.get(one.pk), number)


def _write(row: Criterion, wanted: CriterionRow | None, number: int) -> None:
    """Write what changed of a criterion; in their order the numbers only fall, so none meets another."""
    stood = (row.name, row.maximum, row.number)
    row.number = number
    if wanted is not None:
        if not 1 <= wanted.maximum <= HIGHEST:
            raise BrokenRecord(f"Баллов за критерий — от 1 до {HIGHEST}.", field="criteria")
        if CriterionPoints.objects.filter(criterion=row.pk, points__gt=wanted.maximum).exists():
            raise BrokenRecord(
                f"По критерию «{wanted.name}» уже стоит больше {wanted.maximum}.", field="criteria"
            )
        row.name, row.maximum = wanted.name[:200], wanted.maximum
    if stood != (row.name, row.maximum, row.number):
        row.save()


@transaction.atomic
def set_points(
    *,
    by: User,
    course: CourseFacts,
    work: Work,
    points: Mapping[Place, int | None],
    now: datetime,
    seen: Mapping[Place, int | None] | None = None,
) -> int:
    """Write points, by criterion and pupil; None takes them back. Return how many changed.

    `seen` is what stood in the form. Raises CriteriaChanged where others wrote something else since,
    NotOnRoster, BrokenRecord for more points than a criterion gives.
    """
    require(course.who.keeps)
    lesson = own_lesson(course, work.lesson_id)
    _require_there(
        course, lesson, {pupil for (_, pupil), value in points.items() if value is not None}
    )
    criteria = {row.pk: row for row in Criterion.objects.filter(work=work)}
    stand = {
        (row.criterion_id, row.pupil_id): row
        for row in CriterionPoints.objects.filter(criterion__work=work)
    }
    new, changed, gone = [], [], []
    for key, value in points.items():
        row = stand.get(key)
        if key[0] not in criteria or value == (row.points if row else None):
            continue
        if seen is not None and key in seen and seen[key] != (row.points if row else None):
            raise CriteriaChanged
        criterion = criteria[key[0]]
        if value is not None and not 0 <= value <= criterion.maximum:
            raise BrokenRecord(
                f"По критерию «{criterion.name}» — от 0 до {criterion.maximum}.", field="points"
            )
        if value is None and row is not None:
            gone.append(row.pk)
        elif row is not None and value is not None:
            row.points, row.set_by, row.set_at = value, by, now
            changed.append(row)
        elif value is not None:
            new.append(
                CriterionPoints(
                    school_id=course.school_id, criterion_id=key[0], pupil_id=key[1], points=value,
                    set_by=by, set_at=now,
                )
            )  # fmt: skip
    CriterionPoints.objects.filter(pk__in=gone).delete()
    CriterionPoints.objects.bulk_update(changed, ["points", "set_by", "set_at"])
    CriterionPoints.objects.bulk_create(new)
    return len(new) + len(changed) + len(gone)


def _require_there(course: CourseFacts, lesson: LockedLesson, pupils: Collection[UUID]) -> None:
    """Raise unless the pupils were in the group on the lesson's day."""
    there = Membership.objects.in_force(lesson.day).filter(group=course.group_id, pupil__in=pupils)
    if len(set(there.values_list("pupil", flat=True))) < len(pupils):
        raise NotOnRoster
