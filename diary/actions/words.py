"""What the school writes to families, and that they read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from common.errors import Forbidden, require
from common.ids import uuid7
from diary import policy_words as policy
from diary.errors_words import AlreadyWithdrawn, BrokenWords
from diary.models import Announcement, AnnouncementReading
from people.models import Person, Pupil, School, User
from school.models import SchoolClass

MOST_DAYS = 366
_READ = """
INSERT INTO {table} (id, school_id, {what}, person_id, read_at)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT ({what}, person_id) DO NOTHING
"""
READ_ANNOUNCEMENT = _READ.format(table="diary_announcementreading", what="announcement_id")
READ_RECOMMENDATION = _READ.format(table="diary_recommendationreading", what="recommendation_id")


@dataclass(frozen=True, slots=True)
class Words:
    """An announcement as its author writes it."""

    title: str
    text: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an announcement is for: the whole school, one class, or the family of one pupil."""

    school: School
    school_class: SchoolClass | None = None
    pupil: Pupil | None = None


@transaction.atomic
def announce(
    *, by: User, to: Sequence[Addressee], words: Words, now: datetime
) -> list[Announcement]:
    """Publish the words to each addressee. Raises Forbidden, BrokenWords."""
    if not to:
        raise BrokenWords("Укажите, кому адресовано объявление.", field="whom")
    return [_announce(by=by, to=one, words=words, now=now) for one in to]


def _announce(*, by: User, to: Addressee, words: Words, now: datetime) -> Announcement:
    if to.pupil:
        require(policy.can_tell_family(by, to.pupil))
    elif to.school_class:
        require(policy.can_tell_class(by, to.school_class))
    else:
        require(policy.can_tell_school(by, to.school))
    author = Person.objects.filter(pk__in=by.person_ids, school=to.school).first()
    if author is None:  # who serves a branch from the school has no person of the branch
        raise Forbidden
    _check(words, first=to.school.local_date(now))
    return Announcement.objects.create(
        school=to.school, school_class=to.school_class, pupil=to.pupil, title=words.title, text=words.text,
        since=words.since, until=words.until, author=author, published_at=now,
    )  # fmt: skip


@transaction.atomic
def revise(*, by: User, announcement: Announcement, words: Words, now: datetime) -> Announcement:
    """Write the announcement anew; changed words are unread again.

    Raises Forbidden, AlreadyWithdrawn, BrokenWords.
    """
    require(policy.can_change(by, announcement))
    row = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if row.withdrawn_at:
        raise AlreadyWithdrawn
    _check(words, first=min(row.since, row.school.local_date(now)))
    if (row.title, row.text) != (words.title, words.text):
        AnnouncementReading.objects.filter(announcement=row).delete()
    row.title, row.text, row.since, row.until = words.title, words.text, words.since, words.until
    row.save(update_fields=["title", "text", "since", "until"])
    return row


def withdraw(*, by: User, announcement: Announcement, now: datetime) -> None:
    """Take the announcement out of the diaries; a second press changes nothing. Raises Forbidden."""
    require(policy.can_withdraw(by, announcement))
    Announcement.objects.filter(pk=announcement.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now
    )


def read_announcement(*, by: User, announcement: Announcement, now: datetime) -> None:
    """Remember that a member of the family opened the announcement."""
    mark_read(READ_ANNOUNCEMENT, announcement.school_id, announcement.pk, by=by, now=now)


def mark_read(sql: str, school_id: UUID, what: UUID, *, by: User, now: datetime) -> None:
    person = by.person_in(school_id)
    if person is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, [uuid7(), school_id, what, person, now])


def _check(words: Words, *, first: date) -> None:
    """Raise BrokenWords for words that cannot stand."""
    if not words.title.strip():
        raise BrokenWords("Напишите заголовок.", field="title")
    if words.since < first:
        raise BrokenWords("Объявить можно с сегодняшнего дня.", field="since")
    if words.until < words.since:
        raise BrokenWords("Последний день раньше первого.", field="until")
    if (words.until - words.since).days > MOST_DAYS:
        raise BrokenWords("Объявление висит не дольше года.", field="until")
