"""Destroying the value of agreed contacts: that there was one, of which kind and when, stays."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from consent.models import Contact
from people.models import Person

FORGOTTEN = "удалён"


def forget_contacts(*, person: Person, today: date, keep: Collection[UUID] = ()) -> int:
    """Blank the person's contacts but `keep`, which are only ended; return how many were blanked.

    A part of the removal of an account: its action checks, locks and tells why.
    """
    held = Contact.objects.filter(person=person)
    kept = Q(pk__in=keep)
    gone = held.exclude(value=FORGOTTEN).exclude(kept)
    ended = Case(
        When(until__isnull=True, then=Greatest(F("given_on"), Value(today))), default=F("until")
    )
    held.filter(kept, until__isnull=True).update(until=ended)
    return gone.update(value=FORGOTTEN, until=ended)


def forget_contact(*, contact: Contact) -> None:
    """Blank one ended contact that was kept longer than the others."""
    Contact.objects.filter(pk=contact.pk).update(value=FORGOTTEN)
