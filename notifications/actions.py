"""The outbox: put a message in, claim it, send it, remember what happened; plan the digests.

A message is claimed and its claim committed before it is sent, so two workers never send one
message at once. A worker that dies leaves a lease that runs out; the message is then sent again
under the same id.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from diary.queries.reminders import is_kept
from diary.queries.rule import rule_of
from notifications import letters, queries
from notifications.channels import Channel, Parcel
from notifications.errors import NotToBeSent, Refused, Unavailable
from notifications.models import Attempt, AttemptOutcome, Digest, MessageStatus, OutboxMessage
from notifications.news import ChildNews, News, news
from notifications.wishes import EVENTS, Wish, wishes_of
from people.models import Person, School
from people.scope import scope

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# A digest is of interest until the next one comes.
DIGEST_LIVES = timedelta(days=2)
FORGET_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker may send, until its lease runs out."""

    message_id: UUID
    school_id: UUID
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class _Ready:
    attempt_id: UUID
    channel: str
    parcel: Parcel


def put(
    *,
    school: School,
    recipient: Person,
    template: str,
    data: dict[str, Any],
    dedup_key: str,
    channels: Sequence[str],
    not_before: datetime,
    expires_at: datetime,
) -> bool:
    """Put a message into the outbox, in the caller's transaction; return whether it was not there yet."""
    message = OutboxMessage(
        school=school, recipient=recipient, template=template, data=data, dedup_key=dedup_key,
        channels=list(channels), not_before=not_before, expires_at=expires_at,
    )  # fmt: skip
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return OutboxMessage.objects.filter(pk=message.pk).exists()


def claim(*, schools: Sequence[UUID], limit: int, now: datetime) -> list[Claim]:
    """Take due messages, and those whose worker left them; the claim is committed on return."""
    with scope(schools):
        due = Q(status=MessageStatus.NEW, not_before__lte=now)
        left = Q(status=MessageStatus.SENDING, lease_until__lt=now)
        found = (
            OutboxMessage.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(due | left)
            .order_by("not_before", "pk")
            .values_list("pk", "school_id")[:limit]
        )
        lease = now + LEASE
        claims = [Claim(pk, school_id, lease) for pk, school_id in found]
        OutboxMessage.objects.filter(pk__in=[each.message_id for each in claims]).update(
            status=MessageStatus.SENDING, lease_until=lease
        )
    return claims


def deliver(*, claimed: Claim, channels: Mapping[str, Channel], now: datetime) -> str:
    """Send one claimed message and record the attempt; return the message's state.

    Three steps: the attempt is written and committed, the channel sends without a transaction,
    the outcome is written. A crash between leaves an attempt of which nobody knows the outcome.
    """
    with scope([claimed.school_id]):
        ready = _begin(claimed, channels, now)
    if not isinstance(ready, _Ready):
        return ready
    outcome, gateway_id, error = AttemptOutcome.ACCEPTED, "", ""
    try:
        gateway_id = channels[ready.channel].send(ready.parcel)
    except Refused as refusal:
        outcome, error = AttemptOutcome.FAILED, str(refusal)
    except Unavailable as silence:
        outcome, error = AttemptOutcome.UNKNOWN, str(silence)
    with scope([claimed.school_id]):
        Attempt.objects.filter(pk=ready.attempt_id).update(
            finished_at=now, outcome=outcome, gateway_id=gateway_id, error=error[:300]
        )
        return _record(claimed, outcome, ready.channel, now)


def _begin(claimed: Claim, channels: Mapping[str, Channel], now: datetime) -> "_Ready | str":
    """Check that the message is still ours and still to be sent; write that an attempt begins."""
    message = (
        OutboxMessage.objects.select_for_update(of=("self",))
        .filter(
            pk=claimed.message_id, status=MessageStatus.SENDING, lease_until=claimed.lease_until
        )
        .select_related("school")
        .first()
    )
    if message is None:
        return "taken"
    if message.expires_at <= now:
        return _close(message, MessageStatus.EXPIRED)
    channel = next((name for name in message.channels if name in channels), "")
    attempt = Attempt(school_id=message.school_id, message=message, channel=channel, started_at=now)
    try:
        parcel = _parcel(message, now)
    except NotToBeSent as reason:
        attempt.outcome, attempt.error, attempt.finished_at = (
            AttemptOutcome.FAILED,
            str(reason),
            now,
        )
        attempt.save()
        return _close(message, MessageStatus.FAILED)
    attempt.save()
    message.attempts_made += 1
    message.save(update_fields=["attempts_made"])
    return _Ready(attempt.pk, channel, parcel)


def _parcel(message: OutboxMessage, now: datetime) -> Parcel:
    """Write the letter. Raises NotToBeSent if access or the agreed address is gone."""
    address = _address(message, now)
    if not address or not message.channels:
        raise NotToBeSent("нет согласованного адреса")
    day = message.school.local_date(now)
    if message.template == letters.REMINDER and _is_acknowledged(message, day):
        raise NotToBeSent("неделя уже отмечена")
    children = queries.open_children(message.recipient_id, day=day)
    letter = letters.compose(message.template, message.data, children=children)
    return Parcel(message.pk, address, letter)


