"""The pupil's portfolio of achievements (G3.1b)."""

import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from people.models import Owned, Pupil
from people.visibility import ScopedQuerySet


class AchievementKind(models.TextChoices):
    OLYMPIAD = "olympiad", "олимпиады и конкурсы"
    PROJECT = "project", "проекты и исследования"
    SPORT = "sport", "спорт"
    ART = "art", "творчество"
    COURSE = "course", "курсы и дополнительное образование"
    VOLUNTEERING = "volunteering", "волонтёрство"
    OTHER = "other", "другое"


class AchievementLevel(models.TextChoices):
    SCHOOL = "school", "школьный"
    MUNICIPAL = "municipal", "муниципальный"
    REGIONAL = "regional", "региональный"
    NATIONAL = "national", "всероссийский"
    INTERNATIONAL = "international", "международный"


class AchievementState(models.TextChoices):
    WAITING = "waiting", "ждёт подтверждения"
    CONFIRMED = "confirmed", "подтверждено"
    DECLINED = "declined", "не подтверждено"


class Audience(models.TextChoices):
    """Who sees an achievement besides the family and the class teacher: the guardian decides."""

    CLASS_TEACHER = "class", "семья и классный руководитель"
    TEACHERS = "teachers", "и учителя ребёнка"
    SCHOOL = "school", "и администрация школы"


class AchievementQuerySet(ScopedQuerySet["Achievement"]):
    def confirmed(self) -> Self:
        return self.filter(state=AchievementState.CONFIRMED)


class Achievement(Owned):
    """One achievement: added by the family, confirmed by the class teacher."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="achievements")
    kind = models.CharField("Вид", max_length=12, choices=AchievementKind.choices)
    level = models.CharField("Уровень", max_length=13, choices=AchievementLevel.choices)
    title = models.CharField("Название", max_length=200)
    outcome = models.CharField("Результат", max_length=100, blank=True)
    day = models.DateField("Дата")
    file_name = models.CharField("Имя файла", max_length=200, blank=True)
    file = models.FileField("Документ", upload_to="portfolio/%Y/%m/", blank=True)
    audience = models.CharField(
        "Кто видит", max_length=8, choices=Audience.choices, default=Audience.CLASS_TEACHER
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Добавлено")
    state = models.CharField(
        "Состояние",
        max_length=9,
        choices=AchievementState.choices,
        default=AchievementState.WAITING,
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField("Замечание", max_length=300, blank=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("checked_by", "checked_at"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(checked_at__isnull=False),
                name="diary_achievement_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(remark=""), name="diary_achievement_why"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "day"], name="diary_achievement_pupil")]

    class Privacy:
        personal = {
            "pupil",
            "kind",
            "level",
            "title",
            "outcome",
            "day",
            "file_name",
            "file",
            "remark",
        }
        harmless = {
            "id", "school", "audience", "added_by", "added_at", "state", "checked_by", "checked_at",
        }  # fmt: skip

    @property
    def stamp(self) -> str:
        """Tell one text with one document from another: the checker confirms what was seen."""
        seen = (self.kind, self.level, self.title, self.outcome, self.day, self.file.name or "")
        return hashlib.sha256("\n".join(map(str, seen)).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return self.title
