"""What the school says to families: announcements and notes of the class teacher, recommendations."""

from django.conf import settings
from django.db import models

from common.constraints import ordered
from people.models import Owned, Person, Pupil
from people.visibility import ScopedQuerySet
from school.models import SchoolClass, Subject


class Announcement(Owned):
    """Words to all families of the school, to those of one class, or about one pupil (a note).

    They stand in the diary from `since` to `until`; a note of the class teacher stands at `since`.
    """

    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="announcements"
    )
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, null=True, blank=True, related_name="announcements"
    )
    title = models.CharField("Заголовок", max_length=120)
    text = models.TextField("Текст", max_length=4000, blank=True)
    since = models.DateField("Показывать с")
    until = models.DateField("По")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("Опубликовано")
    withdrawn_at = models.DateTimeField("Снято", null=True, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]
        indexes = [
            models.Index(fields=["school", "since"], name="diary_announcement_since"),
            models.Index(fields=["pupil"], name="diary_announcement_pupil"),
        ]

    class Privacy:
        personal = {"pupil", "title", "text"}
        harmless = {
            "id", "school", "school_class", "since", "until", "author", "published_at", "withdrawn_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title


class AnnouncementReading(Owned):
    """A member of a family opened an announcement."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["announcement", "person"], name="diary_announcementreading_once"
            ),
        ]

    class Privacy:
        personal = {"person", "read_at"}
        harmless = {"id", "school", "announcement"}

    def __str__(self) -> str:
        return f"{self.announcement_id}"


class Recommendation(Owned):
    """A teacher's recommendation to one pupil (T2c); `batch` is common to those written at once."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="recommendations")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.UUIDField()
    text = models.TextField("Рекомендация", max_length=2000)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField("Когда")
    withdrawn_at = models.DateTimeField("Отозвана", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "pupil"], name="diary_recommendation_once"),
        ]
        indexes = [models.Index(fields=["pupil", "given_at"], name="diary_recommendation_pupil")]

    class Privacy:
        personal = {"pupil", "text"}
        harmless = {
            "id", "school", "subject", "batch", "author", "given_by", "given_at", "withdrawn_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]


class RecommendationReading(Owned):
    """A member of the family marked a recommendation as read."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["recommendation", "person"], name="diary_recommendationreading_once"
            ),
        ]

    class Privacy:
        personal = {"person", "read_at"}
        harmless = {"id", "school", "recommendation"}

    def __str__(self) -> str:
        return f"{self.recommendation_id}"
