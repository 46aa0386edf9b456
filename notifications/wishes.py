"""What a person wants to be told and when; without a word of hers the school's custom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from notifications.models import DigestTime, Preference
from notifications.quiet import QUIET_FROM, QUIET_UNTIL, after_quiet

EVENING = time(19, 0)  # when the digests are planned: nothing is told earlier on the day
EVENTS = {
    "marks": "отметки",
    "absences": "пропуски и опоздания",
    "homework": "задания",
    "finals": "итоговые оценки",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's preference; `events` are the keys of EVENTS that she is told of."""

    digest: str = DigestTime.EVENING
    digest_at: time = EVENING
    events: tuple[str, ...] = tuple(EVENTS)
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL

    @property
    def wants_digest(self) -> bool:
        return self.digest != DigestTime.NEVER

    def hour_of_digest(self, day: date, *, now: datetime, zone: tzinfo) -> datetime:
        """Return when the digest of `day` goes: that evening, or at an earlier hour of the next morning."""
        asked = day if self.digest_at >= EVENING else day + timedelta(days=1)
        hour = datetime.combine(asked, self.digest_at, tzinfo=zone)
        return self.not_disturbing(max(hour, now), zone)

    def not_disturbing(self, moment: datetime, zone: tzinfo) -> datetime:
        return after_quiet(moment, zone, since=self.quiet_from, until=self.quiet_until)


def wishes_of(persons: Collection[UUID]) -> Mapping[UUID, Wish]:
    """Return the wish of every person, the default one where she has said nothing."""
    told = {row.person_id: wish_of(row) for row in Preference.objects.filter(person__in=persons)}
    return {person: told.get(person, Wish()) for person in persons}


def wish_of(row: Preference) -> Wish:
    return Wish(
        digest=row.digest,
        digest_at=row.digest_at,
        events=tuple(_known(row.events)),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def _known(events: Iterable[str]) -> Iterable[str]:
    """An empty list is everything."""
    wanted = set(events) or set(EVENTS)
    return (name for name in EVENTS if name in wanted)
