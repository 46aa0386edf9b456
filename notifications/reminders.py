"""The letter about a week that nobody of the family has acknowledged (K4a, G2.10.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.dispatch import receiver
from django.urls import reverse

from diary.events import weeks_reminded
from diary.models import Reminder
from notifications import letters
from notifications.actions import put
from notifications.models import Preference
from notifications.quiet import QUIET_FROM, QUIET_UNTIL, after_quiet
from people.models import Person, School

LIVES = timedelta(days=3)


def register() -> None:
    """Importing this module connects the receiver; the call keeps the import honest."""


@receiver(weeks_reminded)
def tell_of_weeks(
    sender: type[Reminder],
    school: School,
    reminders: Sequence[Reminder],
    now: datetime,
    **_: Any,
) -> None:
    """Put a letter to each guardian into the outbox: once a day about a child's week, never in quiet hours."""
    persons = Person.objects.in_bulk(
        {one.guardian_id for one in reminders} | {one.pupil_id for one in reminders}
    )
    wishes = {one.person_id: one for one in Preference.objects.filter(person__in=persons)}
    zone, day = ZoneInfo(school.time_zone), school.local_date(now)
    for one in reminders:
        child, wish = persons[one.pupil_id], wishes.get(one.guardian_id)
        begins = after_quiet(
            now,
            zone,
            since=wish.quiet_from if wish else QUIET_FROM,
            until=wish.quiet_until if wish else QUIET_UNTIL,
        )
        put(
            school=school, recipient=persons[one.guardian_id], template=letters.REMINDER,
            data={
                "school": school.short_name, "pupil": str(one.pupil_id), "week": one.week.isoformat(),
                "name": f"{child.last_name} {child.first_name}",
                "path": reverse("diary:week", args=[one.pupil_id, one.week]),
                "finals": reverse("diary:finals", args=[one.pupil_id]),
            },
            dedup_key=f"reminder:{one.guardian_id}:{one.pupil_id}:{one.week}:{day}", channels=["email"],
            not_before=begins, expires_at=begins + LIVES,
        )  # fmt: skip
