"""A person's agreed contacts."""

from django.db.models import (
    F,
    QuerySet,
)

from consent.models import Contact
from people.models import Person


def contacts_of(person: Person) -> QuerySet[Contact]:
    """Return the person's contacts, those in use first."""
    return Contact.objects.filter(person=person).order_by(
        F("until").desc(nulls_first=True), "position", "pk"
    )
