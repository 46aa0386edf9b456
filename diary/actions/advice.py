"""Teachers' recommendations to pupils (T2c), and «Прочитано»."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from common.errors import Forbidden, require
from diary import policy_words as policy
from diary.actions.words import READ_RECOMMENDATION, mark_read
from diary.errors_words import AlreadyWithdrawn, BrokenWords
from diary.models import Recommendation
from diary.policy import can_answer
from people.models import User
from school.models import Course, Membership

LONGEST = 2000


@transaction.atomic
def recommend(
    *, by: User, course: Course, pupils: Collection[UUID], text: str, now: datetime
) -> UUID:
    """Write one recommendation to pupils of the course's group; return what is common to them.

    Raises Forbidden, BrokenWords.
    """
    require(policy.can_recommend(by, course))
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise BrokenWords("Напишите рекомендацию.", field="text")
    if len(said) > LONGEST:
        raise BrokenWords(f"Не длиннее {LONGEST} знаков.", field="text")
    if not pupils:
        raise BrokenWords("Отметьте, кому адресована рекомендация.", field="pupils")
    today = course.school.local_date(now)
    there = Membership.objects.filter(group=course.group_id, pupil__in=pupils).in_force(today)
    if {seat.pupil_id for seat in there} != set(pupils):
        raise BrokenWords("Среди отмеченных есть ученики другой группы.", field="pupils")
    taught = (
        course.teachers.filter(person__in=by.person_ids).in_force(today).order_by("since", "pk")
    )
    author, batch = taught[0].person_id, uuid4()
    Recommendation.objects.bulk_create(
        Recommendation(
            school_id=course.school_id, pupil_id=pupil, subject_id=course.subject_id, batch=batch, text=said,
            author_id=author, given_by=by, given_at=now,
        )
        for pupil in sorted(set(pupils), key=str)
    )  # fmt: skip
    return batch


@transaction.atomic
def take_back(*, by: User, batch: UUID, now: datetime) -> None:
    """Withdraw a recommendation from everybody it was written to; the rows and who read them stay.

    Raises Forbidden, AlreadyWithdrawn.
    """
    rows = list(Recommendation.objects.select_for_update(no_key=True).filter(batch=batch))
    require(bool(rows) and all(policy.can_take_back(by, row) for row in rows))
    if all(row.withdrawn_at for row in rows):
        raise AlreadyWithdrawn
    Recommendation.objects.filter(batch=batch, withdrawn_at__isnull=True).update(withdrawn_at=now)


def read_recommendation(*, by: User, recommendation: Recommendation, now: datetime) -> None:
    """Record the family's «Прочитано»: the first press counts. Raises Forbidden, AlreadyWithdrawn."""
    require(can_answer(by, recommendation.pupil))
    if recommendation.withdrawn_at:
        raise AlreadyWithdrawn
    if by.person_in(recommendation.school_id) is None:
        raise Forbidden
    mark_read(READ_RECOMMENDATION, recommendation.school_id, recommendation.pk, by=by, now=now)
