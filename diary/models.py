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
                condition=Q(channel="web") | ~Q(evidence=""),
                name="diary_acknowledgement_evidence",
                violation_error_message="Укажите, чем подтверждено ознакомление.",
            ),
            models.CheckConstraint(
                condition=Q(week__iso_week_day=1), name="diary_acknowledgement_monday"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "week"], name="diary_ack_pupil_week")]

    class Privacy:
        personal = {"guardian", "pupil", "section", "week", "seen", "channel", "evidence", "at"}
        harmless = {"id", "school", "version", "registered_by"}

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.week}"
