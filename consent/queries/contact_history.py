"""What happened to a person's contacts and applications, in words."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from audit.models import AuditEvent
from common.templatetags.words import day_digits
from consent.contacts import Change
from consent.models import Application, Contact, ContactOrigin, Use, Verification
from people.models import Person

MOST = 50


def contact_history(person: Person) -> tuple[Change, ...]:
    """Return the changes of the person's contacts and applications, the last first."""
    contacts = {row.pk: row.shown for row in Contact.objects.filter(person=person)}
    applications = Application.objects.filter(person=person).values_list("pk", flat=True)
    events = list(
        AuditEvent.objects.filter(
            school_id=person.school_id,
            row_id__in=[*contacts, *applications],
            table_name__in=["consent_contact", "consent_application"],
        ).order_by("-at", "-id")[:MOST]
    )
    actors = _names({event.actor for event in events if event.actor})
    return tuple(
        Change(event.at, what, actors.get(event.actor, ""))
        for event in events
        if (what := "; ".join(_words(event, contacts.get(event.row_id, ""))))
    )


def _names(users: set[UUID]) -> dict[UUID | None, str]:
    """Return the names of the accounts' persons, as far as the scope shows them."""
    persons = Person.objects.filter(user__in=users).order_by("pk")
    return {person.user_id: person.short_name for person in persons}


def _words(event: AuditEvent, shown: str) -> Iterator[str]:
    """The contact itself is read from its row: the history may hide what must be destroyed one day."""
    before, after = event.before or {}, event.after or {}
    if event.table_name == "consent_application":
        yield from _of_application(before, after)
    elif event.action == "I":
        origin = ContactOrigin(after["origin"]).label
        yield f"{shown}: записан, {origin}{_uses(after)}"
    else:
        yield from (f"{shown}: {each}" for each in _of_contact(before, after))


def _of_application(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if not before:
        yield f"Заявление на SMS от {_day(after['applied_on'])} записано"
    elif after.get("until") and not before.get("until"):
        yield f"Заявление на SMS прекращено с {_day(after['until'])}"


def _of_contact(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if after["verified_at"] and not before["verified_at"]:
        how = after.get("verified_how")
        yield f"проверен {Verification(how).label}" if how else "проверен"
    if after["until"] and not before["until"]:
        yield f"не используется с {_day(after['until'])}"
    if after["uses"] != before["uses"]:
        yield _uses(after).removeprefix(", ")
    if after["position"] != before["position"]:
        yield f"теперь {after['position']}-й по порядку"


def _uses(row: dict[str, Any]) -> str:
    named = [use.label for use in Use if use in row["uses"]]
    return f", для чего: {', '.join(named)}" if named else ", ни для чего не выбран"


def _day(text: str) -> str:
    return day_digits(date.fromisoformat(text))
