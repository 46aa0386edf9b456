"""Results of a reporting period: set, corrected after sign-off with a reason, signed off."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from common.errors import require
from journal import policy
from journal.errors import (
    AlreadySigned,
    NotOnRoster,
    OutsideScale,
    ReasonRequired,
    ResultsMissing,
    StaleCell,
    YearClosed,
)
from journal.events import final_published, period_signed
from journal.models import PeriodMark, ResultStatus, SignOff
from journal.queries import CourseFacts
from people.models import Pupil, User
from people.scope import because
from school.models import Membership
from school.models.structure import MembershipQuerySet

STATUSES = {"н/а": ResultStatus.NOT_ASSESSED, "осв": ResultStatus.EXEMPT}


@transaction.atomic
def set_period_mark(
    *,
    by: User,
    course: CourseFacts,
    period_id: UUID,
    pupil: Pupil,
    value: str,
    now: datetime,
    rev: int = 0,
    reason: str = "",
) -> PeriodMark:
    """Set or change a pupil's result of a period; families see it at once (T6, S7, G2.8).

    `rev` is the revision that the user saw, 0 where there was no result. After sign-off only a
    deputy head or the head changes it, and says why. Raises Forbidden, ReasonRequired,
    NotOnRoster, OutsideScale, StaleCell, YearClosed.
    """
    span = _span(course, period_id)
    corrects = policy.may_correct_results(by, course.school_id)
    require(corrects if span.signed else course.who.keeps and course.who.teaches)
    if course.year_closed:
        raise YearClosed
    if span.signed and not reason.strip():
        raise ReasonRequired
    if not _members(course, span).filter(pupil=pupil).exists():
        raise NotOnRoster("Ученик не учился в этой группе в этом периоде.")
    status, score = _read(course, span, value)
    result = _locked(course, period_id, pupil)
    if result.rev != rev:
        raise StaleCell
    result.status, result.score = status, score
    result.value = value if status == ResultStatus.MARK else ""
    result.set_by, result.set_at, result.rev = by, now, rev + 1
    result.obtained_at = result.visible_at = now
    with because(reason.strip()):
        _save(result)
    final_published.send(sender=PeriodMark, result=result, by=by, now=now)
    return result


def _span(course: CourseFacts, period_id: UUID) -> policy.Span:
    span = next((p for p in course.periods if p.period_id == str(period_id)), None)
    if span is None:
        raise NotOnRoster("У этого курса нет такого периода.")
    return span


def _members(course: CourseFacts, span: policy.Span) -> MembershipQuerySet:
    return Membership.objects.filter(group=course.group_id).during(span.starts, span.ends)


def _read(course: CourseFacts, span: policy.Span, value: str) -> tuple[str, Decimal | None]:
    if value in STATUSES:
        return STATUSES[value], None
    scale = course.values_on(span.ends)
    if value not in scale:
        raise OutsideScale(value)
    score = scale[value]
    return ResultStatus.MARK, None if score is None else Decimal(str(score))


def _locked(course: CourseFacts, period_id: UUID, pupil: Pupil) -> PeriodMark:
    known = PeriodMark.objects.select_for_update().filter(
        course=course.course_id, period=period_id, pupil=pupil
    )
    return known.first() or PeriodMark(
        school_id=course.school_id,
        year=course.year,
        course_id=course.course_id,
        period_id=period_id,
        pupil=pupil,
        rev=0,
    )


def _save(result: PeriodMark) -> None:
    """Save; of two first results for one pupil the second is stale."""
    try:
        with transaction.atomic():
            result.save()
    except IntegrityError as error:
        if "journal_periodmark_once" not in str(error):
            raise
        raise StaleCell from error


@transaction.atomic
def sign_off(*, by: User, course: CourseFacts, period_id: UUID, now: datetime) -> SignOff:
    """Close the period of a course. Raises ResultsMissing while a pupil has no result (T5a), AlreadySigned."""
    require(course.who.keeps and course.who.teaches)
    span = _span(course, period_id)
    if course.year_closed:
        raise YearClosed
    if span.signed:
        raise AlreadySigned
    rated = PeriodMark.objects.filter(course=course.course_id, period=period_id).values("pupil")
    at_the_end = Q(until__isnull=True) | Q(until__gte=min(span.ends, now.date()))
    lacking = _members(course, span).filter(at_the_end).exclude(pupil__in=rated)
    names = [
        str(m.pupil.person.short_name)
        for m in lacking.select_related("pupil__person").order_by("pupil__person__sort_key", "pk")
    ]
    if names:
        raise ResultsMissing(names)
    sign, made = SignOff.objects.get_or_create(
        course_id=course.course_id,
        period_id=period_id,
        defaults={"school_id": course.school_id, "signed_by": by, "signed_at": now},
    )
    if not made:
        raise AlreadySigned
    period_signed.send(sender=SignOff, sign_off=sign, by=by, now=now)
    return sign
