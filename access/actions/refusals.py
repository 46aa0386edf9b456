"""Refusing the service to somebody who is neither a guardian nor a pupil (G2.3)."""

from datetime import date, datetime

from django.db import transaction

from access import policy
from access.errors import AnsweredAlready, NotYetApplied
from access.models import ServiceRefusal
from common.errors import require
from people.models import School, User


@transaction.atomic
def refuse_service(
    *, by: User, school: School, applicant: str, applied_on: date, ground: str, now: datetime
) -> ServiceRefusal:
    """Write down who was refused and on what ground. Raises NotYetApplied for a day to come."""
    require(policy.can_refuse_service(by, school.pk))
    if applied_on > school.local_date(now):
        raise NotYetApplied
    return ServiceRefusal.objects.create(
        school=school, applicant=applicant, applied_on=applied_on, ground=ground
    )


@transaction.atomic
def answer(*, by: User, refusal: ServiceRefusal, now: datetime) -> ServiceRefusal:
    """Write down that the applicant got the answer. Raises AnsweredAlready."""
    require(policy.can_refuse_service(by, refusal.school_id))
    refusal = ServiceRefusal.objects.select_for_update(of=("self",)).get(pk=refusal.pk)
    if refusal.answered_at is not None:
        raise AnsweredAlready
    refusal.answered_by, refusal.answered_at = by, now
    refusal.save(update_fields=["answered_by", "answered_at"])
    return refusal
