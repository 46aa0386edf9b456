"""Persons, pupils, staff, and who represents whom."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.constraints import ordered, paired
from common.sorting import search_key, sort_key
from people.models.owned import Owned
from people.models.schools import School
from people.visibility import ScopedQuerySet


class Sex(models.TextChoices):
    FEMALE = "f", "Женский"
    MALE = "m", "Мужской"


class Person(Owned):
    """One human being in one school."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="persons"
    )
    last_name = models.CharField("Фамилия", max_length=100)
    first_name = models.CharField("Имя", max_length=100)
    middle_name = models.CharField("Отчество", max_length=100, blank=True)
    sex = models.CharField("Пол", max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField("Дата рождения", null=True, blank=True)
    sort_key = models.CharField(max_length=320, editable=False, db_index=True)
    search_key = models.CharField(max_length=320, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "user"],
                condition=Q(user__isnull=False),
                name="people_person_one_user",
            ),
        ]
        indexes = [models.Index(fields=["user"], name="people_person_user")]

    class Privacy:
        personal = {
            "user", "last_name", "first_name", "middle_name", "sex", "birth_date", "sort_key",
            "search_key",
        }  # fmt: skip
        harmless = {"id", "school", "created_at"}

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def fill_keys(self) -> None:
        """Compute the keys for order and search; bulk writers call it themselves."""
        names = (self.last_name, self.first_name, self.middle_name)
        self.sort_key = sort_key(*names)
        self.search_key = search_key(*names)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))

    @property
    def short_name(self) -> str:
        """«Петрова О. В.»."""
        initials = " ".join(f"{name[0]}." for name in (self.first_name, self.middle_name) if name)
        return f"{self.last_name} {initials}".strip()


class PupilQuerySet(ScopedQuerySet["Pupil"]):
    """`visible_to`: the pupils whose diary the user may read."""

    def open(self, day: date) -> Self:
        """The pupil may use the diary: a guardian's (or the grown pupil's own) consent is registered."""
        return self.filter(Q(open_until__isnull=True) | Q(open_until__gte=day), open_from__lte=day)

    def in_order(self) -> Self:
        return self.order_by("person__sort_key", "pk")


class Pupil(models.Model):
    """A person who learns here; the key is the person's own."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="pupil")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    record_number = models.CharField("Номер личного дела", max_length=30, blank=True)
    open_from = models.DateField("Доступ открыт с", null=True, blank=True)
    open_until = models.DateField("Доступ открыт по", null=True, blank=True)

    objects = PupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "person"], name="people_pupil_school_id"),
        ]

    class Privacy:
        personal = {"person", "record_number", "open_from", "open_until"}
        harmless = {"school"}

    def __str__(self) -> str:
        return str(self.person)


class EmployeeQuerySet(ScopedQuerySet["Employee"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Employee(Owned):
    """A person's post at the school (должность)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    post = models.CharField("Должность", max_length=200)
    since = models.DateField("Работает с")
    until = models.DateField("Работает по", null=True, blank=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        constraints = [*Owned.Meta.constraints, ordered("since", "until")]

    class Privacy:
        personal = {"person", "post", "since", "until"}
        harmless = {"id", "school"}

    def __str__(self) -> str:
        return self.post


class GuardianshipKind(models.TextChoices):
    PARENT = "parent", "Родитель"
    ADOPTER = "adopter", "Усыновитель"
    GUARDIAN = "guardian", "Опекун"
    TRUSTEE = "trustee", "Попечитель"
    OTHER = "other", "Иной законный представитель"


class GuardianshipQuerySet(ScopedQuerySet["Guardianship"]):
    def in_force(self, day: date) -> Self:
        """The representation itself, whether or not access is open."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def unrestricted(self, day: date) -> Self:
        return self.filter(~models.Exists(_limits(day)))

    def restricted(self, day: date) -> Self:
        return self.filter(models.Exists(_limits(day)))

    def open(self, day: date) -> Self:
        """The guardian may use the diary of the pupil on that day."""
        return (
            self.in_force(day)
            .unrestricted(day)
            .filter(Q(open_until__isnull=True) | Q(open_until__gte=day), open_from__lte=day)
        )


def _limits(day: date) -> "models.QuerySet[Restriction]":
    limits = Restriction.objects.in_force(day)
    return limits.filter(guardianship=models.OuterRef("pk"))


class Guardianship(Owned):
    """Who represents a pupil, on what ground (U8). Consent opens and closes `open_from/until`."""

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="guardianships")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="guardianships")
    kind = models.CharField("Кем приходится", max_length=10, choices=GuardianshipKind.choices)
    ground = models.CharField("Документ", max_length=300, blank=True)
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)
    open_from = models.DateField("Доступ открыт с", null=True, blank=True)
    open_until = models.DateField("Доступ открыт по", null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            models.UniqueConstraint(
                fields=["guardian", "pupil"],
                condition=Q(until__isnull=True),
                name="people_guardianship_once",
                violation_error_message="Этот представитель уже записан.",
            ),
            models.CheckConstraint(
                condition=~Q(guardian=models.F("pupil")), name="people_guardianship_not_self"
            ),
        ]
        indexes = [models.Index(fields=["pupil"], name="people_guardianship_pupil")]

    class Privacy:
        personal = {
            "guardian",
            "pupil",
            "kind",
            "ground",
            "since",
            "until",
            "open_from",
            "open_until",
        }
        harmless = {"id", "school"}

    def __str__(self) -> str:
        return f"{self.guardian} — {self.pupil}"


class RestrictionQuerySet(ScopedQuerySet["Restriction"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Restriction(Owned):
    """A court's act that limits a guardian's rights: without its number and date there is none."""

    guardianship = models.ForeignKey(Guardianship, models.PROTECT, related_name="restrictions")
    act_number = models.CharField("Номер судебного акта", max_length=100)
    act_date = models.DateField("Дата судебного акта")
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            paired("registered_by", "registered_at"),
            models.CheckConstraint(condition=~Q(act_number=""), name="people_restriction_has_act"),
        ]

    class Privacy:
        personal = {"guardianship", "act_number", "act_date", "since", "until", "registered_by"}
        harmless = {"id", "school", "registered_at"}

    def __str__(self) -> str:
        return self.act_number
