"""A person's agreed contacts."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from consent.codes import TRIES
from consent.contacts import Applied, ContactLine, Contacts, Holder
from consent.models import (
    SMS,
    Application,
    Contact,
    ContactCode,
    ContactKind,
    ContactOrigin,
    Use,
)
from consent.queries.same_contacts import same_holders
from people.models import Person, User
from people.roles import Role
from regulation.queries import parameter


def accepts_own_contacts(school_id: UUID, day: date) -> bool:
    """Whether families may type their contacts themselves: unless the regulation itself says «письменно» only."""
    forms = parameter(school_id, "contact_transfer_forms", day=day)
    return not (forms.from_regulation and set(forms.options) <= {"written"})


def live_code(contact: Contact, now: datetime) -> ContactCode | None:
    """Return the last code sent to the contact, if it still proves it."""
    last = ContactCode.objects.filter(contact=contact).order_by("-sent_at", "-pk").first()
    if last is None or last.used_at or last.expires_at <= now or last.failures >= TRIES:
        return None
    return last


def application_of(person: Person) -> Applied | None:
    """Return the person's last application for SMS."""
    last = Application.objects.filter(person=person, service=SMS).order_by("-applied_on", "-pk")
    found = last.filter(until__isnull=True).first() or last.first()
    return Applied(found.pk, found.applied_on, found.until) if found else None


def page_of_contacts(person: Person, *, day: date, reader: User | None = None) -> Contacts:
    """Return the person's contacts; for a reader of the school with those who gave the same ones."""
    rows = list(Contact.objects.filter(person=person).in_order())
    in_use = [row for row in rows if row.until is None]
    past = sorted(
        (row for row in rows if row.until is not None),
        key=lambda row: (row.until or day, row.pk),
        reverse=True,
    )
    same = same_holders(in_use, day=day, reader=reader) if reader else {}
    return Contacts(
        person_id=person.pk,
        person_name=person.full_name,
        school_name=person.school.short_name,
        in_use=tuple(_line(row, in_use, same) for row in in_use),
        past=tuple(_line(row, [], {}) for row in past),
        applied=application_of(person),
        accepts_own=accepts_own_contacts(person.school_id, day),
    )


def own_contacts(user: User) -> tuple[Contacts, ...]:
    """Return the account's contacts, by the schools where it is a representative's."""
    mine = [each.person_id for each in user.identities if Role.GUARDIAN in each.roles]
    persons = Person.objects.filter(pk__in=mine).select_related("school").order_by("pk")
    return tuple(page_of_contacts(person, day=user.today) for person in persons)


def _line(
    row: Contact, order: list[Contact], same: Mapping[UUID, tuple[Holder, ...]]
) -> ContactLine:
    return ContactLine(
        id=row.pk,
        shown=row.shown,
        kind=row.kind,
        kind_name=row.kind_name,
        origin=row.get_origin_display(),
        given_on=row.given_on,
        document=row.document,
        verified_at=row.verified_at,
        verified_how=row.get_verified_how_display() if row.verified_how else "",
        uses=tuple(use.label for use in Use if use in row.uses),
        until=row.until,
        awaits_proof=row.origin == ContactOrigin.SELF and row.verified_at is None,
        takes_code=row.kind == ContactKind.EMAIL and row.verified_at is None,
        is_first=not order or row is order[0],
        is_last=not order or row is order[-1],
        same=same.get(row.pk, ()),
    )
