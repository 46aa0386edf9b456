"""The calendar-thematic plan (КТП): units and topics, and the lessons that they were given at."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from journal.models.works import WorkKind
from people.models import Owned
from school.models import Course, Lesson, LessonKind, Subject


class Programme(Owned):
    """A plan of a subject for a year: its author's own, copied between years and parallel courses."""

    year = models.IntegerField("Учебный год")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    grade_level = models.PositiveSmallIntegerField("Параллель")
    name = models.CharField("Название", max_length=200)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(grade_level__gte=1, grade_level__lte=11), name="journal_programme_grade"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "year", "subject"], name="journal_programme_subject")
        ]

    class Privacy:
        harmless = {
            "id", "school", "year", "subject", "grade_level", "name", "copied_from", "made_by", "made_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Unit(Owned):
    """A section of a programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="units")
    number = models.PositiveSmallIntegerField("Номер")
    title = models.CharField("Раздел", max_length=300)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="journal_unit_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "programme", "number", "title"}

    def __str__(self) -> str:
        return self.title


class Topic(Owned):
    """A topic of a programme. `number` orders the topics of the whole programme; `hours` ≥ 1 lessons."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="topics")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="topics")
    number = models.PositiveSmallIntegerField("Номер")
    title = models.CharField("Тема", max_length=500)
    hours = models.PositiveSmallIntegerField("Часов", default=1)
    lesson_kind = models.CharField(
        "Тип урока", max_length=10, choices=LessonKind.choices, default=LessonKind.ORDINARY
    )
    work_kind = models.ForeignKey(
        WorkKind, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the planned work, on the topic's last hour
    homework = models.CharField("Домашнее задание", max_length=1000, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="journal_topic_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(hours__gte=1), name="journal_topic_hours"),
        ]

    class Privacy:
        harmless = {
            "id", "school", "programme", "unit", "number", "title", "hours", "lesson_kind", "work_kind",
            "homework",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title


class CourseProgramme(Owned):
    """The programme that a course follows."""

    course = models.OneToOneField(Course, models.PROTECT, related_name="programme")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="courses")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Privacy:
        harmless = {"id", "school", "course", "programme", "set_by", "set_at"}

    def __str__(self) -> str:
        return f"{self.course_id} {self.programme_id}"


class LessonTopic(Owned):
    """The topic of the programme that a recorded lesson gave. Coming lessons are laid when they are read."""

    lesson = models.OneToOneField(Lesson, models.CASCADE, related_name="planned")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="lessons")
    hour = models.PositiveSmallIntegerField("Который час темы", default=1)

    class Meta:
        constraints = [*Owned.Meta.constraints]
        indexes = [models.Index(fields=["topic"], name="journal_lessontopic_topic")]

    class Privacy:
        harmless = {"id", "school", "lesson", "topic", "hour"}

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.topic_id}"
