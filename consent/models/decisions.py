"""Consents and refusals, and, apart from them, declarations of the form of delivery."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models.purposes import ConsentText, Purpose
from people.models import Owned, Person, Pupil
from people.visibility import ScopedQuerySet


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
