"""What the deputy head does with the journals: opens, remarks, is told of unusual edits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import paired
from people.models import Owned, Person
from school.models import Course, Lesson


class Reopening(Owned):
    """A locked lesson opened for one person until a moment, with a reason; the teacher may ask for it."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="reopenings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_reason = models.CharField("Зачем", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField("Открыт до", null=True, blank=True)  # empty: refused, or undecided
    reason = models.CharField("Основание", max_length=500, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("decided_by", "decided_at"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False) | Q(decided_at__isnull=False),
                name="journal_reopening_begun",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="journal_reopening_reasoned",
            ),
            models.UniqueConstraint(
                fields=["lesson", "person"],
                condition=Q(decided_at__isnull=True),
                name="journal_reopening_asked_once",
            ),
        ]
        indexes = [models.Index(fields=["lesson", "person"], name="journal_reopening_lesson")]

    class Privacy:
        personal = {"person", "asked_reason", "reason"}
        harmless = {"id", "school", "lesson", "asked_at", "decided_by", "decided_at", "until"}

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.person_id}"


class RemarkKind(models.TextChoices):
    """What is not in order; all but `other` are found, and closed, by the program."""

    NOT_RECORDED = "not_recorded", "урок не записан"
    NO_TOPIC = "no_topic", "нет темы"
    NO_HOMEWORK = "no_homework", "нет домашнего задания"
    MARKS_OVERDUE = "marks_overdue", "нет отметок за работу"
    OTHER = "other", "другое"


class Remark(Owned):
    """A remark to a teacher about a journal, with a term and an answer; closed when it is corrected."""

    year = models.IntegerField("Учебный год")
    course = models.ForeignKey(Course, models.PROTECT, related_name="remarks")
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField("О чём", max_length=14, choices=RemarkKind.choices)
    text = models.CharField("Замечание", max_length=1000, blank=True)
    due_day = models.DateField("Исправить до")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: found by the weekly check
    raised_at = models.DateTimeField()
    answer = models.CharField("Ответ учителя", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty while closed_at is set: closed by the program, because it was corrected
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("answered_by", "answered_at"),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(text=""), name="journal_remark_says"
            ),
            models.UniqueConstraint(
                fields=["lesson", "kind"],
                condition=Q(closed_at__isnull=True, raised_by__isnull=True),
                name="journal_remark_found_once",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "teacher"], name="journal_remark_teacher"),
            models.Index(fields=["course"], name="journal_remark_course"),
        ]

    class Privacy:
        personal = {"teacher", "text", "answer"}
        harmless = {
            "id", "school", "year", "course", "lesson", "kind", "due_day", "raised_by", "raised_at",
            "answered_by", "answered_at", "closed_by", "closed_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.text or self.get_kind_display()


class UnusualKind(models.TextChoices):
    NIGHT = "night", "запись ночью"
    MANY = "many", "много изменений сразу"
    NEW_DEVICE = "new_device", "новое устройство"
    RAISED = "raised", "повышены отметки подписанного периода"


class UnusualEdit(Owned):
    """An edit that its author and the deputy head are told of."""

    year = models.IntegerField("Учебный год")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField("Что необычно", max_length=12, choices=UnusualKind.choices)
    operation = models.UUIDField(null=True, blank=True)  # journal.Operation, where it can be undone
    at = models.DateTimeField("Когда")
    count = models.PositiveIntegerField("Изменений", default=1)
    details = models.CharField("Подробно", max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # «это я», by the author
    denied_at = models.DateTimeField(null=True, blank=True)  # «это не я»
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [*Owned.Meta.constraints, paired("seen_by", "seen_at")]
        indexes = [models.Index(fields=["school", "at"], name="journal_unusualedit_at")]

    class Privacy:
        personal = {"details"}
        harmless = {
            "id", "school", "year", "course", "user", "kind", "operation", "at", "count",
            "confirmed_at", "denied_at", "seen_by", "seen_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()


class Presence(Owned):
    """Who has a journal open: touched by every poll, worthless after a minute (unlogged table)."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["course", "user"], name="journal_presence_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "course", "user", "seen_at"}

    def __str__(self) -> str:
        return f"{self.course_id} {self.user_id}"
