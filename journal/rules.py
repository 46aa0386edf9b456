"""Who sees which rows of this app's tables: staff through courses, families through open pupils."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from journal.models import AcademicDebt, Homework, HomeworkPupil, PeriodMark, Work
from people.models import Pupil, User
from people.roles import Permission, Role
from people.visibility import rule
from school.models import Course, Lesson, Membership, SchoolClass
from school.rules import courses_taught, sittings_given


def register() -> None:
    """Register the rules: importing this module does it; the call keeps the import honest."""


def _courses(user: User) -> Q:
    return Q(course__in=Course.objects.visible_to(user).values("pk"))


def _lessons(user: User) -> Q:
    return Q(lesson__course__in=Course.objects.visible_to(user).values("pk"))


def _whole_courses(user: User) -> QuerySet[Any, Any]:
    """Courses whose every pupil is the user's to see: in a stream another class's pupils are not.

    A class teacher's own pupils are hers by their diaries.
    """
    school = Q(school__in=user.schools_with(Permission.JOURNAL_VIEW_SCHOOL))
    given = Lesson.objects.filter(sitting__in=sittings_given(user)).values("course")
    return Course.objects.filter(Q(pk__in=courses_taught(user)) | Q(pk__in=given) | school).values(
        "pk"
    )


def _diaries(user: User) -> Q:
    return Q(pupil__in=Pupil.objects.visible_to(user).values("pk"))


@rule("journal.Scale")
@rule("journal.WorkKind")
def lists_of_the_school(user: User) -> Q:
    return Q(school__in={identity.school_id for identity in user.identities})


@rule("journal.Work")
@rule("journal.Homework")
def entries_of_journals(user: User) -> Q:
    return _lessons(user)


@rule("journal.Mark")
@rule("journal.Absence")
def entries_of_pupils(user: User) -> Q:
    return Q(lesson__course__in=_whole_courses(user))


@rule("journal.Mark")
@rule("journal.Absence")
def entries_of_diaries(user: User) -> Q:
    """Show the teacher's entries in the diary at once (S4)."""
    return _diaries(user)


@rule("journal.Work")
def works_of_diaries(user: User) -> Q:
    """Show what marks were given for (G2.1b), and works that are coming (T2c)."""
    groups = Membership.objects.filter(pupil__in=Pupil.objects.visible_to(user).values("pk"))
    return Q(lesson__course__group__in=groups.values("group"))


@rule("journal.Homework")
def homework_of_diaries(user: User) -> Q:
    """Homework of the child's groups while she is in them, for all or for her."""
    children = Pupil.objects.visible_to(user).values("pk")
    there = Q(
        Q(lesson__course__group__memberships__until__isnull=True)
        | Q(lesson__course__group__memberships__until__gte=F("lesson__day")),
        lesson__course__group__memberships__pupil__in=children,
        lesson__course__group__memberships__since__lte=F("lesson__day"),
    )
    of_group = Homework.objects.filter(there, for_all=True)
    named = HomeworkPupil.objects.filter(pupil__in=children)
    return Q(pk__in=of_group.values("pk")) | Q(pk__in=named.values("homework"))


@rule("journal.HomeworkFile")
def files_of_homework(user: User) -> Q:
    return Q(homework__in=Homework.objects.visible_to(user).values("pk"))


@rule("journal.HomeworkPupil")
@rule("journal.HomeworkAnswer")
def named_pupils_and_answers(user: User) -> Q:
    staff = Homework.objects.filter(lesson__course__in=_whole_courses(user))
    return _diaries(user) | Q(homework__in=staff.values("pk"))


@rule("journal.SignOff")
def signatures(user: User) -> Q:
    return _courses(user)


@rule("journal.PeriodMark")
@rule("journal.YearMark")
def results_of_journals(user: User) -> Q:
    return Q(course__in=_whole_courses(user))


@rule("journal.PeriodMark")
@rule("journal.YearMark")
@rule("journal.ExamResult")
@rule("journal.FinalMark")
def results_of_diaries(user: User) -> Q:
    """Families see a result from the moment it is opened; staff do at once."""
    if user.has_role(Role.GUARDIAN, Role.PUPIL):
        return _diaries(user) & Q(visible_at__lte=Now())
    return _diaries(user)


@rule("journal.Deferral")
def deferrals(user: User) -> Q:
    return Q(period_mark__in=PeriodMark.objects.visible_to(user).values("pk"))


@rule("journal.Operation")
@rule("journal.UnusualEdit")
def own_operations(user: User) -> Q:
    return Q(user=user)


@rule("journal.Operation")
@rule("journal.UnusualEdit")
@rule("journal.Remark")
@rule("journal.Reopening")
def controlled(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.JOURNAL_CONTROL))


@rule("journal.Remark")
def own_remarks(user: User) -> Q:
    return Q(teacher__in=user.person_ids)


@rule("journal.Reopening")
def own_reopenings(user: User) -> Q:
    return Q(person__in=user.person_ids)


@rule("journal.Programme")
@rule("journal.Unit")
@rule("journal.Topic")
@rule("journal.FinalRule")
def lists_of_the_staff(user: User) -> Q:
    keeps = user.schools_with(Permission.JOURNAL_KEEP)
    return Q(school__in={*keeps, *user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)})


@rule("journal.CourseProgramme")
@rule("journal.Presence")
def beside_journals(user: User) -> Q:
    return _courses(user)


@rule("journal.LessonTopic")
def topics_of_lessons(user: User) -> Q:
    return _lessons(user)


@rule("journal.AbsenceNote")
@rule("journal.BehaviourMark")
@rule("journal.AcademicDebt")
@rule("journal.CouncilDecision")
def of_the_pupil(user: User) -> Q:
    return _diaries(user)


@rule("journal.BehaviourMark")
def own_notes_of_behaviour(user: User) -> Q:
    return Q(set_by=user)


@rule("journal.Attempt")
def attempts(user: User) -> Q:
    return Q(debt__in=AcademicDebt.objects.visible_to(user).values("pk"))


@rule("journal.Criterion")
def criteria(user: User) -> Q:
    return Q(work__in=Work.objects.visible_to(user).values("pk"))


@rule("journal.CriterionPoints")
def points(user: User) -> Q:
    return _diaries(user) | Q(criterion__work__lesson__course__in=_whole_courses(user))


@rule("journal.MealCount")
def eaters(user: User) -> Q:
    return Q(school_class__in=SchoolClass.objects.visible_to(user).values("pk"))


@rule("journal.HomeworkLink")
def links_of_homework(user: User) -> Q:
    return Q(homework__in=Homework.objects.visible_to(user).values("pk"))
