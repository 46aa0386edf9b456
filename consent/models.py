"""Consents and refusals, and, apart from them, declarations of the form of delivery; contacts."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from people.models import Owned, Person, Pupil
from people.visibility import ScopedQuerySet


class Purpose(Owned):
    """One purpose of processing: each has a consent document of its own."""

    code = models.CharField("Код", max_length=30)
    name = models.CharField("Цель", max_length=200)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "code"], name="consent_purpose_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "code", "name"}

    def __str__(self) -> str:
        return self.name


class ConsentText(Owned):
    """The wording of a purpose's consent, by version."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField("Редакция")
    text = models.TextField("Текст")
    since = models.DateField("С")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["purpose", "number"], name="consent_consenttext_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "purpose", "number", "text", "since"}

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.number}"


class DecisionKind(models.TextChoices):
    CONSENT = "consent", "согласие"
    REFUSAL = "refusal", "отказ"
    WITHDRAWAL = "withdrawal", "отзыв"


class DecisionForm(models.TextChoices):
    PAPER = "paper", "на бумаге"
    CODE = "code", "одноразовый код"
    SIGNED = "signed", "электронный документ с подписью"


class DecisionQuerySet(ScopedQuerySet["Decision"]):
    def latest_first(self) -> Self:
        return self.order_by("-decided_on", "-registered_at", "-pk")


class Decision(Owned):
    """A guardian's consent, refusal or withdrawal (T1). Never edited; the state is derived."""

    subject = models.ForeignKey(Pupil, models.PROTECT, related_name="decisions")
    signer = models.ForeignKey(Person, models.PROTECT, related_name="signed_decisions")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="decisions")
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("Решение", max_length=10, choices=DecisionKind.choices)
    decided_on = models.DateField("Дата")
    form = models.CharField("Форма", max_length=10, choices=DecisionForm.choices)
    note = models.CharField("Примечание", max_length=300, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints]
        indexes = [models.Index(fields=["subject", "signer"], name="consent_decision_subject")]

    class Privacy:
        personal = {"subject", "signer", "kind", "decided_on", "form", "note"}
        harmless = {"id", "school", "purpose", "text", "registered_by", "registered_at"}

    def __str__(self) -> str:
        return self.get_kind_display()


class DeliveryForm(models.TextChoices):
    ELECTRONIC = "electronic", "электронная"
    PAPER = "paper", "на бумаге"
    SUBSTITUTE = "substitute", "сообщением или в бумажном дневнике"


class DeliveryDeclarationQuerySet(ScopedQuerySet["DeliveryDeclaration"]):
    def latest_first(self) -> Self:
        return self.order_by("-declared_on", "-registered_at", "-pk")


class DeliveryDeclaration(Owned):
    """In which form a guardian wants the information (K1a, G2.6a, S5a): independent of consent."""

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="declarations")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="declarations")
    form = models.CharField("Форма", max_length=10, choices=DeliveryForm.choices)
    substitute = models.CharField("Чем заменена", max_length=30, blank=True)
    ground = models.CharField("Основание", max_length=300, blank=True)
    declared_on = models.DateField("Дата заявления")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField()

    objects = DeliveryDeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(form="substitute") | ~Q(substitute=""),
                name="consent_deliverydeclaration_substitute",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "guardian"], name="consent_declaration_pupil")]

    class Privacy:
        personal = {"guardian", "pupil", "form", "substitute", "ground", "declared_on"}
        harmless = {"id", "school", "registered_by", "registered_at"}

    def __str__(self) -> str:
        return self.get_form_display()


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
