"""Purposes of processing, and the wording of each purpose's consent."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from people.models import Owned
from people.visibility import ScopedQuerySet

# What a written consent must say beside its signer and the child (152-ФЗ, ст. 9 ч. 4).
REQUIRED = (
    "operator_name",
    "operator_address",
    "goal",
    "categories",
    "processing",
    "processors",
    "term",
    "withdrawal",
)


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


class ConsentTextQuerySet(ScopedQuerySet["ConsentText"]):
    def in_order(self) -> Self:
        return self.order_by("number", "pk")

    def begun(self, day: date) -> Self:
        return self.filter(since__lte=day)


class ConsentText(Owned):
    """The wording of a purpose's consent, by version: what was signed stays as it was printed.

    The operator stands in the version: a school renamed later did not rename the papers. A version is
    never edited; one that has not begun and that nobody signed may be taken back.
    """

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField("Редакция")
    operator_name = models.CharField("Оператор", max_length=300)
    operator_address = models.CharField("Адрес оператора", max_length=300)
    goal = models.TextField("Цель обработки")
    categories = models.TextField("Перечень данных")
    processing = models.TextField("Действия с данными и способы обработки")
    processors = models.TextField("Кто обрабатывает по поручению оператора")
    term = models.TextField("Срок действия")
    withdrawal = models.TextField("Способ отзыва")
    text = models.TextField("Дополнительно", blank=True)
    since = models.DateField("С")

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["purpose", "number"], name="consent_consenttext_once"),
            models.UniqueConstraint(fields=["purpose", "since"], name="consent_consenttext_since"),
            models.CheckConstraint(
                condition=Q(*(~Q((name, "")) for name in REQUIRED)),
                name="consent_consenttext_complete",
                violation_error_message="Заполните все обязательные сведения согласия.",
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "purpose", "number", "text", "since", *REQUIRED}

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.number}"
