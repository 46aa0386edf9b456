"""A class's day: notes that explain absences, eaters of the canteen, marks of behaviour."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from journal.models.entries import AbsenceCode
from people.models import Owned, Pupil
from school.models import SchoolClass


class AbsenceNote(Owned):
    """A certificate (справка, заявление) for dates, or for lessons of one day: absences in it take the reason."""

    year = models.IntegerField("Учебный год")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="absence_notes")
    since = models.DateField("С")
    until = models.DateField("По")
    first_lesson = models.PositiveSmallIntegerField("С урока", null=True, blank=True)
    last_lesson = models.PositiveSmallIntegerField("По урок", null=True, blank=True)
    code = models.CharField("Причина", max_length=8, choices=AbsenceCode.choices)
    document = models.CharField("Документ", max_length=200)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            ordered("first_lesson", "last_lesson"),
            paired("first_lesson", "last_lesson"),
            models.CheckConstraint(
                condition=Q(first_lesson__isnull=True) | Q(since=models.F("until")),
                name="journal_absencenote_one_day",
            ),
            models.CheckConstraint(
                condition=Q(code__in=[AbsenceCode.ILL, AbsenceCode.EXCUSED]),
                name="journal_absencenote_reason",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "since"], name="journal_absencenote_pupil")]

    class Privacy:
        special = {"code", "document"}
        personal = {"pupil"}
        harmless = {
            "id", "school", "year", "since", "until", "first_lesson", "last_lesson", "set_by", "set_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.document


class MealCount(Owned):
    """How many pupils of a class eat in the canteen on a day."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+")
    day = models.DateField("Дата")
    eaters = models.PositiveSmallIntegerField("Едят")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["school_class", "day"], name="journal_mealcount_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "school_class", "day", "eaters", "set_by", "set_at"}

    def __str__(self) -> str:
        return f"{self.day}: {self.eaters}"


class BehaviourMark(Owned):
    """A mark of behaviour, of a day (with what happened) or, where `day` is empty, of a period.

    The school switches the register on and chooses its scale (`journal.norms`), off by default.
    """

    year = models.IntegerField("Учебный год")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="behaviour_marks")
    period = models.ForeignKey("school.Period", models.PROTECT, related_name="+")
    day = models.DateField("Дата", null=True, blank=True)
    value = models.CharField("Отметка", max_length=20)
    comment = models.CharField("За что", max_length=500, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["pupil", "period"],
                condition=Q(day__isnull=True),
                name="journal_behaviourmark_period_once",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "period"], name="journal_behaviour_pupil")]

    class Privacy:
        personal = {"pupil", "value", "comment"}
        harmless = {"id", "school", "year", "period", "day", "set_by", "set_at", "rev"}

    def __str__(self) -> str:
        return self.value
