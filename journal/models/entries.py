"""Marks and absences: partitioned by school year, recorded and numbered by triggers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from common.ids import uuid7
from journal.models.works import Work
from people.models import Pupil, School
from people.visibility import ScopedQuerySet
from school.models import Course, Lesson, Period

OWED = "."  # точка: the pupil still owes the work


class MarkQuerySet(ScopedQuerySet["Mark"]):
    def for_period(self, period: Period) -> Self:
        return self.filter(
            year=period.year, lesson__day__gte=period.starts, lesson__day__lte=period.ends
        )


class Mark(models.Model):
    """One mark of one pupil for a work of a lesson; a cell holds a list of them in `position` order.

    `value` is what is written («5», «зач»), `score` the number it counts for in averages or null.
    A retake stands after the mark that it retakes and counts by the rule of its day: the scores say how.
    «.» (точка) is a mark still owed, until `due_day`: a debt.
    `rev` comes from one sequence: a cell's revision is the sum of the revisions in it, 0 if empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.IntegerField("Учебный год")
    school = models.ForeignKey(
        School, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="marks", db_constraint=False)
    work = models.ForeignKey(
        Work, models.PROTECT, related_name="marks", db_constraint=False, db_index=False
    )
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, related_name="marks", db_constraint=False, db_index=False
    )
    position = models.PositiveSmallIntegerField("Место в клетке", default=1)
    value = models.CharField("Отметка", max_length=6)
    score = models.DecimalField("Число", max_digits=5, decimal_places=2, null=True)
    retake = models.BooleanField("Пересдача", default=False, db_default=False)
    due_day = models.DateField("Долг до", null=True, blank=True)
    comment = models.CharField("Комментарий", max_length=500, blank=True)
    rev = models.BigIntegerField(default=0)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    set_at = models.DateTimeField()

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "lesson", "pupil", "position"], name="journal_mark_place_once"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="journal_mark_has_value"),
            models.CheckConstraint(
                condition=Q(value=OWED, due_day__isnull=False)
                | (~Q(value=OWED) & Q(due_day__isnull=True)),
                name="journal_mark_owed_until",
            ),
            models.CheckConstraint(
                condition=Q(retake=False) | Q(position__gt=1), name="journal_mark_retakes_one"
            ),
        ]
        indexes = [models.Index(fields=["school", "pupil", "lesson"], name="journal_mark_pupil")]

    class Privacy:
        personal = {"pupil", "value", "score", "comment", "retake", "due_day"}
        harmless = {
            "id", "year", "school", "lesson", "work", "position", "rev", "set_by", "set_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.value


class AbsenceCode(models.TextChoices):
    """The letter on the screen; print shows «н» for all but late."""

    ABSENT = "absent", "н"
    ILL = "ill", "б"
    EXCUSED = "excused", "у"
    LATE = "late", "о"


class Absence(models.Model):
    """A pupil was absent from a lesson, or late for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.IntegerField("Учебный год")
    school = models.ForeignKey(
        School, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="absences", db_constraint=False)
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, related_name="absences", db_constraint=False, db_index=False
    )
    code = models.CharField("Отметка о пропуске", max_length=8, choices=AbsenceCode.choices)
    reason = models.CharField("Причина", max_length=200, blank=True)
    rev = models.BigIntegerField(default=0)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    set_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "lesson", "pupil"], name="journal_absence_once"
            ),
            models.CheckConstraint(
                condition=Q(code__in=AbsenceCode.values), name="journal_absence_code_known"
            ),
        ]
        indexes = [models.Index(fields=["school", "pupil", "lesson"], name="journal_absence_pupil")]

    class Privacy:
        special = {"code", "reason"}
        personal = {"pupil"}
        harmless = {"id", "year", "school", "lesson", "rev", "set_by", "set_at"}

    def __str__(self) -> str:
        return self.get_code_display()


class Operation(models.Model):
    """A client's save, by the client's own id: a repeat gets the first answer.

    `before` holds what a bulk change found, `{"lesson pupil": text}`, so that it can be rolled back.
    """

    id = models.UUIDField(primary_key=True)
    year = models.IntegerField("Учебный год")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    request = models.CharField(max_length=64)
    answer = models.JSONField()
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    before = models.JSONField(null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rolled_back_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [paired("rolled_back_by", "rolled_back_at")]

    class Privacy:
        personal = {"answer", "before"}
        harmless = {
            "id", "year", "school", "user", "request", "made_at", "course", "rolled_back_by",
            "rolled_back_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return str(self.id)
