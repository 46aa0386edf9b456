"""The family's copy of the diary, made by the school after access was closed."""

from datetime import datetime

from django.db import transaction

from access import policy
from access.models import Removal
from common.errors import require
from people.models import User


@transaction.atomic
def note_copy(*, by: User, removal: Removal, now: datetime) -> Removal:
    """Write down that the copy was made; the last time counts."""
    require(policy.can_give_copy(by, removal))
    removal = Removal.objects.select_for_update(of=("self",)).get(pk=removal.pk)
    removal.copy_given_by, removal.copy_given_at = by, now
    removal.save(update_fields=["copy_given_by", "copy_given_at"])
    return removal
