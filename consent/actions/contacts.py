"""Agreed contacts: written down by the school or by their holder, ordered, ended."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from common.errors import require
from consent import policy
from consent.errors import (
    ContactEnded,
    ContactGivenLater,
    ContactKnown,
    ContactVerified,
    SmsNotApplied,
    TooManyContacts,
    TransferFormNotAllowed,
    UseNotForKind,
    WrittenContactsOnly,
)
from consent.models import (
    SMS,
    USES,
    Application,
    Contact,
    ContactKind,
    ContactOrigin,
    Use,
    Verification,
)
from consent.queries.contacts import accepts_own_contacts
from people.models import Person, User
from regulation.queries import parameter

MOST = 12  # of one person at a time


@transaction.atomic
def add_contact(
    *,
    by: User,
    person: Person,
    kind: str,
    value: str,
    origin: ContactOrigin,
    given_on: date,
    messenger: str = "",
    document: str = "",
    uses: Collection[str] = (),
) -> Contact:
    """Write down a contact: the school what was handed over, the holder her own.

    Raises TransferFormNotAllowed and WrittenContactsOnly by the school's regulation, ContactGivenLater,
    ContactKnown, TooManyContacts, UseNotForKind and SmsNotApplied.
    """
    own = origin == ContactOrigin.SELF
    allowed = policy.can_keep_own_contacts if own else policy.can_keep_contacts
    require(allowed(by, person))
    _check_transfer(person, origin, given_on)
    if given_on > by.today:
        raise ContactGivenLater
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    mine = Contact.objects.filter(person=person).in_use()
    if mine.filter(kind=kind, messenger=messenger, value__iexact=value).exists():
        raise ContactKnown
    count = mine.count()
    if count >= MOST:
        raise TooManyContacts
    _check_uses(person, kind, uses)
    return Contact.objects.create(
        school_id=person.school_id,
        person=person,
        kind=kind,
        messenger=messenger,
        value=value,
        origin=origin,
        document=document,
        given_on=given_on,
        uses=_in_order(uses),
        position=count + 1,
        registered_by=by,
    )


def _check_transfer(person: Person, origin: ContactOrigin, day: date) -> None:
    if origin == ContactOrigin.SELF and not accepts_own_contacts(person.school_id, day):
        raise WrittenContactsOnly
    if origin == ContactOrigin.DOCUMENT:
        forms = parameter(person.school_id, "contact_transfer_forms", day=day).options
        if set(forms) <= {"written"}:
            raise TransferFormNotAllowed


def _check_uses(person: Person, kind: str, uses: Collection[str]) -> None:
    if not set(uses) <= set(USES[ContactKind(kind)]):
        raise UseNotForKind
    applied = Application.objects.filter(person=person, service=SMS, until__isnull=True)
    if Use.SMS in uses and not applied.exists():
        raise SmsNotApplied


def _in_order(uses: Collection[str]) -> list[str]:
    return [use.value for use in Use if use in uses]


@transaction.atomic
def choose_uses(*, by: User, contact: Contact, uses: Collection[str]) -> Contact:
    """Set what the contact serves for. Raises ContactEnded, UseNotForKind and SmsNotApplied."""
    require(policy.can_manage_contact(by, contact))
    contact = _locked(contact)
    _check_uses(contact.person, contact.kind, uses)
    contact.uses = _in_order(uses)
    contact.save(update_fields=["uses"])
    return contact


@transaction.atomic
def move_contact(*, by: User, contact: Contact, up: bool) -> None:
    """Try the contact earlier or later than its neighbour. Raises ContactEnded."""
    require(policy.can_manage_contact(by, contact))
    contact = _locked(contact)
    order = list(Contact.objects.filter(person=contact.person_id).in_use().in_order())
    place = order.index(contact)
    target = max(0, place - 1) if up else min(len(order) - 1, place + 1)
    order.insert(target, order.pop(place))
    for position, each in enumerate(order, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])


@transaction.atomic
def verify_contact(*, by: User, contact: Contact, now: datetime) -> Contact:
    """Write down that the school tried the contact. Raises ContactEnded and ContactVerified."""
    require(policy.can_keep_contacts(by, contact.person))
    contact = _locked(contact)
    if contact.verified_at is not None:
        raise ContactVerified
    contact.verified_at, contact.verified_how = now, Verification.STAFF
    contact.save(update_fields=["verified_at", "verified_how"])
    return contact


@transaction.atomic
def end_contact(*, by: User, contact: Contact, today: date) -> Contact:
    """Stop using the contact; it stays in the register. Raises ContactEnded."""
    require(policy.can_manage_contact(by, contact))
    contact = _locked(contact)
    contact.until = max(today, contact.given_on)
    contact.save(update_fields=["until"])
    return contact


def _locked(contact: Contact) -> Contact:
    """Return the contact as it is now, its holder's list locked."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=contact.person_id)
    fresh = Contact.objects.get(pk=contact.pk, person=person)
    if fresh.until is not None:
        raise ContactEnded
    return fresh
