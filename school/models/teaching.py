"""Subjects, courses, the curriculum, the timetable and the lessons held by it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from people.models import Owned, Person
from people.visibility import ScopedQuerySet
from school.models.structure import StudyGroup


class Room(Owned):
    name = models.CharField("Кабинет", max_length=40)
    capacity = models.PositiveSmallIntegerField("Мест", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "name"], name="school_room_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "name", "capacity"}

    def __str__(self) -> str:
        return self.name


class Subject(Owned):
    """A subject. `marks_in_cell`: how many marks a cell may hold (Russian and literature: two).

    `sets_homework` is off where nothing is set for home (physical education): nobody is told it lacks.
    """

    name = models.CharField("Предмет", max_length=120)
    short_name = models.CharField("Кратко", max_length=30)
    sort_key = models.CharField(max_length=130, editable=False)
    marks_in_cell = models.PositiveSmallIntegerField("Отметок в клетке", default=2)
    sets_homework = models.BooleanField("Задаётся на дом", default=True, db_default=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "name"], name="school_subject_once"),
        ]

    class Privacy:
        harmless = {
            "id",
            "school",
            "name",
            "short_name",
            "sort_key",
            "marks_in_cell",
            "sets_homework",
        }

    def __str__(self) -> str:
        return self.name


class CourseKind(models.TextChoices):
    LESSON = "lesson", "урок"
    ELECTIVE = "elective", "факультатив"
    EXTRACURRICULAR = "extracurricular", "внеурочная деятельность"
    CLASS_HOUR = "class_hour", "классный час"


class CourseQuerySet(ScopedQuerySet["Course"]):
    def with_names(self) -> Self:
        return self.select_related("group", "subject", "group__school_class")


class Course(Owned):
    """A subject taught to a group: it has a journal of its own."""

    year = models.IntegerField("Учебный год")
    group = models.ForeignKey(StudyGroup, models.PROTECT, related_name="courses")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="courses")
    kind = models.CharField(
        "Вид", max_length=15, choices=CourseKind.choices, default=CourseKind.LESSON
    )
    hours_per_week = models.DecimalField("Часов в неделю", max_digits=4, decimal_places=1)
    in_averages = models.BooleanField("Входит в средние", default=True)
    scale_code = models.CharField("Шкала", max_length=10, default="five")

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["group", "subject", "kind"], name="school_course_once"),
        ]

    class Privacy:
        harmless = {
            "id", "school", "year", "group", "subject", "kind", "hours_per_week", "in_averages",
            "scale_code",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject}, {self.group}"


class CourseTeacherQuerySet(ScopedQuerySet["CourseTeacher"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class CourseTeacher(Owned):
    """Who teaches a course between dates; there may be two."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="teachers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="taught_courses")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    objects = CourseTeacherQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]

    class Privacy:
        personal = {"person"}
        harmless = {"id", "school", "course", "since", "until"}

    def __str__(self) -> str:
        return f"{self.course_id} {self.person_id}"


class Curriculum(Owned):
    """Hours of a subject by the curriculum (учебный план) of a class or of an individual plan."""

    year = models.IntegerField("Учебный год")
    group = models.ForeignKey(StudyGroup, models.PROTECT, related_name="curriculum")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    hours_per_week = models.DecimalField("Часов в неделю", max_digits=4, decimal_places=1)
    hours_per_year = models.PositiveSmallIntegerField("Часов в год")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["group", "subject"], name="school_curriculum_once"),
        ]

    class Privacy:
        harmless = {"id", "school", "year", "group", "subject", "hours_per_week", "hours_per_year"}

    def __str__(self) -> str:
        return f"{self.subject} {self.hours_per_week}"


