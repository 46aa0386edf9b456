"""Scales, kinds of work, and the works of a lesson."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered
from people.models import Owned, Pupil
from school.models import Lesson


class Scale(Owned):
    """Marks that may be given: the values in order and the number each counts for."""

    code = models.CharField("Код", max_length=10)
    name = models.CharField("Название", max_length=60)
    values = models.JSONField("Значения: {запись: число или null}")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)
    # {mark: the least per cent of points}: turns points by criteria into a mark; empty: no criteria
    by_points = models.JSONField("Перевод баллов: {запись: процент}", default=dict, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.UniqueConstraint(fields=["school", "code", "since"], name="journal_scale_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "code", "name", "values", "since", "until", "by_points"}

    def __str__(self) -> str:
        return self.name


class ControlKind(models.TextChoices):
    CURRENT = "current", "текущий"
    THEMATIC = "thematic", "тематический"
    INTERIM = "interim", "промежуточный"
    EXTERNAL = "external", "внешний (ВПР, диагностика)"


class Colour(models.TextChoices):
    """A colour of a kind of work; never the only sign: the letter stands beside it."""

    NONE = "none", "без цвета"
    RED = "red", "красный"
    AMBER = "amber", "жёлтый"
    GREEN = "green", "зелёный"
    TEAL = "teal", "бирюзовый"
    BLUE = "blue", "синий"
    VIOLET = "violet", "фиолетовый"


class WorkKind(Owned):
    """A kind of work with its weight. A changed weight is a new version: old works keep theirs."""

    code = models.CharField("Код", max_length=10)
    name = models.CharField("Вид работы", max_length=80)
    letter = models.CharField("Буква", max_length=2)
    weight = models.DecimalField("Вес", max_digits=4, decimal_places=2, default=1)
    is_control = models.BooleanField("Контрольная", default=False)
    control = models.CharField(
        "Вид контроля", max_length=10, choices=ControlKind.choices, default=ControlKind.CURRENT
    )
    colour = models.CharField("Цвет", max_length=8, choices=Colour.choices, default=Colour.NONE)
    counts = models.BooleanField("Входит в средний балл", default=True)
    minutes = models.PositiveSmallIntegerField("Минут", null=True, blank=True)
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
            "control",
            "colour",
            "counts",
            "minutes",
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


class Criterion(Owned):
    """A criterion of a work, with the most points it gives."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField("Номер")
    name = models.CharField("Критерий", max_length=200)
    maximum = models.PositiveSmallIntegerField("Баллов, не больше")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["work", "number"], name="journal_criterion_once"),
            models.CheckConstraint(condition=Q(maximum__gte=1), name="journal_criterion_maximum"),
        ]

    class Privacy:
        harmless = {"id", "school", "work", "number", "name", "maximum"}

    def __str__(self) -> str:
        return self.name


class CriterionPoints(Owned):
    """The points of a pupil by one criterion."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="points")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField("Баллов")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["criterion", "pupil"], name="journal_criterionpoints_once"
            ),
        ]

    class Privacy:
        personal = {"pupil", "points"}
        harmless = {"id", "school", "criterion", "set_by", "set_at"}

    def __str__(self) -> str:
        return str(self.points)
