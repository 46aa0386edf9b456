"""First credentials, removal of accounts, visits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from common.ids import uuid7
from people.models import Owned, Person, Pupil


class EntryCode(models.Model):
    """A one-time code for the first entry; only its hash is kept. Belongs to a global account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="entry_codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Privacy:
        personal = {"user", "digest"}
        harmless = {
            "id", "issued_at", "issued_by", "expires_at", "used_at", "voided_at", "failures",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at}"


class RemovalState(models.TextChoices):
    PLANNED = "planned", "назначено"
    CLOSED = "closed", "доступ закрыт"
    REMOVED = "removed", "учётная запись удалена"
    KEPT = "kept", "сохранена: учится другой ребёнок"
    CANCELLED = "cancelled", "отменено"


class Removal(Owned):
    """The end of a person's account after schooling ended (G2.4b)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="removals")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    schooling_ended_on = models.DateField("Обучение окончено")
    due_at = models.DateTimeField("Срок")
    state = models.CharField(
        "Состояние", max_length=10, choices=RemovalState.choices, default=RemovalState.PLANNED
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "pupil", "schooling_ended_on"], name="access_removal_once"
            ),
        ]

    class Privacy:
        personal = {"person", "pupil", "schooling_ended_on"}
        harmless = {"id", "school", "due_at", "state", "done_at"}

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class Visit(Owned):
    """A user looked at a pupil's diary on a day: first and last time, how often (G2.10.3)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="visits")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="visits")
    section = models.CharField("Раздел", max_length=20)
    day = models.DateField("Дата")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "pupil", "section", "day"], name="access_visit_once"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "day"], name="access_visit_pupil")]

    class Privacy:
        personal = {"person", "pupil", "section", "day", "first_at", "last_at", "times"}
        harmless = {"id", "school"}

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class ServiceRefusal(Owned):
    """The service was refused to somebody who is neither guardian nor pupil (G2.3)."""

    applicant = models.CharField("Заявитель", max_length=200)
    applied_on = models.DateField("Дата обращения")
    ground = models.CharField("Основание отказа", max_length=300)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("answered_by", "answered_at"),
            models.CheckConstraint(condition=~Q(ground=""), name="access_servicerefusal_ground"),
        ]

    class Privacy:
        personal = {"applicant", "ground"}
        harmless = {"id", "school", "applied_on", "answered_by", "answered_at"}

    def __str__(self) -> str:
        return self.applicant
