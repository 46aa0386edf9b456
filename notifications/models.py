"""The outbox: what is to be sent, to whom, and every attempt to send it."""

from datetime import time

from django.db import models

from people.models import Owned, Person, Pupil


class MessageStatus(models.TextChoices):
    NEW = "new", "ждёт"
    SENDING = "sending", "отправляется"
    SENT = "sent", "отправлено"
    FAILED = "failed", "не отправлено"
    EXPIRED = "expired", "срок вышел"


class OutboxMessage(Owned):
    """One message to one person. `dedup_key` makes planning it twice harmless."""

    recipient = models.ForeignKey(Person, models.PROTECT, related_name="messages")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="+")
    template = models.CharField("Шаблон", max_length=40)
    template_version = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField(default=dict)
    channels = models.JSONField("Порядок каналов", default=list)
    dedup_key = models.CharField(max_length=200, unique=True)
    status = models.CharField(
        "Состояние", max_length=10, choices=MessageStatus.choices, default=MessageStatus.NEW
    )
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints]
        indexes = [
            models.Index(fields=["status", "not_before"], name="notifications_outbox_due"),
        ]

    class Privacy:
        personal = {"recipient", "pupil", "data", "channels"}
        harmless = {
            "id", "school", "template", "template_version", "dedup_key", "status", "not_before",
            "expires_at", "lease_until", "attempts_made", "created_at", "sent_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.template} {self.status}"


class AttemptOutcome(models.TextChoices):
    ACCEPTED = "accepted", "принято"
    DELIVERED = "delivered", "доставлено"
    FAILED = "failed", "отказ"
    UNKNOWN = "unknown", "неизвестно"


class Attempt(Owned):
    """One try to send a message by one channel."""

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="attempts")
    channel = models.CharField("Канал", max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        "Исход", max_length=10, choices=AttemptOutcome.choices, default=AttemptOutcome.UNKNOWN
    )
    gateway_id = models.CharField(max_length=200, blank=True)
    error = models.CharField("Ошибка", max_length=300, blank=True)

    class Privacy:
        harmless = {
            "id", "school", "message", "channel", "started_at", "finished_at", "outcome",
            "gateway_id", "error",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome}"


class Digest(Owned):
    """An evening's planning at a school: which part of the history it has told already.

    `snapshot` is PostgreSQL's own account of what was committed then: a change that was under way
    at `until` and committed after it is told by the next digest, once.
    """

    day = models.DateField("День")
    since = models.DateTimeField()
    until = models.DateTimeField()
    epoch = models.IntegerField()
    snapshot = models.TextField()
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "day"], name="notifications_digest_once_a_day"
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "day", "since", "until", "epoch", "snapshot", "messages"}

    def __str__(self) -> str:
        return f"{self.day}"


class DigestTime(models.TextChoices):
    EVENING = "evening", "раз в день, вечером"
    AT_ONCE = "at_once", "сразу"
    NEVER = "never", "не присылать"


class Preference(Owned):
    """What a member of a family wants to be told, when and how. Without a row: the defaults.

    `channels` is the order in which they are tried, empty: the school's; `events` what is told,
    empty: everything. Quiet hours are of the school's clock; they may go over midnight.
    """

    person = models.OneToOneField(Person, models.PROTECT, related_name="preference")
    digest = models.CharField(
        "Сводка", max_length=8, choices=DigestTime.choices, default=DigestTime.EVENING
    )
    digest_at = models.TimeField("Время сводки", default=time(19, 0))
    channels = models.JSONField("Каналы", default=list)
    events = models.JSONField("События", default=list)
    quiet_from = models.TimeField("Не беспокоить с", default=time(21, 0))
    quiet_until = models.TimeField("Не беспокоить до", default=time(7, 0))
    set_at = models.DateTimeField()

    class Meta:
        constraints = [*Owned.Meta.constraints]

    class Privacy:
        personal = {
            "person",
            "digest",
            "digest_at",
            "channels",
            "events",
            "quiet_from",
            "quiet_until",
        }
        harmless = {"id", "school", "set_at"}

    def __str__(self) -> str:
        return self.get_digest_display()
