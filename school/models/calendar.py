"""The school year: periods, vacations, days off, bells, the status of a day."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from people.models import Owned
from people.visibility import ScopedQuerySet


class SchoolYear(Owned):
    """A school year, named by the calendar year in which it begins. A closed one is read-only."""

    year = models.IntegerField("Учебный год")
    starts = models.DateField("Начало")
    ends = models.DateField("Окончание")
    week_days = models.PositiveSmallIntegerField("Учебных дней в неделю", default=5)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("starts", "ends"),
            paired("closed_by", "closed_at"),
            models.UniqueConstraint(fields=["school", "year"], name="school_schoolyear_once"),
            models.CheckConstraint(
                condition=Q(week_days__in=[5, 6]), name="school_schoolyear_week_days"
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "year", "starts", "ends", "week_days", "closed_at", "closed_by"}

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"


class PeriodKind(models.TextChoices):
    QUARTER = "quarter", "четверть"
    TRIMESTER = "trimester", "триместр"
    HALF_YEAR = "half_year", "полугодие"
    MODULE = "module", "модуль"


class PeriodQuerySet(ScopedQuerySet["Period"]):
    def for_grade(self, grade_level: int) -> Self:
        return self.filter(grade_from__lte=grade_level, grade_to__gte=grade_level)

    def at(self, day: date) -> Self:
        return self.filter(starts__lte=day, ends__gte=day)


class Period(Owned):
    """A reporting period of some grade levels (quarters for 1-9, half-years for 10-11 …)."""

    year = models.IntegerField("Учебный год")
    kind = models.CharField("Вид", max_length=10, choices=PeriodKind.choices)
    number = models.PositiveSmallIntegerField("Номер")
    starts = models.DateField("Начало")
    ends = models.DateField("Окончание")
    grade_from = models.PositiveSmallIntegerField("С класса", default=1)
    grade_to = models.PositiveSmallIntegerField("По класс", default=11)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("starts", "ends"),
            models.UniqueConstraint(
                fields=["school", "year", "kind", "number", "grade_from"], name="school_period_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    grade_from__gte=1, grade_to__lte=11, grade_from__lte=models.F("grade_to")
                ),
                name="school_period_grades",
            ),
        ]

    class Privacy:
        harmless = {
            "id", "school", "year", "kind", "number", "starts", "ends", "grade_from", "grade_to",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """«II четверть»."""
        return f"{('I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII')[self.number - 1]} {self.get_kind_display()}"


class Vacation(Owned):
    """Vacation of all classes, of some grade levels, or of the named classes."""

    year = models.IntegerField("Учебный год")
    name = models.CharField("Название", max_length=100)
    starts = models.DateField("Начало")
    ends = models.DateField("Окончание")
    grade_from = models.PositiveSmallIntegerField("С класса", default=1)
    grade_to = models.PositiveSmallIntegerField("По класс", default=11)

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("starts", "ends")]

    class Privacy:
        harmless = {"id", "school", "year", "name", "starts", "ends", "grade_from", "grade_to"}

    def __str__(self) -> str:
        return self.name


class VacationClass(Owned):
    """Narrows a vacation to named classes; without any the grade levels hold."""

    vacation = models.ForeignKey(Vacation, models.CASCADE, related_name="classes")
    school_class = models.ForeignKey("school.SchoolClass", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["vacation", "school_class"], name="school_vacationclass_once"
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "vacation", "school_class"}

    def __str__(self) -> str:
        return f"{self.vacation_id} {self.school_class_id}"


class SpecialDayKind(models.TextChoices):
    OFF = "off", "выходной"
    SHORT = "short", "сокращённый день"
    WORKING = "working", "перенесённый рабочий день"


class SpecialDay(Owned):
    """A public holiday, a shortened day or a moved working day (production calendar)."""

    day = models.DateField("Дата")
    kind = models.CharField("Вид", max_length=10, choices=SpecialDayKind.choices)
    name = models.CharField("Название", max_length=100, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "day"], name="school_specialday_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "day", "kind", "name"}

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class BellSchedule(Owned):
    """Times of lessons; may differ by weekday, shift and date."""

    year = models.IntegerField("Учебный год")
    name = models.CharField("Название", max_length=100)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="Дни недели (1-7)")
    shift = models.PositiveSmallIntegerField("Смена", default=1)
    since = models.DateField("С", null=True, blank=True)
    until = models.DateField("По", null=True, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]

    class Privacy:
        harmless = {"id", "school", "year", "name", "weekdays", "shift", "since", "until"}

    def __str__(self) -> str:
        return self.name


class BellSlot(Owned):
    """One lesson's place in the day."""

    schedule = models.ForeignKey(BellSchedule, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField("Номер урока")
    starts = models.TimeField("Начало")
    ends = models.TimeField("Окончание")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["schedule", "number"], name="school_bellslot_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")), name="school_bellslot_forward"
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "schedule", "number", "starts", "ends"}

    def __str__(self) -> str:
        return f"{self.number}"


class DayStatusKind(models.TextChoices):
    ORDINARY = "ordinary", "обычный день"
    DISTANCE = "distance", "дистанционно"
    QUARANTINE = "quarantine", "карантин"
    FROST = "frost", "актированный день"


class DayStatus(Owned):
    """How a class learns on a day when it is not as usual; without a class: the whole school."""

    day = models.DateField("Дата")
    school_class = models.ForeignKey(
        "school.SchoolClass", models.CASCADE, null=True, blank=True, related_name="day_statuses"
    )
    shift = models.PositiveSmallIntegerField("Смена", null=True, blank=True)
    kind = models.CharField("Статус", max_length=12, choices=DayStatusKind.choices)
    note = models.CharField("Пояснение", max_length=300, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "day", "school_class", "shift"],
                nulls_distinct=False,
                name="school_daystatus_once",
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "day", "school_class", "shift", "kind", "note"}

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
