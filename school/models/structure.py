"""Classes, study groups, who is in them, enrolment and leaving."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from common.constraints import ordered
from people.models import Owned, Person, Pupil
from people.visibility import ScopedQuerySet


class SchoolClassQuerySet(ScopedQuerySet["SchoolClass"]):
    def in_order(self) -> Self:
        return self.order_by("grade_level", "sort_key", "pk")


class SchoolClass(Owned):
    """A class of one school year: «7А»."""

    year = models.IntegerField("Учебный год")
    grade_level = models.PositiveSmallIntegerField("Параллель")
    letter = models.CharField("Буква", max_length=15, blank=True)
    sort_key = models.CharField(max_length=60, editable=False)
    shift = models.PositiveSmallIntegerField("Смена", default=1)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "year", "grade_level", "letter"], name="school_schoolclass_once"
            ),
            models.CheckConstraint(
                condition=Q(grade_level__gte=1, grade_level__lte=11),
                name="school_schoolclass_grade",
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "year", "grade_level", "letter", "sort_key", "shift"}

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.grade_level}{self.letter}"


class ClassTeacherQuerySet(ScopedQuerySet["ClassTeacher"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class ClassTeacher(Owned):
    """Who leads a class, since when and until when."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="class_teachers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="led_classes")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    objects = ClassTeacherQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]

    class Privacy:
        personal = {"person"}
        harmless = {"id", "school", "school_class", "since", "until"}

    def __str__(self) -> str:
        return f"{self.school_class} {self.person}"


class StudyGroupKind(models.TextChoices):
    CLASS = "class", "класс"
    SUBGROUP = "subgroup", "подгруппа"
    STREAM = "stream", "поток"
    INDIVIDUAL = "individual", "индивидуальный план"


class StudyGroup(Owned):
    """Who learns a course together: a class, a part of one, a stream of several, or one pupil."""

    year = models.IntegerField("Учебный год")
    kind = models.CharField("Вид", max_length=10, choices=StudyGroupKind.choices)
    name = models.CharField("Название", max_length=60)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="groups"
    )
    grade_level = models.PositiveSmallIntegerField("Параллель")

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "year", "name"], name="school_studygroup_once"
            ),
            models.UniqueConstraint(
                fields=["school_class"],
                condition=Q(kind="class"),
                name="school_studygroup_one_class_group",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["class", "subgroup"]) | Q(school_class__isnull=False),
                name="school_studygroup_class_known",
            ),
        ]

    class Privacy:
        harmless = {"id", "school", "year", "kind", "name", "school_class", "grade_level"}

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def during(self, starts: date, ends: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=starts), since__lte=ends)


class Membership(Owned):
    """A pupil in a study group between dates, so that the journal before a transfer stands."""

    group = models.ForeignKey(StudyGroup, models.PROTECT, related_name="memberships")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="memberships")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]
        indexes = [
            models.Index(fields=["pupil", "since"], name="school_membership_pupil"),
            models.Index(fields=["group", "since"], name="school_membership_group"),
        ]

    class Privacy:
        personal = {"pupil"}
        harmless = {"id", "school", "group", "since", "until"}

    def __str__(self) -> str:
        return f"{self.group_id} {self.pupil_id}"


class Enrolment(Owned):
    """Schooling of a pupil at the school, by order (зачисление)."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="enrolments")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)
    order_number = models.CharField("Приказ №", max_length=60, blank=True)
    order_date = models.DateField("Дата приказа", null=True, blank=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(until__isnull=True), name="school_enrolment_one_open"
            ),
        ]

    class Privacy:
        personal = {"pupil", "order_number", "order_date"}
        harmless = {"id", "school", "since", "until"}

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.since}"


class Transfer(Owned):
    """A move from one class to another inside the school (перевод в другой класс)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="transfers")
    day = models.DateField("Дата")
    from_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+")
    order_number = models.CharField("Приказ №", max_length=60, blank=True)
    order_date = models.DateField("Дата приказа", null=True, blank=True)

    class Privacy:
        personal = {"order_number", "order_date"}
        harmless = {"id", "school", "enrolment", "day", "from_class", "to_class"}

    def __str__(self) -> str:
        return f"{self.day}"


class LeavingKind(models.TextChoices):
    TRANSFER = "transfer", "перевод в другую организацию"
    GRADUATION = "graduation", "окончание"
    EXPULSION = "expulsion", "отчисление"
    FAMILY_EDUCATION = "family_education", "семейное образование"
    PARENTS_WISH = "parents_wish", "по заявлению родителей"
    DEATH = "death", "смерть"


class Leaving(Owned):
    """The end of schooling (G2.4a): its kind, date and order."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="leaving")
    kind = models.CharField("Основание", max_length=20, choices=LeavingKind.choices)
    day = models.DateField("Дата")
    order_number = models.CharField("Приказ №", max_length=60, blank=True)
    order_date = models.DateField("Дата приказа", null=True, blank=True)

    class Privacy:
        personal = {"kind", "order_number", "order_date"}
        harmless = {"id", "school", "enrolment", "day"}

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
