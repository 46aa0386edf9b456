"""A work is judged by criteria: their points make a proposal, the teacher makes the mark."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from journal import policy
from journal.errors import BrokenRecord, LessonGone, NotYourLesson
from journal.models import Criterion, CriterionPoints, Work
from journal.queries import CourseFacts
from journal.queries.cells import LockedLesson, lock_lessons
from people.models import User

MOST = 20  # criteria of one work
HIGHEST = 1000


@transaction.atomic
def set_criteria(
    *,
    by: User,
    course: CourseFacts,
    work: Work,
    rows: Sequence[tuple[str, int]],
    now: datetime,
) -> None:
    """Write the criteria of a work, in order: (name, most points). A criterion that goes takes its points.

    Raises NotYourLesson, what closes the lesson's record, BrokenRecord for points given above a maximum.
    """
    _own(course, work)
    if len(rows) > MOST:
        raise BrokenRecord(f"Критериев не больше {MOST}.", field="criteria")
    known = {row.number: row for row in Criterion.objects.filter(work=work)}
    for number, (name, maximum) in enumerate(rows, start=1):
        if not 1 <= maximum <= HIGHEST:
            raise BrokenRecord(f"Баллов за критерий — от 1 до {HIGHEST}.", field="criteria")
        row = known.pop(number, None) or Criterion(
            school_id=course.school_id, work=work, number=number
        )
        given = CriterionPoints.objects.filter(criterion=row.pk, points__gt=maximum)
        if given.exists():
            raise BrokenRecord(
                f"По критерию «{name}» уже стоит больше {maximum}.", field="criteria"
            )
        if (row.name, row.maximum) != (name, maximum):
            row.name, row.maximum = name[:200], maximum
            row.save()
    for row in known.values():
        row.delete()


@transaction.atomic
def set_points(
    *,
    by: User,
    course: CourseFacts,
    work: Work,
    points: Mapping[tuple[UUID, UUID], int | None],
    now: datetime,
) -> int:
    """Write points, by criterion and pupil; None takes them back. Return how many changed.

    Raises BrokenRecord for more points than a criterion gives.
    """
    _own(course, work)
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


def _own(course: CourseFacts, work: Work) -> LockedLesson:
    """Lock the lesson of the work; it is the user's, and its period is open."""
    require(course.who.keeps)
    lesson = lock_lessons(course, [str(work.lesson_id)]).get(str(work.lesson_id))
    if lesson is None:
        raise LessonGone
    if not policy.may_hold(course.who, lesson.teacher):
        raise NotYourLesson
    shut = policy.record_closed(
        status=lesson.status,
        year_closed=course.year_closed,
        span=policy.period_of(course.periods, lesson.day),
    )
    if shut is not None:
        raise shut
    return lesson
