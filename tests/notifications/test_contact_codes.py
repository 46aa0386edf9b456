"""The code that proves an address comes by a real letter, to that address alone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from consent import actions
from consent.models import Contact, ContactCode, ContactOrigin
from notifications.models import MessageStatus, OutboxMessage
from people.scope import scope
from tests.cast import ALL_SCHOOLS, TODAY, Cast
from tests.notifications.conftest import Postman, text_of

pytestmark = pytest.mark.clause("T7", "K3", "G2.9", "S8")
Run = Callable[[str, datetime], Any]


def asked(cast: Cast, now: datetime) -> Contact:
    with scope(ALL_SCHOOLS):
        mother = cast.user("olya_mother")
        contact = actions.add_contact(
            by=mother, person=cast.people["olya_mother"], kind="email", value="new@example.org",
            origin=ContactOrigin.SELF, given_on=TODAY, uses=["digest"],
        )  # fmt: skip
        actions.send_contact_code(by=mother, contact=contact, now=now)
    return contact


def test_the_letter_brings_the_code_and_the_code_proves_the_address(
    cast: Cast, postman: Postman, run: Run, evening: datetime
) -> None:
    contact = asked(cast, evening)
    kept = OutboxMessage.objects.get(template="contact_code")
    assert run("send_outbox", evening)["sent"] == 1
    (letter,) = postman.letters
    assert letter["To"] == "new@example.org"
    words = text_of(letter)
    (code,) = re.findall(r"\b\d{6}\b", words)
    assert code in text_of(letter, "html")
    assert code not in str(kept.data), "the row holds no code"
    assert "Ёлкина" not in words + text_of(letter, "html"), "the address may be a stranger's"
    proved = actions.confirm_contact_code(
        by=cast.user("olya_mother"), contact=contact, code=code, now=evening
    )
    assert proved.verified_at == evening


def test_a_code_asked_for_at_night_goes_at_once(
    cast: Cast, postman: Postman, run: Run, evening: datetime
) -> None:
    night = evening + timedelta(hours=6)
    asked(cast, night)
    assert run("send_outbox", night)["sent"] == 1


def test_a_code_that_is_over_is_not_sent(
    cast: Cast, postman: Postman, run: Run, evening: datetime
) -> None:
    asked(cast, evening)
    ContactCode.objects.update(used_at=evening)
    run("send_outbox", evening)
    assert postman.letters == []
    assert OutboxMessage.objects.get().status == MessageStatus.FAILED
