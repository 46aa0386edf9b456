"""Who sees which rows of this app's tables."""

from django.db.models import Q

from people.models import User
from people.visibility import rule


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


@rule("regulation.Regulation")
@rule("regulation.RegulationVersion")
@rule("regulation.Parameter")
@rule("regulation.Publication")
def published_to_the_school(user: User) -> Q:
    """Everybody of the school may read the school's regulation."""
    return Q(school__in={identity.school_id for identity in user.identities})
