"""Each school's regulation as data: versions in force, parameters, publication, acquaintance."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered
from people.models import Owned, Person
from people.visibility import ScopedQuerySet


class Regulation(Owned):
    """A school's (or a branch's) regulation of the diary service."""

    title = models.CharField("Название", max_length=300)

    class Privacy:
        harmless = {"id", "school", "title"}

    def __str__(self) -> str:
        return self.title


class RegulationVersionQuerySet(ScopedQuerySet["RegulationVersion"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class RegulationVersion(Owned):
    """What was in force between dates. `profile` names the data file it began from."""

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="versions")
    profile = models.CharField("Профиль", max_length=20)
    since = models.DateField("Действует с")
    until = models.DateField("Действует по", null=True, blank=True)
    order_number = models.CharField("Приказ №", max_length=60, blank=True)
    order_date = models.DateField("Дата приказа", null=True, blank=True)
    minutes = models.CharField("Протокол педсовета", max_length=120, blank=True)
    legal_basis = models.TextField("Правовое основание", blank=True)
    publish_by = models.DateField("Разместить на сайте до", null=True, blank=True)
    acquaint_by = models.DateField("Ознакомить сотрудников до", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = RegulationVersionQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]

    class Privacy:
        harmless = {
            "id", "school", "regulation", "profile", "since", "until", "order_number", "order_date",
            "minutes", "legal_basis", "publish_by", "acquaint_by", "made_by", "made_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.regulation} с {self.since}"


class Parameter(Owned):
    """One number or choice of a version; absent keys take the default, which is said on screen."""

    version = models.ForeignKey(RegulationVersion, models.PROTECT, related_name="parameters")
    key = models.CharField("Параметр", max_length=60)
    value = models.JSONField("Значение")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key"], name="regulation_parameter_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "version", "key", "value"}

    def __str__(self) -> str:
        return self.key


class Publication(Owned):
    """Where and when a version was published (U12, K-order 3)."""

    version = models.ForeignKey(RegulationVersion, models.PROTECT, related_name="publications")
    address = models.URLField("Адрес страницы")
    published_on = models.DateField("Опубликован")
    due_on = models.DateField("Срок", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Privacy:
        harmless = {
            "id", "school", "version", "address", "published_on", "due_on", "registered_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.address


class Acquaintance(Owned):
    """A member of staff was acquainted with a version (K-order 2)."""

    version = models.ForeignKey(RegulationVersion, models.PROTECT, related_name="acquaintances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    acquainted_on = models.DateField("Ознакомлен")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["version", "person"], name="regulation_acquaintance_once"
            ),
        ]

    class Privacy:
        personal = {"person"}
        harmless = {"id", "school", "version", "acquainted_on", "registered_by"}

    def __str__(self) -> str:
        return f"{self.person_id}"
