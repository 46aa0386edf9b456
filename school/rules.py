"""Rights over classes and courses follow from dated school facts: who teaches, leads, substitutes."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from people.models import Guardianship, User
from people.roles import Permission, Role
from people.visibility import rule
from school.models import ClassTeacher, CourseTeacher, Lesson, Membership, Sitting


def register() -> None:
    """Importing this module registers the rules; the call keeps the import honest."""


for _label in (
    "SchoolYear", "Period", "Vacation", "VacationClass", "SpecialDay", "BellSchedule", "BellSlot",
    "DayStatus", "Room", "Subject", "ContactHours",
):  # fmt: skip

    @rule(f"school.{_label}")
    def everybody_of_the_school(user: User) -> Q:
        return Q(school__in={identity.school_id for identity in user.identities})


def classes_led(user: User) -> QuerySet[Any, Any]:
    """Classes that the user leads today."""
    return (
        ClassTeacher.objects.filter(person__in=user.person_ids)
        .in_force(user.today)
        .values("school_class")
    )


def pupils_led(user: User) -> QuerySet[Any, Any]:
    """Pupils who are today in a class that the user leads."""
    in_class = Membership.objects.filter(
        group__kind="class", group__school_class__in=classes_led(user)
    )
    return in_class.in_force(user.today).values("pupil")


def groups_led(user: User) -> QuerySet[Any, Any]:
    """Study groups in which pupils of the user's class learn today."""
    return (
        Membership.objects.filter(pupil__in=pupils_led(user)).in_force(user.today).values("group")
    )


def teaching_persons(user: User) -> tuple[UUID, ...]:
    """The user's persons who hold a role that keeps journals today: a role taken away closes them."""
    return tuple(i.person_id for i in user.identities if i.may(Permission.JOURNAL_KEEP))


def courses_taught(user: User) -> QuerySet[Any, Any]:
    return (
        CourseTeacher.objects.filter(person__in=teaching_persons(user))
        .in_force(user.today)
        .values("course")
    )


def sittings_given(user: User) -> QuerySet[Any, Any]:
    """Sittings that the user holds, her own and those given to her as a substitute."""
    return Sitting.objects.filter(teacher__in=teaching_persons(user)).values("pk")


@rule("school.SchoolClass")
def own_classes(user: User) -> Q | None:
    return Q(pk__in=classes_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("school.SchoolClass")
def classes_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL))


@rule("people.Pupil")
@rule("people.Person")
def pupils_of_the_class(user: User) -> Q | None:
    return Q(pk__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("people.Person")
def guardians_of_the_class(user: User) -> Q | None:
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    ties = Guardianship.objects.filter(pupil__in=pupils_led(user)).in_force(user.today)
    return Q(pk__in=ties.values("guardian"))


@rule("people.Guardianship")
def guardianships_of_the_class(user: User) -> Q | None:
    return Q(pupil__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("school.Course")
def own_courses(user: User) -> Q:
    return Q(pk__in=courses_taught(user))


@rule("school.Course")
def substituted_courses(user: User) -> Q:
    """A substitute opens the journal in which a lesson was given to her."""
    return Q(pk__in=Lesson.objects.filter(sitting__in=sittings_given(user)).values("course"))


@rule("school.Course")
def courses_of_the_class(user: User) -> Q | None:
    return Q(group__in=groups_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("school.Course")
@rule("school.Lesson")
def journals_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.JOURNAL_VIEW_SCHOOL))


@rule("school.Lesson")
def own_lessons(user: User) -> Q:
    return Q(course__in=courses_taught(user)) | Q(sitting__in=sittings_given(user))


@rule("school.Lesson")
def lessons_of_the_class(user: User) -> Q | None:
    return Q(course__group__in=groups_led(user)) if user.has_role(Role.CLASS_TEACHER) else None
