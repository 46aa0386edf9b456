"""Who sees which rows of this app's tables."""

from django.db.models import Q

from people.models import User
from people.roles import Permission
from people.visibility import rule


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


@rule("access.Removal")
@rule("access.DestructionAct")
@rule("access.ServiceRefusal")
def records_of_the_school(user: User) -> Q:
    return Q(school__in=user.schools_with(Permission.PEOPLE_VIEW))
