"""Homework: given at a lesson, due at another, for all or for named pupils."""

from django.conf import settings
from django.db import models

from people.models import Owned, Pupil
from people.visibility import ScopedQuerySet
from school.models import Lesson, LessonForm


class Homework(Owned):
    """What was set at `lesson` for `due_day` (and `due_lesson`, where it is known)."""

    year = models.IntegerField("Учебный год")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="homework")
    due_lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="due_homework"
    )
    due_day = models.DateField("Срок")
    text = models.TextField("Задание", max_length=4000)
    minutes = models.PositiveSmallIntegerField("Минут", null=True, blank=True)
    form = models.CharField(
        "Форма", max_length=10, choices=LessonForm.choices, default=LessonForm.IN_CLASS
    )
    for_all = models.BooleanField("Всей группе", default=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [*Owned.Meta.constraints]
        indexes = [
            models.Index(fields=["lesson"], name="journal_homework_lesson"),
            models.Index(fields=["due_lesson"], name="journal_homework_due"),
        ]

    class Privacy:
        harmless = {
            "id", "school", "year", "lesson", "due_lesson", "due_day", "text", "minutes", "form",
            "for_all", "set_by", "set_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]


class HomeworkPupil(Owned):
    """Homework for named pupils (individualised): who they are."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="pupils")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["homework", "pupil"], name="journal_homeworkpupil_once"
            ),
        ]

    class Privacy:
        personal = {"pupil"}
        harmless = {"id", "school", "homework"}

    def __str__(self) -> str:
        return f"{self.homework_id}"


class HomeworkFile(Owned):
    """A file of a homework, served only through a view that checks access."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="files")
    name = models.CharField("Имя файла", max_length=200)
    stored = models.FileField(upload_to="homework/%Y/%m/")
    size = models.PositiveIntegerField("Размер, байт")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Privacy:
        harmless = {
            "id", "school", "homework", "name", "stored", "size", "content_type", "sha256",
            "added_by", "added_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name
