"""The outbox: nothing is lost, a copy has the same name, what cannot be sent is said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications import actions
from notifications.channels import Email
from notifications.models import Attempt, AttemptOutcome, MessageStatus, OutboxMessage
from people.scope import scope
from tests.cast import ALL_SCHOOLS, NOW, SCHOOL_ID, Cast
from tests.notifications.conftest import Postman

Run = Callable[[str, datetime], Any]
LATER = NOW + timedelta(minutes=6)  # after the lease


def letter(cast: Cast, key: str = "digest:1", **changes: Any) -> bool:
    child = {"pupil": str(cast.pupils["olya"].pk), "name": "Ёлкина Оля", "absences": [], "homework": [], "finals": [],
             "marks": [{"day": "2026-11-18", "subject": "Алгебра", "value": "5", "was": "", "work": "", "comment": ""}]}  # fmt: skip
    given = {
        "school": cast.school, "recipient": cast.people["olya_mother"], "template": "digest", "dedup_key": key,
        "data": {"day": "2026-11-18", "school": "Школа № 1", "children": [child]}, "channels": ["email"],
        "not_before": NOW, "expires_at": NOW + timedelta(days=1),
    }  # fmt: skip
    return actions.put(**(given | changes))


def test_putting_twice_keeps_one(cast: Cast) -> None:
    assert letter(cast) is True
    assert letter(cast) is False
    assert letter(cast, key="digest:2") is True
    assert OutboxMessage.objects.count() == 2


def test_what_was_claimed_is_not_claimed_again_before_the_lease_ends(cast: Cast) -> None:
    letter(cast)
    letter(cast, key="later", not_before=NOW + timedelta(hours=1))
    first = actions.claim(schools=ALL_SCHOOLS, limit=10, now=NOW)
    assert len(first) == 1
    assert actions.claim(schools=ALL_SCHOOLS, limit=10, now=NOW + timedelta(minutes=4)) == []
    again = actions.claim(schools=ALL_SCHOOLS, limit=10, now=LATER)
    assert [each.message_id for each in again] == [first[0].message_id]
    # The first worker wakes up: the message is not its own any more.
    assert actions.deliver(claimed=first[0], channels={"email": Email()}, now=LATER) == "taken"


def test_a_crash_after_the_send_leads_to_a_copy_with_the_same_name(
    cast: Cast, run: Run, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(cast)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_record", die)
        with pytest.raises(SystemExit):
            run("send_outbox", NOW)
    assert OutboxMessage.objects.get().status == MessageStatus.SENDING
    assert Attempt.objects.get().outcome == AttemptOutcome.UNKNOWN
    assert run("send_outbox", NOW + timedelta(minutes=1))["sent"] == 0
    assert run("send_outbox", LATER)["sent"] == 1
    names = {each["Message-ID"] for each in postman.letters}
    assert len(postman.letters) == 2
    assert names == {f"<outbox-{OutboxMessage.objects.get().pk}@school.example>"}
    assert {each.get_body().get_content() for each in postman.letters}.__len__() == 1
    assert run("send_outbox", LATER + timedelta(hours=1))["sent"] == 0


def test_a_server_that_hangs_up_is_tried_again_later_under_the_same_name(
    cast: Cast, run: Run, postman: Postman
) -> None:
    letter(cast)
    postman.drops = 1
    assert run("send_outbox", NOW)["waiting"] == 1
    message = OutboxMessage.objects.get()
    assert (message.status, message.attempts_made) == (MessageStatus.NEW, 1)
    assert NOW + timedelta(seconds=45) < message.not_before < NOW + timedelta(seconds=75)
    assert run("send_outbox", NOW)["sent"] == 0
    assert run("send_outbox", NOW + timedelta(minutes=2))["sent"] == 1
    assert len({each["Message-ID"] for each in postman.letters}) == 1
    assert [a.outcome for a in message.attempts.order_by("started_at")] == ["unknown", "accepted"]


def test_pauses_grow_to_an_hour() -> None:
    pauses = [actions.pause(n) for n in range(1, 12)]
    assert timedelta(seconds=48) <= pauses[0] <= timedelta(seconds=72)
    assert pauses[4] > 5 * pauses[0]
    assert max(pauses) <= timedelta(minutes=72)


def test_a_final_refusal_is_remembered_without_the_address(
    cast: Cast, run: Run, postman: Postman
) -> None:
    letter(cast)
    postman.answer = "550 no such user olya_mother@example.org"
    assert run("send_outbox", NOW)["failed"] == 1
    message = OutboxMessage.objects.get()
    assert message.status == MessageStatus.FAILED
    attempt = message.attempts.get()
    assert (attempt.outcome, "example.org" in attempt.error, "550" in attempt.error) == (
        AttemptOutcome.FAILED,
        False,
        True,
    )


def test_without_a_server_messages_wait_until_they_expire(
    cast: Cast, run: Run, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter(cast)
    assert run("send_outbox", NOW)["waiting"] == 1
    report = run("send_outbox", NOW + timedelta(minutes=10))
    assert (report["waiting"], 600 <= report["oldest_seconds"] < 660) == (1, True)
    report = run("send_outbox", NOW + timedelta(days=1))
    assert (report["expired"], report["waiting"], report["oldest_seconds"]) == (1, 0, 0)
    assert OutboxMessage.objects.get().status == MessageStatus.EXPIRED


def test_planning_and_waiting_need_no_broker(
    cast: Cast, run: Run, postman: Postman, settings: Any
) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    letter(cast)
    assert run("send_outbox", NOW)["sent"] == 1


def test_two_workers_share_the_outbox(committed_cast: Cast) -> None:
    cast = committed_cast
    with scope([SCHOOL_ID]):
        for number in range(6):
            letter(cast, key=f"digest:{number}")
    first = actions.claim(schools=ALL_SCHOOLS, limit=4, now=NOW)
    second = actions.claim(schools=ALL_SCHOOLS, limit=4, now=NOW)
    assert (len(first), len(second)) == (4, 2)
    assert {each.message_id for each in first}.isdisjoint(each.message_id for each in second)


def test_what_old_letters_said_is_forgotten(cast: Cast, run: Run, postman: Postman) -> None:
    letter(cast)
    run("send_outbox", NOW)
    created = OutboxMessage.objects.get().created_at
    assert run("forget_messages", created + timedelta(days=29)) == {"forgotten": 0}
    assert run("forget_messages", created + timedelta(days=31)) == {"forgotten": 1}
    message = OutboxMessage.objects.get()
    assert (message.data, message.status) == ({}, MessageStatus.SENT)


def test_a_person_sees_her_own_messages_only(cast: Cast) -> None:
    letter(cast)
    assert OutboxMessage.objects.visible_to(cast.user("olya_mother")).count() == 1
    for name in ("olya_father", "ivan", "head", "other_head"):
        assert OutboxMessage.objects.visible_to(cast.user(name)).count() == 0, name
