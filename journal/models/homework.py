"""Homework: given at a lesson, due at another, for all or for named pupils."""

from django.conf import settings
from django.db import models
from django.db.models import Q

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
    answer_wanted = models.BooleanField("Нужен ответ файлом", default=False)
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
            "for_all", "answer_wanted", "set_by", "set_at",
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


class HomeworkLink(Owned):
    """A link of a homework."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="links")
    url = models.URLField("Ссылка", max_length=500)
    title = models.CharField("Название", max_length=200, blank=True)

    class Privacy:
        harmless = {"id", "school", "homework", "url", "title"}

    def __str__(self) -> str:
        return self.title or self.url


class HomeworkAnswer(Owned):
    """A pupil's answer to a homework: words, a file, or both. A later one stands beside the earlier."""

    homework = models.ForeignKey(Homework, models.PROTECT, related_name="answers")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="homework_answers")
    text = models.TextField("Ответ", max_length=4000, blank=True)
    name = models.CharField("Имя файла", max_length=200, blank=True)
    stored = models.FileField(upload_to="answers/%Y/%m/", blank=True)
    size = models.PositiveIntegerField("Размер, байт", default=0)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField("Учитель видел", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(stored=""), name="journal_homeworkanswer_says"
            ),
        ]
        indexes = [models.Index(fields=["homework", "pupil"], name="journal_homeworkanswer_whose")]

    class Privacy:
        personal = {"pupil", "text", "name", "stored"}
        harmless = {
            "id", "school", "homework", "size", "content_type", "sha256", "sent_by", "sent_at", "seen_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.text[:60]
