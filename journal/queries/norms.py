"""The school's own rules on a day, in one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from journal.norms import KEYS, Norms, norms_from
from people.models import Setting


def norms_on(school_id: UUID, day: date) -> Norms:
    """Read the settings in force at the school on the day; defaults where it set nothing."""
    rows = (
        Setting.objects.filter(
            Q(until__isnull=True) | Q(until__gte=day),
            school=school_id,
            key__in=KEYS,
            since__lte=day,
        )
        .order_by("since")
        .values_list("key", "value")
    )
    stored: dict[str, Any] = dict(rows)
    return norms_from(stored)
