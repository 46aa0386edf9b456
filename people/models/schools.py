"""Schools and their branches."""

import zoneinfo
from datetime import date, datetime, tzinfo

from django.db import models

from common.ids import uuid7
from people.visibility import ScopedQuerySet


class School(models.Model):
    """A school, or a branch (филиал) of one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches"
    )
    name = models.CharField("Полное название", max_length=300)
    short_name = models.CharField("Краткое название", max_length=120)
    address = models.CharField("Адрес", max_length=300, blank=True)
    phone = models.CharField("Телефон", max_length=40, blank=True)
    email = models.EmailField("Почта", blank=True)
    site = models.URLField("Сайт", blank=True)
    time_zone = models.CharField("Часовой пояс", max_length=40, default="Europe/Moscow")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Privacy:
        harmless = {
            "id", "parent", "name", "short_name", "address", "phone", "email", "site", "time_zone",
            "created_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.short_name

    @property
    def zone(self) -> tzinfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """Return the school's own date at that moment: the server's zone is nobody's."""
        return moment.astimezone(self.zone).date()


class Setting(models.Model):
    """A school's setting in force between dates, with the local act that grounds it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="settings")
    key = models.CharField("Настройка", max_length=60)
    value = models.JSONField("Значение")
    since = models.DateField("Действует с")
    until = models.DateField("Действует по", null=True, blank=True)
    act = models.CharField("Локальный акт", max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="people_setting_school_id"),
            models.UniqueConstraint(
                fields=["school", "key", "since"], name="people_setting_key_since"
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "key", "value", "since", "until", "act"}

    def __str__(self) -> str:
        return self.key
