"""Who sees which rows of this app's tables."""

from django.db.models import Q

from people.models import Guardianship, Pupil, User
from people.roles import Permission
from people.visibility import rule


def register() -> None:
    """Importing this module registers the rules; the call keeps the import honest."""


@rule("people.School")
def own_schools(user: User) -> Q:
    return Q(pk__in={identity.school_id for identity in user.identities})


@rule("people.Setting")
def settings_of_own_schools(user: User) -> Q:
    return Q(school__in={identity.school_id for identity in user.identities})


@rule("people.Person")
def oneself(user: User) -> Q:
    return Q(pk__in=user.person_ids)


@rule("people.Person")
def own_children(user: User) -> Q:
    return Q(
        pk__in=Guardianship.objects.filter(guardian__in=user.person_ids)
        .open(user.today)
        .values("pupil")
    )


@rule("people.Person")
def persons_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.PEOPLE_VIEW))


@rule("people.Pupil")
def children(user: User) -> Q:
    """A guardian reads the diaries of the children that she represents, while access is open."""
    open_now = Guardianship.objects.filter(guardian__in=user.person_ids).open(user.today)
    return Q(pk__in=open_now.values("pupil"))


@rule("people.Pupil")
def own_diary(user: User) -> Q:
    """The pupil is a user of the diary if the guardian consented (G2.10.1a)."""
    return Q(pk__in=Pupil.objects.filter(person__in=user.person_ids).open(user.today).values("pk"))


@rule("people.Pupil")
def diaries_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.DIARY_VIEW_SCHOOL))


@rule("people.Guardianship")
def own_guardianships(user: User) -> Q:
    return Q(guardian__in=user.person_ids)


@rule("people.Guardianship")
@rule("people.RoleAssignment")
@rule("people.Employee")
@rule("people.Restriction")
def records_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.PEOPLE_VIEW))


@rule("people.RoleAssignment")
def own_roles(user: User) -> Q:
    return Q(person__in=user.person_ids)
