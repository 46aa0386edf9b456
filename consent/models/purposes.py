"""Purposes of processing, and the wording of each purpose's consent."""

from django.db import models

from people.models import Owned


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
