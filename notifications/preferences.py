"""Saving what a person wants to be told."""

from datetime import datetime

from django.db import transaction

from common.errors import require
from notifications import policy
from notifications.models import Preference
from notifications.wishes import Wish
from people.models import User


@transaction.atomic
def set_wish(*, by: User, wish: Wish, now: datetime) -> None:
    """Save the account's wish, for its person at each school. Raises Forbidden to who is of no family."""
    require(policy.may_set_wish(by))
    for identity in by.identities:
        Preference.objects.update_or_create(
            person_id=identity.person_id,
            defaults={
                "school_id": identity.school_id,
                "digest": wish.digest,
                "digest_at": wish.digest_at,
                "events": list(wish.events),
                "quiet_from": wish.quiet_from,
                "quiet_until": wish.quiet_until,
                "set_at": now,
            },
        )
