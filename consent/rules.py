"""Who sees which rows of this app's tables."""

from django.db.models import Q

from people.models import Guardianship, User
from people.roles import Permission, Role
from people.visibility import rule
from school.rules import pupils_led


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


@rule("consent.Decision")
@rule("consent.DeliveryDeclaration")
@rule("consent.Contact")
@rule("consent.Application")
def papers_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.CONSENT_REGISTER))


@rule("consent.Purpose")
@rule("consent.ConsentText")
def wordings_of_the_school(user: User) -> Q:
    return Q(school__in={identity.school_id for identity in user.identities})


@rule("consent.Decision")
def own_decisions(user: User) -> Q:
    return Q(signer__in=user.person_ids)


@rule("consent.Decision")
def decisions_of_the_class(user: User) -> Q | None:
    return Q(subject__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("consent.DeliveryDeclaration")
def own_declarations(user: User) -> Q:
    return Q(guardian__in=user.person_ids)


@rule("consent.DeliveryDeclaration")
def declarations_of_the_class(user: User) -> Q | None:
    return Q(pupil__in=pupils_led(user)) if user.has_role(Role.CLASS_TEACHER) else None


@rule("consent.Contact")
@rule("consent.Application")
def own_contacts(user: User) -> Q:
    return Q(person__in=user.person_ids)


@rule("consent.Contact")
@rule("consent.Application")
def contacts_of_the_class(user: User) -> Q | None:
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    ties = Guardianship.objects.filter(pupil__in=pupils_led(user)).in_force(user.today)
    return Q(person__in=ties.values("guardian")) | Q(person__in=pupils_led(user))


@rule("consent.Scan")
@rule("consent.Destruction")
def scans_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.CONSENT_REGISTER))


@rule("consent.Scan")
@rule("consent.Destruction")
def scans_of_the_class(user: User) -> Q | None:
    if not user.has_role(Role.CLASS_TEACHER):
        return None
    return Q(decision__subject__in=pupils_led(user))
