"""Scales, kinds of work, and the works of a lesson."""

from django.db import models
from django.db.models import Q

from common.constraints import ordered
from people.models import Owned
from school.models import Lesson


class Scale(Owned):
    """Marks that may be given: the values in order and the number each counts for."""

    code = models.CharField("Код", max_length=10)
    name = models.CharField("Название", max_length=60)
    values = models.JSONField("Значения: {запись: число или null}")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.UniqueConstraint(fields=["school", "code", "since"], name="journal_scale_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "code", "name", "values", "since", "until"}

    def __str__(self) -> str:
        return self.name


class WorkKind(Owned):
    """A kind of work with its weight. A changed weight is a new version: old works keep theirs."""

    code = models.CharField("Код", max_length=10)
    name = models.CharField("Вид работы", max_length=80)
    letter = models.CharField("Буква", max_length=2)
    weight = models.DecimalField("Вес", max_digits=4, decimal_places=2, default=1)
    is_control = models.BooleanField("Контрольная", default=False)
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.UniqueConstraint(
                fields=["school", "code", "since"], name="journal_workkind_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="journal_workkind_weight_positive",
                violation_error_message="Вес работы больше нуля.",
            ),
        ]

    class Privacy:
        harmless = {
            "id",
            "school",
            "code",
            "name",
            "letter",
            "weight",
            "is_control",
            "since",
            "until",
        }

    def __str__(self) -> str:
        return self.name


class Work(Owned):
    """What marks of a lesson are given for. `number` orders the works of one lesson."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="works")
    kind = models.ForeignKey(WorkKind, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("Номер в уроке", default=1)
    title = models.CharField("Название", max_length=200, blank=True)
    weight = models.DecimalField("Вес", max_digits=4, decimal_places=2)
    counts = models.BooleanField("Входит в средний балл", default=True)
    minutes = models.PositiveSmallIntegerField("Минут", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["lesson", "number"], name="journal_work_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="journal_work_weight_positive",
                violation_error_message="Вес работы больше нуля.",
            ),
        ]

    class Privacy:
        harmless = {
            "id", "school", "lesson", "kind", "number", "title", "weight", "counts", "minutes",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title or f"{self.kind_id}"
