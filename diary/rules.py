"""Who sees which rows of this app's tables, and which of the journal's a family sees."""

from typing import Any

from django.db.models import F, Q, QuerySet

from journal.models import HomeworkPupil
from people.models import Guardianship, Pupil, User
from people.roles import Permission, Role
from people.visibility import rule
from school.models import Lesson
from school.rules import pupils_led


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


def own_children(user: User) -> QuerySet[Pupil, Any]:
    """Pupils whose diary the account reads as family."""
    ties = Guardianship.objects.filter(guardian__in=user.person_ids).open(user.today)
    own = Pupil.objects.filter(person__in=user.person_ids).open(user.today)
    found = Pupil.objects.filter(Q(pk__in=ties.values("pupil")) | Q(pk__in=own.values("pk")))
    return found.values("pk")


@rule("diary.Acknowledgement")
def acknowledgements_of_the_family(user: User) -> Q:
    return Q(pupil__in=own_children(user))


@rule("diary.Acknowledgement")
@rule("access.Visit")
def records_of_the_class(user: User) -> Q | None:
    return Q(pupil__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("diary.Acknowledgement")
@rule("access.Visit")
def records_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL))


@rule("journal.HomeworkFile")
def files_for_the_family(user: User) -> Q:
    """Files of homework given to the child's groups while she was in them, for all or for her."""
    children = own_children(user)
    seats = Q(course__group__memberships__until__isnull=True) | Q(
        course__group__memberships__until__gte=F("day")
    )
    lessons = Lesson.objects.filter(
        seats,
        course__group__memberships__pupil__in=children,
        course__group__memberships__since__lte=F("day"),
    )
    named = HomeworkPupil.objects.filter(pupil__in=children)
    return Q(homework__lesson__in=lessons.values("pk")) & (
        Q(homework__for_all=True) | Q(homework__in=named.values("homework"))
    )
