"""The end of schooling: the letter about the family's copy, and what of messages is destroyed."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from access.actions.removal import removed_from
from access.destruction import Leaver, forgets
from access.events import access_closed, letter_asked
from access.models import Removal, RemovalState
from common.templatetags.words import day_month_year
from notifications import letters, queries
from notifications.actions import put
from notifications.models import Attempt, MessageStatus, OutboxMessage, Preference

SUBJECT = "Обучение окончено: как получить копию дневника"
HOUR = timedelta(hours=1)  # the job's own pace


def register() -> None:
    """Importing this module connects the receiver and the kinds; the call keeps the import honest."""


@receiver(access_closed)
def tell_of_the_copy(sender: type[Removal], removal: Removal, now: datetime, **_: Any) -> bool:
    """Write to the person's agreed address; without one the school tells her itself."""
    if not queries.address_of(removal.person_id, use=letters.USES[letters.STAFF]):
        return False
    school = removal.school
    removed_at = removed_from(removal, now) + HOUR
    asked = ", ".join(filter(None, (school.phone, school.email))) or "в канцелярии школы"
    said = (
        f"{_what_ends(removal, school.local_date(removed_at))} "
        f"Копию всего, что было в дневнике, школа соберёт по вашей просьбе: {asked}."
    )
    return put(
        school=school, recipient=removal.person, template=letters.STAFF,
        data={"school": school.short_name, "subject": SUBJECT, "said": said, "path": "/"},
        dedup_key=f"farewell:{removal.pk}", channels=["email"], not_before=now,
        expires_at=max(removed_at, removal.due_at),
    )  # fmt: skip


def _what_ends(removal: Removal, last: date) -> str:
    """Whoever stays for another child or a post loses one diary and is told of no more."""
    if removal.state == RemovalState.KEPT:
        child = removal.pupil.person.first_name
        return f"Обучение окончено, дневник закрыт: {child}. Ваша учётная запись остаётся."
    return (
        "Обучение окончено, доступ в электронный дневник закрыт. "
        f"Учётная запись и контакты будут удалены не позднее {day_month_year(last)}."
    )


@receiver(letter_asked)
def when_it_went(sender: type[Removal], removal: Removal, **_: Any) -> datetime | None:
    letters_sent = OutboxMessage.objects.filter(
        dedup_key=f"farewell:{removal.pk}", status=MessageStatus.SENT
    )
    return letters_sent.values_list("sent_at", flat=True).first()


@forgets("Содержание сообщений и очередь отправки", "notifications.OutboxMessage")
def forget_messages(leaver: Leaver) -> int:
    """Empty what the messages said; that they were sent stays. Nothing waits to be sent any more."""
    mine = Q(recipient=leaver.person) | Q(pupil=leaver.person.pk)
    Attempt.objects.filter(message__recipient=leaver.person).exclude(error="").update(error="")
    messages = OutboxMessage.objects.filter(mine)
    waiting = messages.filter(status__in=[MessageStatus.NEW, MessageStatus.SENDING])
    waiting.update(status=MessageStatus.EXPIRED, lease_until=None)
    return messages.exclude(data={}).update(data={})


@forgets("Настройки оповещений", "notifications.Preference")
def forget_wishes(leaver: Leaver) -> int:
    return Preference.objects.filter(person=leaver.person).delete()[0]
