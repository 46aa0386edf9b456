"""Agreed contacts, and applications for services that use them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from common.constraints import ordered, paired
from consent import phones
from people.models import Owned, Person
from people.visibility import ScopedQuerySet


class ContactKind(models.TextChoices):
    PHONE = "phone", "телефон"
    EMAIL = "email", "почта"
    MESSENGER = "messenger", "мессенджер"


class ContactOrigin(models.TextChoices):
    WRITTEN = "written", "письменно"
    SELF = "self", "введён самостоятельно"
    DOCUMENT = "document", "электронный документ"


class Messenger(models.TextChoices):
    MAX = "max", "MAX"
    SFERUM = "sferum", "Сферум (VK Мессенджер)"
    TELEGRAM = "telegram", "Telegram"
    OTHER = "other", "другой мессенджер"


class Verification(models.TextChoices):
    CODE = "code", "кодом"
    STAFF = "staff", "школой"


class Use(models.TextChoices):
    DIGEST = "digest", "ежедневная сводка"
    REMINDER = "reminder", "напоминания"
    URGENT = "urgent", "срочные сообщения"
    SMS = "sms", "SMS"


_WRITING = (Use.DIGEST, Use.REMINDER, Use.URGENT)
# What a contact of each kind can be agreed for.
USES = {
    ContactKind.PHONE: (Use.URGENT, Use.SMS),
    ContactKind.EMAIL: _WRITING,
    ContactKind.MESSENGER: _WRITING,
}


class ContactQuerySet(ScopedQuerySet["Contact"]):
    def in_use(self) -> Self:
        return self.filter(until__isnull=True)

    def agreed(self) -> Self:
        """Messages may go there: what the family typed itself counts once it is proved."""
        return self.in_use().exclude(origin=ContactOrigin.SELF, verified_at__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Contact(Owned):
    """An agreed way to reach a person: where it came from, whether it was verified (T7, K3, G2.9)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    kind = models.CharField("Вид", max_length=10, choices=ContactKind.choices)
    messenger = models.CharField("Мессенджер", max_length=10, choices=Messenger.choices, blank=True)
    value = models.CharField("Контакт", max_length=200)
    origin = models.CharField("Откуда", max_length=10, choices=ContactOrigin.choices)
    document = models.CharField("Документ", max_length=200, blank=True)
    given_on = models.DateField("Дата")
    verified_at = models.DateTimeField("Проверен", null=True, blank=True)
    verified_how = models.CharField(
        "Чем проверен", max_length=10, choices=Verification.choices, blank=True
    )
    uses = models.JSONField("Для чего", default=list)
    position = models.PositiveSmallIntegerField("Порядок", default=1)
    until = models.DateField("По", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("given_on", "until"),
            models.CheckConstraint(
                condition=Q(kind=ContactKind.MESSENGER) | Q(messenger=""),
                name="consent_contact_messenger_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=False) | Q(verified_how=""),
                name="consent_contact_verified_how_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="consent_contact_person"),
            models.Index(
                "school",
                "kind",
                Lower("value"),
                condition=Q(until__isnull=True),
                name="consent_contact_same_value",
            ),
        ]

    class Privacy:
        personal = {
            "person",
            "kind",
            "messenger",
            "value",
            "origin",
            "document",
            "given_on",
            "verified_at",
            "uses",
        }
        harmless = {"id", "school", "position", "until", "registered_by", "verified_how"}

    def __str__(self) -> str:
        return self.value

    @property
    def shown(self) -> str:
        """«+7 921 000-00-01»: as people read it."""
        return phones.readable(self.value) if self.value.startswith("+") else self.value

    @property
    def kind_name(self) -> str:
        return self.get_messenger_display() if self.messenger else self.get_kind_display()


class ContactCode(Owned):
    """A code sent to a contact to prove it: once, for a quarter of an hour. See `consent/codes.py`."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="codes")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [*Owned.Meta.constraints]

    class Privacy:
        harmless = {"id", "school", "contact", "sent_at", "expires_at", "used_at", "failures"}

    def __str__(self) -> str:
        return f"{self.contact_id} {self.expires_at}"


SMS = "sms"  # the service of an application


class Application(Owned):
    """A guardian's application for a service, such as messages by SMS (T2b)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="applications")
    service = models.CharField("Услуга", max_length=20)
    applied_on = models.DateField("Дата заявления")
    until = models.DateField("По", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("applied_on", "until"),
            paired("registered_by", "registered_at"),
            models.UniqueConstraint(
                fields=["person", "service"],
                condition=Q(until__isnull=True),
                name="consent_application_once",
                violation_error_message="Это заявление уже записано.",
            ),
        ]

    class Privacy:
        personal = {"person", "service", "applied_on", "until"}
        harmless = {"id", "school", "registered_by", "registered_at"}

    def __str__(self) -> str:
        return self.service
