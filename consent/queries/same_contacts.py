"""Contacts that people of different families gave: a slip of the pen, or a grandmother."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from consent.contacts import Holder, SameContact
from consent.models import Contact
from people.models import Guardianship, User

Key = tuple[UUID, str, str, str]


def same_holders(
    contacts: Sequence[Contact], *, day: date, reader: User
) -> Mapping[UUID, tuple[Holder, ...]]:
    """Return, by contact, the people of other families who gave the same one."""
    if not contacts:
        return {}
    wanted = reduce(or_, (_equal(each) for each in contacts))
    found = _grouped(Contact.objects.in_use().filter(wanted), day)
    known = _known(reader, found.values())
    return {
        each.pk: tuple(
            _holder(other, known)
            for family in found.get(_key(each), ())
            if all(other.person_id != each.person_id for other in family)
            for other in family
        )
        for each in contacts
    }


def same_contacts(reader: User, *, day: date) -> tuple[SameContact, ...]:
    """Return the contacts given by several families, at least one of which the reader may know."""
    mine = Contact.objects.visible_to(reader).in_use()
    schools = mine.order_by().values("school").distinct()
    repeated = (
        Contact.objects.in_use()
        .filter(school__in=schools)
        .annotate(low=Lower("value"))
        .order_by()
        .values("school", "kind", "messenger", "low")
        .annotate(holders=Count("person", distinct=True))
        .filter(holders__gt=1)
    )
    values = [row["low"] for row in repeated]
    rows = (
        Contact.objects.in_use()
        .annotate(low=Lower("value"))
        .filter(school__in=schools, low__in=values)
    )
    found = _grouped(rows, day)
    known = _known(reader, found.values())
    lines = [
        SameContact(
            shown=families[0][0].shown,
            kind_name=families[0][0].kind_name,
            families=tuple(tuple(_holder(each, known) for each in family) for family in families),
        )
        for families in found.values()
        if len(families) > 1 and any(each.pk in known for family in families for each in family)
    ]
    return tuple(sorted(lines, key=lambda line: line.shown))


def _equal(contact: Contact) -> Q:
    return Q(
        school=contact.school_id,
        kind=contact.kind,
        messenger=contact.messenger,
        value__iexact=contact.value,
    )


def _key(contact: Contact) -> Key:
    return (contact.school_id, contact.kind, contact.messenger, contact.value.lower())


def _holder(contact: Contact, known: Collection[UUID]) -> Holder:
    return Holder(contact.person_id, contact.person.full_name if contact.pk in known else "")


def _known(reader: User, groups: Iterable[list[list[Contact]]]) -> set[UUID]:
    """Return those of the contacts that the reader may see."""
    asked = [each.pk for families in groups for family in families for each in family]
    return set(Contact.objects.visible_to(reader).filter(pk__in=asked).values_list("pk", flat=True))


def _grouped(rows: QuerySet[Contact], day: date) -> dict[Key, list[list[Contact]]]:
    """Group equal contacts, each group by family."""
    by_key: dict[Key, list[Contact]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__sort_key", "pk"):
        by_key[_key(row)].append(row)
    family_of = _families({row.person_id for each in by_key.values() for row in each}, day)
    found: dict[Key, list[list[Contact]]] = {}
    for key, contacts in by_key.items():
        families: dict[UUID, list[Contact]] = defaultdict(list)
        for contact in contacts:
            families[family_of[contact.person_id]].append(contact)
        found[key] = list(families.values())
    return found


def _families(persons: Collection[UUID], day: date) -> dict[UUID, UUID]:
    """Return by person one member who stands for the family: people joined by a child or a representative."""
    children = Guardianship.objects.in_force(day).filter(
        Q(guardian__in=persons) | Q(pupil__in=persons)
    )
    ties = Guardianship.objects.in_force(day).filter(pupil__in=children.values("pupil"))
    leader: dict[UUID, UUID] = {person: person for person in persons}

    def top(person: UUID) -> UUID:
        leader.setdefault(person, person)
        while leader[person] != person:
            person = leader[person]
        return person

    for guardian, pupil in ties.values_list("guardian_id", "pupil_id"):
        leader[top(guardian)] = top(pupil)
    return {person: top(person) for person in persons}