def _address(message: OutboxMessage, now: datetime) -> str:
    """The address agreed for the purpose; a code goes to the address that it proves."""
    if message.template == letters.CODE:
        return queries.address_to_prove(UUID(message.data["code_id"]), now=now)
    return queries.address_of(message.recipient_id, use=letters.USES[message.template])


def _is_acknowledged(message: OutboxMessage, day: date) -> bool:
    """Somebody of the family pressed the button while the letter waited for the morning."""
    pupil, week = UUID(message.data["pupil"]), date.fromisoformat(message.data["week"])
    return is_kept(pupil, week, rule_of(message.school, day=day))


def _close(message: OutboxMessage, status: MessageStatus) -> str:
    message.status, message.lease_until = status, None
    message.save(update_fields=["status", "lease_until"])
    return status


def _record(claimed: Claim, outcome: AttemptOutcome, channel: str, now: datetime) -> str:
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=claimed.message_id)
    message.lease_until = None
    if outcome == AttemptOutcome.ACCEPTED:
        message.status, message.sent_at = MessageStatus.SENT, now
    elif outcome == AttemptOutcome.FAILED:
        message.channels = [name for name in message.channels if name != channel]
        message.status = MessageStatus.NEW if message.channels else MessageStatus.FAILED
        message.not_before = now
    else:
        message.status = MessageStatus.NEW
        message.not_before = now + pause(message.attempts_made)
    message.save(update_fields=["status", "sent_at", "lease_until", "channels", "not_before"])
    return message.status


def pause(attempts: int) -> timedelta:
    """Return how long to wait: a minute, two, four … an hour, a fifth more or less by chance."""
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return whole * (0.8 + secrets.randbelow(400) / 1000)


def expire(*, schools: Sequence[UUID], now: datetime) -> int:
    """Close messages whose time is over: nobody wants last week's digest."""
    with scope(schools):
        waiting = Q(status=MessageStatus.NEW) | Q(status=MessageStatus.SENDING, lease_until__lt=now)
        late = OutboxMessage.objects.filter(waiting, expires_at__lte=now)
        return late.update(status=MessageStatus.EXPIRED, lease_until=None)


def forget(*, schools: Sequence[UUID], now: datetime) -> int:
    """Empty the facts of old messages: that they were sent is kept, what they said is not."""
    with scope(schools):
        old = OutboxMessage.objects.filter(created_at__lt=now - FORGET_AFTER).exclude(data={})
        over = old.exclude(status__in=[MessageStatus.NEW, MessageStatus.SENDING])
        return over.update(data={})


@transaction.atomic
def plan_digest(*, school: School, now: datetime) -> int | None:
    """Write the evening's messages of a school, one a guardian; return their number, None if planned.

    A guardian whose children learn in two schools (or a school and its branch) is a person in each
    and gets a message from each: schools do not see each other's families.
    """
    told = queries.window(school, now=now)
    if told is None:
        return None
    day = school.local_date(now)
    by_pupil = news(told)
    messages = _digests(school, by_pupil, now) if by_pupil else []
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    Digest.objects.create(
        school=school, day=day, since=told.since, until=told.until, epoch=told.epoch,
        snapshot=told.snapshot, messages=len(messages),
    )  # fmt: skip
    return len(messages)


def _digests(school: School, by_pupil: News, now: datetime) -> list[OutboxMessage]:
    day = school.local_date(now)
    midnight = datetime.combine(day, time.min, tzinfo=school.zone)
    children: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for reader in queries.readers(list(by_pupil), day=day):
        told = by_pupil[reader.pupil_id]
        if told != ChildNews():
            facts = {"pupil": str(reader.pupil_id), "name": reader.child} | asdict(told)
            children[reader.guardian_id].append(facts)
    wishes = wishes_of(children)
    return [
        OutboxMessage(
            school=school,
            recipient_id=guardian,
            template=letters.DIGEST,
            data={"day": day.isoformat(), "school": school.short_name, "children": own},
            channels=["email"],
            dedup_key=f"digest:{guardian}:{day.isoformat()}",
            not_before=wishes[guardian].hour_of_digest(day, now=now, zone=school.zone),
            expires_at=midnight + DIGEST_LIVES,
        )
        for guardian, everything in children.items()
        if wishes[guardian].wants_digest
        if (own := _asked(everything, wishes[guardian]))
    ]


def _asked(children: list[dict[str, Any]], wish: Wish) -> list[dict[str, Any]]:
    """Return what the guardian wants to be told; a child of whom nothing is left is not named."""
    silent: dict[str, list[Any]] = {name: [] for name in EVENTS if name not in wish.events}
    told = [child | silent for child in children]
    return [child for child in told if any(child[name] for name in EVENTS)]
