"""Who comes back: what was closed opens again by the consents, what was destroyed stays so."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from access.actions.removal import enrolled, finish, under_way
from access.models import Removal, RemovalState
from consent.actions import reopen
from people.models import Guardianship, RoleAssignment, School
from people.roles import Role
from people.scope import because

REASON = "обучение продолжено"


def returned(school: School, today: date) -> Iterable[UUID]:
    """Removals under way whose pupil learns here again."""
    back = enrolled(today).filter(pupil=OuterRef("pupil"))
    return under_way(school).filter(Exists(back)).values_list("pk", flat=True)


@transaction.atomic
def cancel(*, removal_id: UUID, now: datetime) -> bool:
    """The pupil came back before the account went: open the access again by the consents."""
    removal = (
        Removal.objects.select_for_update(of=("self",)).select_related("school").get(pk=removal_id)
    )
    if removal.state not in {RemovalState.PLANNED, RemovalState.CLOSED}:
        return False
    with because(REASON):
        reopen(pupil_id=removal.pupil_id, today=removal.school.local_date(now))
        finish(removal, RemovalState.CANCELLED, now)
    return True


def returned_late(school: School, today: date) -> Iterable[UUID]:
    """Removals that are over and whose pupil learns here again: a coming year waits for its first day."""
    back = enrolled(today).filter(pupil=OuterRef("pupil"), since__lte=today)
    over = Removal.objects.filter(
        Exists(back),
        school=school,
        state__in=[RemovalState.REMOVED, RemovalState.KEPT],
        returned_at__isnull=True,
    )
    return over.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def give_back(*, removal_id: UUID, now: datetime) -> bool:
    """Give the role and the access back; login and contacts are gone and are given anew by the school."""
    removal = (
        Removal.objects.select_for_update(of=("self",)).select_related("school").get(pk=removal_id)
    )
    if removal.returned_at is not None:
        return False
    today = removal.school.local_date(now)
    is_pupil = removal.person_id == removal.pupil_id
    ties = Guardianship.objects.filter(guardian=removal.person_id, pupil=removal.pupil_id)
    with because(REASON):
        if is_pupil or ties.in_force(today).exists():
            _give_role(removal, Role.PUPIL if is_pupil else Role.GUARDIAN, today)
        reopen(pupil_id=removal.pupil_id, today=today)
        removal.returned_at = now
        removal.save(update_fields=["returned_at"])
    return True


def _give_role(removal: Removal, role: Role, today: date) -> None:
    """Give the role back unless she holds it or will: the school may have given it ahead."""
    unended = Q(until__isnull=True) | Q(until__gte=today)
    held = RoleAssignment.objects.filter(unended, person=removal.person_id, role=role)
    if not held.exists():
        RoleAssignment.objects.create(
            school_id=removal.school_id, person_id=removal.person_id, role=role, since=today
        )
