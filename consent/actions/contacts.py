"""Registering agreed contacts."""

from datetime import date, datetime

from django.db import transaction

from common.errors import require
from consent import policy
from consent.errors import (
    ContactEnded,
    ContactKnown,
    TransferFormNotAllowed,
)
from consent.models import (
    Contact,
    ContactOrigin,
)
from people.models import Person, User
from regulation.queries import parameter


@transaction.atomic
def add_contact(
    *,
    by: User,
    person: Person,
    kind: str,
    value: str,
    origin: ContactOrigin,
    given_on: date,
    document: str = "",
    uses: tuple[str, ...] = ("digest",),
) -> Contact:
    """Write down an agreed contact. Raises TransferFormNotAllowed and ContactKnown."""
    require(policy.can_keep_contacts(by, person))
    if origin == ContactOrigin.DOCUMENT:
        forms = parameter(person.school_id, "contact_transfer_forms", day=given_on).options
        if set(forms) <= {"written"}:
            raise TransferFormNotAllowed
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    mine = Contact.objects.filter(person=person).in_use()
    if mine.filter(kind=kind, value__iexact=value).exists():
        raise ContactKnown
    return Contact.objects.create(
        school_id=person.school_id,
        person=person,
        kind=kind,
        value=value,
        origin=origin,
        document=document,
        given_on=given_on,
        uses=list(uses),
        position=mine.count() + 1,
        registered_by=by,
    )


@transaction.atomic
def verify_contact(*, by: User, contact: Contact, now: datetime) -> Contact:
    """Write down that the contact was tried and works. Raises ContactEnded."""
    require(policy.can_keep_contacts(by, contact.person))
    if contact.until is not None:
        raise ContactEnded
    contact.verified_at = now
    contact.save(update_fields=["verified_at"])
    return contact


@transaction.atomic
def end_contact(*, by: User, contact: Contact, today: date) -> Contact:
    """Stop using the contact; it stays in the register. Raises ContactEnded."""
    require(policy.can_keep_contacts(by, contact.person))
    if contact.until is not None:
        raise ContactEnded
    contact.until = max(today, contact.given_on)
    contact.save(update_fields=["until"])
    return contact
