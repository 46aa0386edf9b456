"""The contact that is kept for the results of examinations, and its end."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from access import policy
from access.actions.destruction import Gone, write_act
from access.errors import ContactNotAgreed, RemovalOver, ResultsTermOutside
from access.models import ActPart, Removal, RemovalState
from common.errors import require
from consent.actions.forgetting import FORGOTTEN, forget_contact
from consent.models import Contact
from people.models import School, User
from people.scope import because

REASON = "результаты экзаменов сообщены"


@transaction.atomic
def keep_for_results(
    *, by: User, removal: Removal, contact: Contact, until: date, now: datetime
) -> Removal:
    """Keep one agreed contact past the removal, so that results of examinations reach the family.

    Raises RemovalOver once the account is gone, ContactNotAgreed and ResultsTermOutside.
    """
    require(policy.can_keep_for_results(by, removal))
    removal = (
        Removal.objects.select_for_update(of=("self",)).select_related("school").get(pk=removal.pk)
    )
    if removal.state != RemovalState.CLOSED:
        raise RemovalOver
    if contact.person_id != removal.person_id or contact.until is not None:
        raise ContactNotAgreed
    first, last = removal.school.local_date(now), last_day(removal.schooling_ended_on)
    if not first <= until <= last:
        raise ResultsTermOutside(first, last)
    removal.results_contact, removal.results_until = contact, until
    removal.save(update_fields=["results_contact", "results_until"])
    return removal


def last_day(ended_on: date) -> date:
    """Return the end of the year's examinations: the September of additional terms is over."""
    year = ended_on.year + (ended_on.month > 9)
    return date(year, 10, 31)


def results_over(school: School, today: date) -> Iterable[UUID]:
    """Removals whose kept contact has served its purpose."""
    kept = Removal.objects.filter(
        school=school, state=RemovalState.REMOVED, results_until__lt=today
    )
    longer = (
        Removal.objects.filter(  # another child's results are still awaited by the same contact
            results_contact=OuterRef("results_contact"),
            state__in=[RemovalState.CLOSED, RemovalState.REMOVED],
            results_until__gte=today,
        )
    )
    left = kept.exclude(results_contact__value=FORGOTTEN).exclude(Exists(longer))
    return left.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def forget_results_contact(*, removal_id: UUID, now: datetime) -> bool:
    """Destroy the kept contact and write the act about it."""
    removals = Removal.objects.select_for_update(of=("self",))
    removal = removals.select_related("person", "school", "results_contact").get(pk=removal_id)
    contact = removal.results_contact
    if contact is None or contact.value == FORGOTTEN:
        return False
    with because(REASON):
        forget_contact(contact=contact)
        gone = [Gone(name="Контакт, оставленный для результатов экзаменов", rows=1)]
        write_act(removal=removal, part=ActPart.CONTACT, gone=gone, by=None, now=now)
    return True
