"""First credentials, removal of accounts and its acts, visits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from common.ids import uuid7
from consent.models import Contact
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
    closed_at = models.DateTimeField("Доступ закрыт", null=True, blank=True)
    keys_ended = models.PositiveIntegerField("Закончено сеансов и ключей", default=0)
    told_at = models.DateTimeField("Письмо о копии", null=True, blank=True)
    copy_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    copy_given_at = models.DateTimeField("Копия собрана", null=True, blank=True)
    results_contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+"
    )
    results_until = models.DateField("Контакт хранится по", null=True, blank=True)
    returned_at = models.DateTimeField("Обучение продолжено", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("copy_given_by", "copy_given_at"),
            paired("results_contact", "results_until"),
            models.UniqueConstraint(
                fields=["person", "pupil", "schooling_ended_on"], name="access_removal_once"
            ),
        ]

    class Privacy:
        personal = {"person", "pupil", "schooling_ended_on", "results_contact"}
        harmless = {
            "id", "school", "due_at", "state", "done_at", "closed_at", "keys_ended", "told_at", "copy_given_by", "copy_given_at",
            "results_until", "returned_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class ActPart(models.TextChoices):
    ACCOUNT = "account", "учётная запись"
    CONTACT = "contact", "контакт для результатов экзаменов"


class DestructionAct(Owned):
    """What was destroyed of a person's data (Приказ РКН № 179): a copy of its day, never edited.

    The table lets a row go only after `keep_until`.
    """

    removal = models.ForeignKey(Removal, models.PROTECT, related_name="acts")
    part = models.CharField("Что", max_length=10, choices=ActPart.choices)
    year = models.PositiveSmallIntegerField("Год")
    number = models.PositiveIntegerField("Номер")
    destroyed_at = models.DateTimeField("Когда")
    operator = models.CharField("Оператор", max_length=300)
    operator_address = models.CharField("Адрес оператора", max_length=300, blank=True)
    processor = models.CharField("Обработчик", max_length=500, blank=True)
    subject = models.CharField("Субъект", max_length=320)
    subject_kind = models.CharField("Кто это", max_length=40)
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    destroyed_by_name = models.CharField("Кто уничтожил", max_length=320)
    destroyed_by_post = models.CharField("Должность", max_length=200, blank=True)
    categories = models.JSONField("Что уничтожено")
    system = models.CharField("Информационная система", max_length=200)
    way = models.CharField("Способ", max_length=500)
    reason = models.CharField("Причина", max_length=300)
    backup_days = models.PositiveSmallIntegerField("Дней до конца резервных копий")
    copy_offered = models.CharField("Копия семье", max_length=300)
    remainder = models.CharField("Что осталось", max_length=500, blank=True)
    keep_until = models.DateField("Хранить по")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "year", "number"], name="access_destructionact_number"
            ),
            models.UniqueConstraint(fields=["removal", "part"], name="access_destructionact_once"),
        ]

    class Privacy:
        personal = {"removal", "subject", "subject_kind", "destroyed_by_name", "destroyed_by_post"}
        harmless = {
            "id", "school", "part", "year", "number", "destroyed_at", "operator", "operator_address",
            "processor", "destroyed_by", "categories", "system", "way", "reason", "backup_days",
            "copy_offered", "remainder", "keep_until",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number}/{self.year}"


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
