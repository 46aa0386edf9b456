"""The words of a message, made of the facts in its row at the moment of sending.

The facts are kept in the row, not read anew: a second copy of a message says the same as the first,
and a broker carries nothing but the name of the job.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from common.templatetags.words import day_month, week_range
from consent.codes import code_of
from notifications.channels import Letter
from notifications.errors import NotToBeSent

DIGEST, STAFF, REMINDER, FAMILY = "digest", "staff", "reminder", "family"
CODE = "contact_code"  # goes to the contact that it proves, whatever that was agreed for
# What a contact must have been agreed for.
USES = {DIGEST: "digest", STAFF: "digest", REMINDER: "reminder", FAMILY: "digest"}


def compose(template: str, data: dict[str, Any], *, children: Collection[UUID]) -> Letter:
    """Return the letter about those of the children that the recipient still may read of, or a notice.

    Raises NotToBeSent when none is left.
    """
    if template == STAFF:
        return _notice(data)
    if template == CODE:
        return _code(data)
    if template == REMINDER:
        return _reminder(data, children)
    if template == FAMILY:
        if UUID(data["pupil"]) not in children:
            raise NotToBeSent("доступ закрыт")
        return _notice(data)
    shown = [child for child in data["children"] if UUID(child["pupil"]) in children]
    if not shown:
        raise NotToBeSent("доступ закрыт")
    day = date.fromisoformat(data["day"])
    context = {
        "day": day,
        "school": data["school"],
        "children": [_child(child) for child in shown],
        "diary": f"{settings.PUBLIC_URL}/diary/",
    }
    subject = f"Дневник: что нового {day_month(day)}".replace("\u00a0", " ")
    return Letter(
        subject=subject,
        text=render_to_string(f"notifications/{template}_email.txt", context).strip() + "\n",
        html=render_to_string(
            f"notifications/{template}_email.html", context | {"subject": subject}
        ),
    )


def _notice(data: dict[str, Any]) -> Letter:
    """Return a short notice with the page that it is about."""
    context = data | {"address": f"{settings.PUBLIC_URL}{data['path']}"}
    return Letter(
        subject=data["subject"],
        text=render_to_string("notifications/staff_email.txt", context).strip() + "\n",
        html=render_to_string("notifications/staff_email.html", context),
    )


def _code(data: dict[str, Any]) -> Letter:
    """Return the letter that proves an address; it names nobody, for the address may be a stranger's."""
    context = data | {
        "code": code_of(UUID(data["code_id"])),
        "subject": "Код для подтверждения адреса",
        "address": f"{settings.PUBLIC_URL}{data['path']}",
    }
    return Letter(
        subject=context["subject"],
        text=render_to_string("notifications/contact_code_email.txt", context).strip() + "\n",
        html=render_to_string("notifications/contact_code_email.html", context),
    )


def _reminder(data: dict[str, Any], children: Collection[UUID]) -> Letter:
    """Return the letter about a week of the diary that nobody of the family has acknowledged."""
    if UUID(data["pupil"]) not in children:
        raise NotToBeSent("доступ закрыт")
    week = week_range(date.fromisoformat(data["week"]))
    context = data | {
        "subject": f"Дневник ждёт ознакомления: {week}".replace("\u00a0", " "),
        "week": week,
        "address": f"{settings.PUBLIC_URL}{data['path']}",
        "finals": f"{settings.PUBLIC_URL}{data['finals']}",
    }
    return Letter(
        subject=context["subject"],
        text=render_to_string("notifications/reminder_email.txt", context).strip() + "\n",
        html=render_to_string("notifications/reminder_email.html", context),
    )


def _child(child: dict[str, Any]) -> dict[str, Any]:
    """Return a child's facts with dates in place of their text."""
    told = {"name": child["name"], "url": f"{settings.PUBLIC_URL}/diary/{child['pupil']}/"}
    for part in ("marks", "absences", "homework", "finals"):
        told[part] = [_dated(fact) for fact in child[part]]
    return told


def _dated(fact: dict[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in {"day", "due"} else value
        for key, value in fact.items()
    }
