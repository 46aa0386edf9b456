"""When and where a member of staff talks with families (U13)."""

from dataclasses import dataclass
from datetime import time

from django.db import transaction

from common.errors import require
from diary import policy_words as policy
from diary.errors_words import BrokenWords
from people.models import Person, User
from school.models import ContactHours

MOST = 20  # a week of one person


@dataclass(frozen=True, slots=True)
class Hours:
    """One time of a week: `weekday` 1 is Monday."""

    weekday: int
    starts: time
    ends: time
    place: str


@transaction.atomic
def add_hours(*, by: User, person: Person, hours: Hours) -> ContactHours:
    """Add a time to the person's contact hours. Raises Forbidden, BrokenWords."""
    require(policy.can_keep_hours(by, person))
    if hours.ends <= hours.starts:
        raise BrokenWords("Конец раньше начала.", field="ends")
    if not hours.place.strip():
        raise BrokenWords("Напишите, где или как с вами связаться.", field="place")
    # Of two that come together the second sees the first.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    kept = ContactHours.objects.filter(person=person, weekday=hours.weekday)
    if kept.filter(starts__lt=hours.ends, ends__gt=hours.starts).exists():
        raise BrokenWords("На это время уже записаны часы приёма.", field="starts")
    if ContactHours.objects.filter(person=person).count() >= MOST:
        raise BrokenWords("Часов приёма слишком много: уберите лишние.", field="weekday")
    return ContactHours.objects.create(
        school_id=person.school_id, person=person, weekday=hours.weekday, starts=hours.starts,
        ends=hours.ends, place=hours.place.strip(),
    )  # fmt: skip


def remove_hours(*, by: User, hours: ContactHours) -> None:
    """Take a time away. Raises Forbidden."""
    require(policy.can_keep_hours(by, hours.person))
    hours.delete()