class TimetableEntry(Owned):
    """A course's regular place in the week."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="timetable")
    weekday = models.PositiveSmallIntegerField("День недели (1-7)")
    number = models.PositiveSmallIntegerField("Номер урока")
    parity = models.PositiveSmallIntegerField("Чётность недели (0 - каждая)", default=0)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="+")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="school_timetableentry_weekday"
            ),
        ]

    class Privacy:
        harmless = {
            "id", "school", "course", "weekday", "number", "parity", "room", "teacher", "since",
            "until",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.course} {self.weekday}/{self.number}"


class Sitting(Owned):
    """One teacher in one room at one time, with the lessons of one or several courses at once."""

    day = models.DateField("Дата")
    number = models.PositiveSmallIntegerField("Номер урока")
    during = DateTimeRangeField("Время")
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="sittings")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled = models.BooleanField("Отменено", default=False)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ExclusionConstraint(
                name="school_sitting_teacher_once",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    ("teacher", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled=False),
                violation_error_message="Учитель в это время ведёт другой урок.",
            ),
            ExclusionConstraint(
                name="school_sitting_room_once",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled=False),
                violation_error_message="Кабинет в это время занят.",
            ),
        ]
        indexes = [models.Index(fields=["school", "day"], name="school_sitting_day")]

    class Privacy:
        harmless = {"id", "school", "day", "number", "during", "teacher", "room", "cancelled"}

    def __str__(self) -> str:
        return f"{self.day} № {self.number}"


class LessonStatus(models.TextChoices):
    PLANNED = "planned", "по расписанию"
    HELD = "held", "проведён"
    CANCELLED = "cancelled", "отменён"


class LessonForm(models.TextChoices):
    IN_CLASS = "in_class", "очно"
    DISTANCE = "distance", "дистанционно"


class LessonKind(models.TextChoices):
    ORDINARY = "ordinary", "комбинированный"
    NEW = "new", "изучение нового"
    PRACTICE = "practice", "закрепление"
    CONTROL = "control", "контроль"
    REVIEW = "review", "обобщение"


class LessonQuerySet(ScopedQuerySet["Lesson"]):
    def between(self, starts: date, ends: date) -> Self:
        return self.filter(day__gte=starts, day__lte=ends)

    def not_cancelled(self) -> Self:
        return self.exclude(status=LessonStatus.CANCELLED)

    def in_order(self) -> Self:
        return self.order_by("day", "number", "pk")


class Lesson(Owned):
    """A dated lesson of a course, held in a sitting."""

    year = models.IntegerField("Учебный год")
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="lessons")
    day = models.DateField("Дата")
    number = models.PositiveSmallIntegerField("Номер урока")
    status = models.CharField(
        "Состояние", max_length=10, choices=LessonStatus.choices, default=LessonStatus.PLANNED
    )
    form = models.CharField(
        "Форма", max_length=10, choices=LessonForm.choices, default=LessonForm.IN_CLASS
    )
    kind = models.CharField(
        "Тип урока", max_length=10, choices=LessonKind.choices, default=LessonKind.ORDINARY
    )
    topic = models.CharField("Тема", max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("recorded_by", "recorded_at"),
            models.UniqueConstraint(fields=["course", "sitting"], name="school_lesson_once"),
        ]
        indexes = [
            models.Index(fields=["course", "day", "number"], name="school_lesson_course_day"),
            models.Index(fields=["school", "day"], name="school_lesson_day"),
            models.Index(fields=["sitting"], name="school_lesson_sitting"),
        ]

    class Privacy:
        harmless = {
            "id", "school", "year", "course", "sitting", "day", "number", "status", "form", "kind",
            "topic", "recorded_by", "recorded_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} № {self.number}"


class LessonChangeKind(models.TextChoices):
    SUBSTITUTED = "substituted", "замена"
    MOVED = "moved", "перенос"
    CANCELLED = "cancelled", "отмена"


class LessonChange(Owned):
    """How a lesson differs from the timetable. Only a change of teacher is a substitution."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="changes")
    kind = models.CharField("Вид", max_length=12, choices=LessonChangeKind.choices)
    absent_teacher = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    substitute = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    from_day = models.DateField("С даты", null=True, blank=True)
    from_number = models.PositiveSmallIntegerField("С урока", null=True, blank=True)
    reason = models.CharField("Причина", max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            paired("made_by", "made_at"),
            models.CheckConstraint(
                condition=~Q(kind="substituted") | Q(substitute__isnull=False),
                name="school_lessonchange_substitute_known",
            ),
        ]
        indexes = [models.Index(fields=["lesson"], name="school_lessonchange_lesson")]

    class Privacy:
        personal = {"reason"}
        harmless = {
            "id", "school", "lesson", "kind", "absent_teacher", "substitute", "from_day",
            "from_number", "made_by", "made_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()


class ContactHours(Owned):
    """When and where a member of staff talks with families (U13): shown in their diaries."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_hours")
    weekday = models.PositiveSmallIntegerField("День недели (1 — понедельник)")
    starts = models.TimeField("С")
    ends = models.TimeField("До")
    place = models.CharField("Где и как", max_length=120)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "weekday", "starts"], name="school_contacthours_once"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")), name="school_contacthours_end"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)), name="school_contacthours_weekday"
            ),
        ]

    class Privacy:
        personal = {"person", "weekday", "starts", "ends", "place"}
        harmless = {"id", "school"}

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}"
