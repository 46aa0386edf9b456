"""Who sees which rows of this app's tables, and which of the journal's a family sees."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet

from diary.models import AchievementState, Audience, Recommendation
from journal.models import HomeworkPupil
from people.models import Guardianship, Pupil, User
from people.roles import Permission, Role
from people.visibility import rule
from school.models import Lesson, Membership
from school.rules import classes_led, courses_taught, pupils_led


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


def own_children(user: User) -> QuerySet[Pupil, Any]:
    """Pupils whose diary the account reads as family."""
    ties = Guardianship.objects.filter(guardian__in=user.person_ids).open(user.today)
    own = Pupil.objects.filter(person__in=user.person_ids).open(user.today)
    found = Pupil.objects.filter(Q(pk__in=ties.values("pupil")) | Q(pk__in=own.values("pk")))
    return found.values("pk")


@rule("diary.Acknowledgement")
@rule("diary.DoneTask")
@rule("diary.AbsenceReport")
@rule("diary.Recommendation")
@rule("diary.Achievement")
def of_own_children(user: User) -> Q:
    return Q(pupil__in=own_children(user))


@rule("diary.CalendarFeed")
def own_feeds(user: User) -> Q:
    return Q(user=user, pupil__in=own_children(user))


@rule("diary.Acknowledgement")
@rule("diary.ResultView")
@rule("diary.Reminder")
@rule("diary.AbsenceReport")
@rule("diary.Recommendation")
@rule("diary.Achievement")
@rule("access.Visit")
def records_of_the_class(user: User) -> Q | None:
    return Q(pupil__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("diary.Acknowledgement")
@rule("diary.ResultView")
@rule("diary.Reminder")
@rule("diary.Recommendation")
@rule("diary.Announcement")
@rule("diary.AnnouncementReading")
@rule("access.Visit")
def records_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL))


def taught_pupils(user: User) -> QuerySet[Membership, Any]:
    """Pupils who are today in a study group that the user teaches."""
    courses = courses_taught(user)
    there = Membership.objects.filter(group__courses__in=courses).in_force(user.today)
    return there.values("pupil")


@rule("diary.Recommendation")
def own_recommendations(user: User) -> Q:
    return Q(author__in=user.person_ids)


@rule("diary.Achievement")
def achievements_shown_to_teachers(user: User) -> Q:
    shown = Q(audience__in=[Audience.TEACHERS, Audience.SCHOOL], state=AchievementState.CONFIRMED)
    return shown & Q(pupil__in=taught_pupils(user))


@rule("diary.Achievement")
def achievements_shown_to_the_school(user: User) -> Q:
    return Q(
        school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL),
        audience=Audience.SCHOOL,
        state=AchievementState.CONFIRMED,
    )


@rule("diary.Announcement")
def announcements_to_the_family(user: User) -> Q:
    """Words to the school, to a child's class of today, and about the child herself."""
    children = Pupil.objects.filter(pk__in=own_children(user))
    classes = Membership.objects.filter(group__kind="class", pupil__in=own_children(user))
    of_class = classes.in_force(user.today).values("group__school_class")
    whole = Q(school_class__isnull=True, pupil__isnull=True, school__in=children.values("school"))
    return whole | Q(school_class__in=of_class) | Q(pupil__in=own_children(user))


@rule("diary.Announcement")
def announcements_of_the_class(user: User) -> Q | None:
    """The class teacher sees those to her class and about its pupils, and those to the whole school."""
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    whole = Q(
        school_class__isnull=True,
        pupil__isnull=True,
        school__in=user.schools_with(Permission.CLASS_LEAD),
    )
    return whole | Q(school_class__in=classes_led(user)) | Q(pupil__in=pupils_led(user))


def announcements_followed(user: User) -> Q:
    """Of which the user sees who has read them: by her work alone, not as a member of a family."""
    parts = (records_of_the_school(user), announcements_of_the_class(user))
    return reduce(or_, (part for part in parts if part is not None), Q(pk__in=[]))


@rule("diary.AnnouncementReading")
@rule("diary.RecommendationReading")
def own_readings(user: User) -> Q:
    return Q(person__in=user.person_ids)


@rule("diary.AnnouncementReading")
def readings_of_own_announcements(user: User) -> Q:
    return Q(announcement__author__in=user.person_ids)


@rule("diary.RecommendationReading")
def readings_of_recommendations(user: User) -> Q:
    return Q(recommendation__in=Recommendation.objects.visible_to(user).values("pk"))


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
