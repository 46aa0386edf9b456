"""Acknowledgements: who saw what of a child's week, and when."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from people.models import Owned, Person, Pupil
from people.visibility import ScopedQuerySet


class Section(models.TextChoices):
    TIMETABLE = "timetable", "Расписание"
    FINALS = "finals", "Итоговые оценки"


class Channel(models.TextChoices):
    WEB = "web", "в дневнике"
    MESSAGE = "message", "сообщением"
    PAPER = "paper", "на бумаге"


class AcknowledgementQuerySet(ScopedQuerySet["Acknowledgement"]):
    def latest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class Acknowledgement(Owned):
    """A guardian acknowledged one version of a child's week (K4a) or was recorded to (K4b).

    `week` is its Monday; `version` a digest of what was shown; `seen` the facts themselves, so that
    a later change can be told («алгебра 4 → 5»). Rows are only added.
    """

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="acknowledgements")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="acknowledgements")
    section = models.CharField("Раздел", max_length=10, choices=Section.choices)
    week = models.DateField("Неделя (понедельник)")
    version = models.CharField(max_length=64)
    seen = models.JSONField(default=dict)
    channel = models.CharField("Способ", max_length=10, choices=Channel.choices)
    evidence = models.CharField("Подтверждение", max_length=500, blank=True)
    evidence_name = models.CharField("Имя файла", max_length=200, blank=True)
    evidence_file = models.FileField(upload_to="acknowledgements/%Y/%m/", blank=True)
    at = models.DateTimeField("Когда")
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["guardian", "pupil", "section", "week", "version"],
                name="diary_acknowledgement_once",
            ),
            models.CheckConstraint(
                condition=Q(channel="web") | ~Q(evidence="") | ~Q(evidence_file=""),
                name="diary_acknowledgement_evidence",
                violation_error_message="Укажите, чем подтверждено ознакомление.",
            ),
            models.CheckConstraint(
                condition=Q(week__iso_week_day=1), name="diary_acknowledgement_monday"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "week"], name="diary_ack_pupil_week")]

    class Privacy:
        personal = {
            "guardian", "pupil", "section", "week", "seen", "channel", "evidence", "evidence_name",
            "evidence_file", "at",
        }  # fmt: skip
        harmless = {"id", "school", "version", "registered_by"}

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.week}"


class ResultKind(models.TextChoices):
    PERIOD = "period", "за период"
    YEAR = "year", "годовая"
    EXAM = "exam", "экзамен"
    FINAL = "final", "итоговая"


class ResultView(Owned):
    """The first time that a guardian was shown a result: «просмотрено», no acquaintance (G2.1d).

    `result` is the id of the row shown, `value` what it said: a corrected result is seen anew.
    """

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="result_views")
    kind = models.CharField("Результат", max_length=6, choices=ResultKind.choices)
    result = models.UUIDField()
    value = models.CharField("Значение", max_length=20)
    first_at = models.DateTimeField("Когда")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["guardian", "result", "value"], name="diary_resultview_once"
            ),
        ]
        indexes = [models.Index(fields=["pupil"], name="diary_resultview_pupil")]

    class Privacy:
        personal = {"guardian", "pupil", "kind", "result", "value", "first_at"}
        harmless = {"id", "school"}

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.kind}"


class Reminder(Owned):
    """A guardian was reminded of a week that nobody acknowledged (G2.10.3): by a person, or by the job."""

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="reminders")
    week = models.DateField("Неделя (понедельник)")
    at = models.DateTimeField("Когда")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="diary_reminder_monday"),
        ]
        indexes = [models.Index(fields=["pupil", "week"], name="diary_reminder_pupil_week")]

    class Privacy:
        personal = {"guardian", "pupil", "week", "at"}
        harmless = {"id", "school", "by"}

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.week}"
