"""The secret address of a child's calendar."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.errors import require
from diary import policy
from diary.models import CalendarFeed
from diary.queries.feeds import digest_of
from people.models import Pupil, User

NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_feed(*, by: User, pupil: Pupil, now: datetime) -> str:
    """Give the account a new secret address of the child's calendar; the earlier one ends.

    Returns the secret: it is shown once and not kept. Raises Forbidden.
    """
    require(policy.can_subscribe(by, pupil))
    type(by).objects.select_for_update(no_key=True).get(pk=by.pk)  # two presses make one address
    _revoke(by, pupil, now)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(
        school_id=pupil.school_id, pupil=pupil, user=by, digest=digest_of(secret), made_at=now
    )
    return secret


@transaction.atomic
def revoke_feed(*, by: User, pupil: Pupil, now: datetime) -> bool:
    """End the account's address of the child's calendar; return whether there was one.

    Raises Forbidden.
    """
    require(policy.can_subscribe(by, pupil))
    return _revoke(by, pupil, now)


def note_reading(*, feed_id: UUID, now: datetime) -> None:
    """Remember that a program came for the calendar, once an hour at most."""
    lately = Q(read_at__gt=now - NOTED_EVERY)
    CalendarFeed.objects.filter(pk=feed_id).exclude(lately).update(read_at=now)


def _revoke(by: User, pupil: Pupil, now: datetime) -> bool:
    standing = CalendarFeed.objects.filter(pupil=pupil, user=by, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=now))
