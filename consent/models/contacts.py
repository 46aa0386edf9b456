"""Agreed contacts, and applications for services that use them."""

from typing import Self

from django.conf import settings
from django.db import models

from common.constraints import ordered, paired
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


class ContactQuerySet(ScopedQuerySet["Contact"]):
    def in_use(self) -> Self:
        return self.filter(until__isnull=True)


class Contact(Owned):
    """An agreed way to reach a person: where it came from, whether it was verified (T7, K3, G2.9)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    kind = models.CharField("Вид", max_length=10, choices=ContactKind.choices)
    value = models.CharField("Контакт", max_length=200)
    origin = models.CharField("Откуда", max_length=10, choices=ContactOrigin.choices)
    document = models.CharField("Документ", max_length=200, blank=True)
    given_on = models.DateField("Дата")
    verified_at = models.DateTimeField("Проверен", null=True, blank=True)
    uses = models.JSONField("Для чего", default=list)
    position = models.PositiveSmallIntegerField("Порядок", default=1)
    until = models.DateField("По", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("given_on", "until")]
        indexes = [models.Index(fields=["person"], name="consent_contact_person")]

    class Privacy:
        personal = {
            "person",
            "kind",
            "value",
            "origin",
            "document",
            "given_on",
            "verified_at",
            "uses",
        }
        harmless = {"id", "school", "position", "until", "registered_by"}

    def __str__(self) -> str:
        return self.value


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
        ]

    class Privacy:
        personal = {"person", "service", "applied_on", "until"}
        harmless = {"id", "school", "registered_by", "registered_at"}

    def __str__(self) -> str:
        return self.service
