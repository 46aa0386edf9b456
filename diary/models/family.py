"""What a family writes itself: a homework done, an absence told, a calendar of its own."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from journal.models import AbsenceNote, Homework
from people.models import Owned, Pupil
from people.visibility import ScopedQuerySet


class DoneTask(Owned):
    """The pupil ticked a homework as done: her own mark, seen by her guardians and by nobody else."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="done_tasks")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["pupil", "homework"], name="diary_donetask_once"),
        ]

    class Privacy:
        personal = {"pupil", "done_at"}
        harmless = {"id", "school", "homework", "done_by"}

    def __str__(self) -> str:
        return f"{self.homework_id}"


class AbsenceReason(models.TextChoices):
    """Why a child will not come: no diagnosis is asked or kept, «болезнь» is health data already."""

    ILL = "ill", "болезнь"
    DOCTOR = "doctor", "приём у врача"
    FAMILY = "family", "семейные обстоятельства"
    EVENT = "event", "олимпиада, соревнование, выступление"
    OTHER = "other", "другая причина"


class ReportState(models.TextChoices):
    SENT = "sent", "отправлено"
    ACCEPTED = "accepted", "принято классным руководителем"
    DECLINED = "declined", "не принято"
    WITHDRAWN = "withdrawn", "отозвано"


class AbsenceReportQuerySet(ScopedQuerySet["AbsenceReport"]):
    def waiting(self) -> Self:
        return self.filter(state=ReportState.SENT)


class AbsenceReport(Owned):
    """«Сообщить об отсутствии»: days, or lessons of one day; accepted, it becomes a note of the journal."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="absence_reports")
    since = models.DateField("С")
    until = models.DateField("По")
    first_lesson = models.PositiveSmallIntegerField("С урока", null=True, blank=True)
    last_lesson = models.PositiveSmallIntegerField("По урок", null=True, blank=True)
    reason = models.CharField("Причина", max_length=10, choices=AbsenceReason.choices)
    comment = models.CharField("Пояснение", max_length=500, blank=True)
    file_name = models.CharField("Имя файла", max_length=200, blank=True)
    file = models.FileField("Файл", upload_to="absences/%Y/%m/", blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField("Отправлено")
    state = models.CharField(
        "Состояние", max_length=10, choices=ReportState.choices, default=ReportState.SENT
    )
    answer = models.CharField("Ответ", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.ForeignKey(
        AbsenceNote, models.SET_NULL, null=True, blank=True, related_name="reports"
    )

    objects = AbsenceReportQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            ordered("first_lesson", "last_lesson"),
            paired("first_lesson", "last_lesson"),
            paired("answered_by", "answered_at"),
            models.CheckConstraint(
                condition=Q(first_lesson__isnull=True) | Q(since=models.F("until")),
                name="diary_absencereport_one_day",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(comment=""),
                name="diary_absencereport_words",
                violation_error_message="Напишите, какая причина.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "withdrawn"]) | Q(answered_at__isnull=False),
                name="diary_absencereport_answered",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "since"], name="diary_absencereport_pupil")]

    class Privacy:
        special = {"reason", "comment", "file", "file_name", "answer"}
        personal = {"pupil", "since", "until", "first_lesson", "last_lesson"}
        harmless = {
            "id", "school", "reported_by", "reported_at", "state", "answered_by", "answered_at", "note",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.since}"


class CalendarFeed(Owned):
    """A secret address of a child's calendar; only the digest of the secret is kept."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("Создан")
    revoked_at = models.DateTimeField("Отозван", null=True, blank=True)
    read_at = models.DateTimeField("Обращались", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["pupil", "user"],
                condition=Q(revoked_at__isnull=True),
                name="diary_calendarfeed_one",
            ),
        ]

    class Privacy:
        personal = {"pupil", "user", "digest", "read_at"}
        harmless = {"id", "school", "made_at", "revoked_at"}

    def __str__(self) -> str:
        return f"{self.made_at}"
