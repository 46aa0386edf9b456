"""The letter with the code that proves an address: at once, whatever the hour, for it was asked for."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from common.templatetags.words import time_hm
from consent.events import contact_code_asked
from consent.models import ContactCode
from notifications import letters
from notifications.actions import put


def register() -> None:
    """Importing this module connects the receiver; the call keeps the import honest."""


@receiver(contact_code_asked)
def send_code(sender: type[ContactCode], code: ContactCode, now: datetime, **_: Any) -> None:
    """Put the letter into the outbox. Its row holds no code: the digits are reckoned when it goes."""
    school, contact = code.school, code.contact
    put(
        school=school, recipient=contact.person, template=letters.CODE,
        data={
            "school": school.short_name, "code_id": str(code.pk),
            "until": time_hm(code.expires_at.astimezone(school.zone).time()),
            "path": reverse("contacts:code", args=[contact.pk]),
        },
        dedup_key=f"contact-code:{code.pk}", channels=["email"], not_before=now,
        expires_at=code.expires_at,
    )  # fmt: skip
