"""Proving a contact: a code is sent there, and its holder types it in."""

from datetime import datetime, timedelta

from django.db import transaction

from common.errors import require
from consent import policy
from consent.codes import A_DAY, LIVES, PAUSE, TRIES, is_code
from consent.errors import (
    CodeJustSent,
    CodeNotSendable,
    CodeOver,
    ContactEnded,
    ContactVerified,
    TooManyCodes,
    WrongContactCode,
)
from consent.events import contact_code_asked
from consent.models import Contact, ContactCode, ContactKind, Verification
from consent.queries.contacts import live_code
from people.models import Person, User

DAY = timedelta(days=1)


@transaction.atomic
def send_contact_code(*, by: User, contact: Contact, now: datetime) -> ContactCode:
    """Ask for a letter with a new code; the codes sent before stop working.

    Raises CodeNotSendable but for e-mail, ContactEnded, ContactVerified, CodeJustSent and TooManyCodes.
    """
    require(policy.can_keep_own_contacts(by, contact.person))
    contact = _to_prove(contact)
    if contact.kind != ContactKind.EMAIL:
        raise CodeNotSendable
    ContactCode.objects.filter(contact__person=contact.person_id, sent_at__lte=now - DAY).delete()
    sent = ContactCode.objects.filter(contact__person=contact.person_id)
    if sent.filter(contact=contact, sent_at__gt=now - PAUSE).exists():
        raise CodeJustSent
    if sent.count() >= A_DAY:
        raise TooManyCodes
    code = ContactCode.objects.create(
        school_id=contact.school_id, contact=contact, sent_at=now, expires_at=now + LIVES
    )
    contact_code_asked.send(ContactCode, code=code, by=by, now=now)
    return code


def confirm_contact_code(*, by: User, contact: Contact, code: str, now: datetime) -> Contact:
    """Mark the contact as proved by its holder.

    Raises ContactEnded, ContactVerified, CodeOver without a live code or after five wrong tries, and
    WrongContactCode. A wrong try is remembered although it is refused: the caller's transaction
    must be committed.
    """
    with transaction.atomic():
        require(policy.can_keep_own_contacts(by, contact.person))
        contact = _to_prove(contact)
        live = live_code(contact, now)
        if live is None:
            raise CodeOver
        if is_code(live.pk, code):
            live.used_at = now
            live.save(update_fields=["used_at"])
            contact.verified_at, contact.verified_how = now, Verification.CODE
            contact.save(update_fields=["verified_at", "verified_how"])
            return contact
        live.failures += 1
        live.save(update_fields=["failures"])
    raise CodeOver if live.failures >= TRIES else WrongContactCode


def _to_prove(contact: Contact) -> Contact:
    """Return the contact as it is now, its holder's list locked."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=contact.person_id)
    contact = Contact.objects.get(pk=contact.pk, person=person)
    if contact.until is not None:
        raise ContactEnded
    if contact.verified_at is not None:
        raise ContactVerified
    return contact
