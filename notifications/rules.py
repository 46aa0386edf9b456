"""Who sees which rows of this app's tables."""

from django.db.models import Q

from notifications.models import OutboxMessage
from people.models import User
from people.visibility import rule


def register() -> None:
    """Keep the import honest: importing this module registers the rules."""


@rule("notifications.OutboxMessage")
def own_messages(user: User) -> Q:
    return Q(recipient__in=user.person_ids)


@rule("notifications.Attempt")
def attempts_at_own_messages(user: User) -> Q:
    return Q(message__in=OutboxMessage.objects.filter(recipient__in=user.person_ids).values("pk"))


@rule("notifications.Preference")
def own_preference(user: User) -> Q:
    return Q(person__in=user.person_ids)
