"""Who sees which rows of this app's tables."""

from django.db.models import Q

from people.models import User
from people.roles import Permission, Role
from people.visibility import rule
from printouts.enums import CONSENT_FORMS
from printouts.models import PrintJob
from school.rules import classes_led, pupils_led


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


@rule("printouts.PrintJob")
@rule("printouts.Extract")
def documents_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.PRINT_SCHOOL))


@rule("printouts.PrintJob")
def jobs_of_the_class(user: User) -> Q | None:
    """A file goes with the class: a teacher who leads it no more does not see it."""
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    return Q(school_class__in=classes_led(user))


@rule("printouts.PrintJob")
def consents_of_the_school(user: User) -> Q:
    """The office prints forms of consents; diaries on paper are not its business."""
    return Q(kind=CONSENT_FORMS, school__in=user.schools_with(Permission.CONSENT_REGISTER))


@rule("printouts.Extract")
def extracts_of_the_class(user: User) -> Q | None:
    return Q(pupil__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("printouts.Download")
def downloads_of_the_school(user: User) -> Q:
    jobs = PrintJob.objects.filter(school__in=user.schools_with(Permission.PRINT_SCHOOL))
    return Q(job__in=jobs.values("pk"))
