"""Edits that are worth a second look: noted with the edit itself, told to its author and the deputy head."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from common.errors import require
from common.prepared import prepared
from journal import policy
from journal.events import unusual_denied, unusual_noted
from journal.models import UnusualEdit, UnusualKind
from journal.norms import Norms
from journal.queries import CourseFacts
from people.models import User

_NOTED = """
SELECT 1 FROM journal_unusualedit
 WHERE school_id = %s AND at > %s AND user_id = %s AND course_id = %s AND kind = %s LIMIT 1
"""
ONCE = timedelta(hours=1)  # the same kind by the same user in the same journal is noted once


def note_unusual(
    *,
    by: User,
    course: CourseFacts,
    op: UUID,
    corrected: int,
    new_device: bool,
    now: datetime,
) -> None:
    """Note what is unusual about a save; an ordinary one costs nothing."""
    norms, clock = course.norms, now.astimezone(course.zone).time()
    if is_night(clock, norms):
        _note(by=by, course=course, kind=UnusualKind.NIGHT, op=op, count=max(corrected, 1), now=now)
    if new_device:
        _note(
            by=by,
            course=course,
            kind=UnusualKind.NEW_DEVICE,
            op=op,
            count=max(corrected, 1),
            now=now,
        )
    if corrected >= norms.unusual_many:
        _note(by=by, course=course, kind=UnusualKind.MANY, op=op, count=corrected, now=now)


def is_night(clock: time, norms: Norms) -> bool:
    """Say whether the school sleeps: its night may begin before midnight."""
    start, end = norms.unusual_night_from, norms.unusual_night_until
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _note(
    *,
    by: User,
    course: CourseFacts,
    kind: UnusualKind,
    op: UUID | None,
    count: int,
    now: datetime,
) -> None:
    if kind != UnusualKind.MANY and _is_noted(by, course, kind, since=now - ONCE):
        return
    made = UnusualEdit.objects.create(
        school_id=course.school_id, year=course.year, course_id=course.course_id, user=by, kind=kind,
        operation=op, at=now, count=count,
    )  # fmt: skip
    unusual_noted.send(sender=UnusualEdit, unusual=made, by=by, now=now)


def _is_noted(by: User, course: CourseFacts, kind: UnusualKind, *, since: datetime) -> bool:
    """Ask by a prepared statement: at night each save asks."""
    with prepared() as cursor:
        cursor.execute(_NOTED, [course.school_id, since, by.pk, course.course_id, kind.value])
        return cursor.fetchone() is not None


@transaction.atomic
def confirm_unusual(*, by: User, unusual: UnusualEdit, now: datetime) -> UnusualEdit:
    """«Это я»: the author knows of the edit. Raises Forbidden for everybody else."""
    require(unusual.user_id == by.pk)
    if unusual.confirmed_at is None and unusual.denied_at is None:
        unusual.confirmed_at = now
        unusual.save(update_fields=["confirmed_at"])
    return unusual


@transaction.atomic
def deny_unusual(*, by: User, unusual: UnusualEdit, now: datetime) -> UnusualEdit:
    """«Это не я»: somebody else wrote under the author's name; the deputy head is told at once."""
    require(unusual.user_id == by.pk)
    if unusual.denied_at is None:
        unusual.denied_at = now
        unusual.seen_by = unusual.seen_at = unusual.confirmed_at = None
        unusual.save(update_fields=["denied_at", "seen_by", "seen_at", "confirmed_at"])
        unusual_denied.send(sender=UnusualEdit, unusual=unusual, by=by, now=now)
    return unusual


@transaction.atomic
def mark_unusual_seen(*, by: User, unusual: UnusualEdit, now: datetime) -> UnusualEdit:
    """«Просмотрено» by the deputy head."""
    require(policy.may_control(by, unusual.school_id))
    if unusual.seen_at is None:
        unusual.seen_by, unusual.seen_at = by, now
        unusual.save(update_fields=["seen_by", "seen_at"])
    return unusual
