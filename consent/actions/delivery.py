"""Registering in which form a family wants the information."""

from datetime import date, datetime

from django.db import transaction

from common.errors import require
from consent import policy
from consent.actions.decisions import check_signer
from consent.errors import (
    DecidedInFuture,
    SubstituteNotAllowed,
)
from consent.models import (
    DeliveryDeclaration,
    DeliveryForm,
)
from people.models import Person, Pupil, User
from regulation.queries import parameter


@transaction.atomic
def declare_delivery(
    *,
    by: User,
    guardian: Person,
    pupil: Pupil,
    form: DeliveryForm,
    declared_on: date,
    now: datetime,
    substitute: str = "",
    ground: str = "",
) -> DeliveryDeclaration:
    """Write down in which form a guardian wants the information (K1a, G2.6a, S5a).

    Raises NotARepresentative, DecidedInFuture, and SubstituteNotAllowed by the regulation.
    """
    require(policy.can_register(by, pupil.school_id, pupil.pk))
    today = pupil.school.local_date(now)
    if declared_on > today:
        raise DecidedInFuture
    check_signer(guardian, pupil, today)
    if form == DeliveryForm.SUBSTITUTE:
        allowed = parameter(pupil.school_id, "paper_substitutes", day=declared_on).options
        if substitute not in allowed:
            raise SubstituteNotAllowed
    return DeliveryDeclaration.objects.create(
        school_id=pupil.school_id,
        guardian=guardian,
        pupil=pupil,
        form=form,
        substitute=substitute if form == DeliveryForm.SUBSTITUTE else "",
        ground=ground,
        declared_on=declared_on,
        registered_by=by,
        registered_at=now,
    )
