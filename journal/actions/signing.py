"""Sign-off of a period or a year: by the teacher, then by the deputy head, or back with a word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from common.errors import require
from journal.actions.finals import local_day, locked
from journal.closing import Chosen, Closing, ClosingCourse
from journal.errors import AlreadySigned, NotSigned, ReasonRequired, ResultsMissing, YearClosed
from journal.events import period_signed
from journal.models import SignOff
from journal.queries.proposals import closing
from people.models import User
from people.scope import because

# In the order of saves of cells: what they write is in before the period closes, what comes after is refused.
_HOLD_LESSONS = """
SELECT id FROM school_lesson WHERE course_id = %s AND day BETWEEN %s AND %s ORDER BY id FOR NO KEY UPDATE
"""


@transaction.atomic
def sign_off(*, by: User, chosen: Chosen, now: datetime) -> SignOff:
    """Close a course's period or year. Raises ResultsMissing while a pupil has no result (T5a), AlreadySigned."""
    course, found = _the_course(by, chosen, now)
    require(course.teaches)
    if course.year_closed:
        raise YearClosed
    if course.signed:
        raise AlreadySigned
    if names := _lacking(found, course):
        raise ResultsMissing(names)
    if not course.span.is_year:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD_LESSONS, [course.course_id, course.span.starts, course.span.ends])
    # Nobody signs it beside us: the course is locked.
    sign = SignOff.objects.create(
        school_id=UUID(course.school_id), course_id=UUID(course.course_id), period_id=_period(course),
        signed_by=by, signed_at=now,
    )  # fmt: skip
    period_signed.send(sender=SignOff, sign_off=sign, by=by, now=now)
    return sign


def _the_course(by: User, chosen: Chosen, now: datetime) -> tuple[ClosingCourse, Closing]:
    found = locked(by, chosen, [str(chosen.course_id)], now)
    require(bool(found.courses))
    return found.courses[0], found


def _period(course: ClosingCourse) -> UUID | None:
    return None if course.span.is_year else UUID(course.span.period_id)


def _lacking(found: Closing, course: ClosingCourse) -> list[str]:
    missing = {p.pupil_id for p in found.of_course(course.course_id) if p.is_missing}
    return [
        " ".join([pupil.last, *(f"{name[0]}." for name in (pupil.first, pupil.middle) if name)])
        for pupil in found.pupils
        if pupil.pupil_id in missing
    ]


@transaction.atomic
def approve(*, by: User, chosen: Chosen, now: datetime) -> int:
    """Approve what teachers have signed, of a course or a class; return how many courses.

    Raises Forbidden, NotSigned where nothing waits for approval.
    """
    found = closing(by, chosen, today=local_day(by, now))
    mine = [course for course in found.courses if course.corrects]
    require(bool(mine))
    approved = sum(_approve(course, by=by, now=now) for course in _waiting(mine))
    if not approved:
        raise NotSigned
    return approved


def _waiting(courses: Sequence[ClosingCourse]) -> list[ClosingCourse]:
    return [course for course in courses if course.signed and not course.signed.approved_at]


def _approve(course: ClosingCourse, *, by: User, now: datetime) -> int:
    return SignOff.objects.filter(
        course=UUID(course.course_id), period=_period(course), approved_at__isnull=True
    ).update(approved_by=by, approved_at=now)


@transaction.atomic
def send_back(*, by: User, chosen: Chosen, reason: str, now: datetime) -> None:
    """Take a sign-off back, with a word: the heads any, the teacher her own until it is approved.

    Raises Forbidden, NotSigned, ReasonRequired.
    """
    course, _ = _the_course(by, chosen, now)
    approved = course.signed is not None and course.signed.approved_at is not None
    require(course.corrects or (course.teaches and not approved))
    if course.year_closed:
        raise YearClosed
    if not course.signed:
        raise NotSigned
    if not reason.strip():
        raise ReasonRequired("Напишите, что исправить: учитель увидит это у себя.")
    with because(reason.strip()[:300]):
        SignOff.objects.filter(course=UUID(course.course_id), period=_period(course)).delete()
