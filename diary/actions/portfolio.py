"""Achievements of a pupil (G3.1b): the family adds, the class teacher confirms, a guardian shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common import uploads
from common.errors import require
from diary import policy_portfolio as policy
from diary.errors_portfolio import (
    AchievementChanged,
    AlreadyChecked,
    AlreadyConfirmed,
    AlreadyRemoved,
    BrokenAchievement,
    OnlyGuardian,
)
from diary.models import Achievement, AchievementKind, AchievementLevel, AchievementState, Audience
from journal.actions.held import hold_pupils
from people.models import Pupil, User

MOST = 300  # of one pupil
EARLIEST = date(2005, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An achievement as the family writes it."""

    kind: AchievementKind
    level: AchievementLevel
    title: str
    outcome: str
    day: date


@transaction.atomic
def add_achievement(
    *,
    by: User,
    pupil: Pupil,
    entry: Entry,
    audience: Audience = Audience.CLASS_TEACHER,
    upload: "UploadedFile[Any] | None" = None,
    now: datetime,
) -> Achievement:
    """Add an achievement that waits for the class teacher.

    Raises Forbidden, OnlyGuardian, BrokenAchievement, BrokenFile.
    """
    require(policy.can_fill(by, pupil))
    _may_show(by, pupil, before=Audience.CLASS_TEACHER, after=audience)
    hold_pupils([pupil.pk])  # of two that come together the second counts the first
    if Achievement.objects.filter(pupil=pupil).count() >= MOST:
        raise BrokenAchievement("Достижений уже слишком много: уберите лишние.", field="title")
    row = Achievement(
        school_id=pupil.school_id, pupil=pupil, audience=audience, added_by=by, added_at=now
    )
    _write(row, entry, upload, today=pupil.school.local_date(now))
    row.save()
    return row


@transaction.atomic
def edit_achievement(
    *,
    by: User,
    achievement: Achievement,
    entry: Entry,
    upload: "UploadedFile[Any] | None" = None,
    now: datetime,
) -> Achievement:
    """Write it anew while nobody has confirmed it; a declined one waits again.

    Raises Forbidden, AlreadyConfirmed, BrokenAchievement, BrokenFile.
    """
    row = _own(by, achievement)
    _write(row, entry, upload, today=row.pupil.school.local_date(now))
    row.state, row.remark = AchievementState.WAITING, ""
    row.checked_by = row.checked_at = None
    row.save()
    return row


@transaction.atomic
def remove_achievement(*, by: User, achievement: Achievement) -> None:
    """Take away what nobody has confirmed. Raises Forbidden, AlreadyConfirmed."""
    row = _own(by, achievement)
    uploads.discard_after(row.file.storage, str(row.file.name or ""))
    row.delete()


@transaction.atomic
def show_achievement(*, by: User, achievement: Achievement, audience: Audience) -> None:
    """Set who sees it: a guardian alone shows it to more people. Raises Forbidden, OnlyGuardian."""
    require(policy.can_fill(by, achievement.pupil))
    row = Achievement.objects.select_for_update(no_key=True).filter(pk=achievement.pk).first()
    if row is None:
        raise AlreadyRemoved
    _may_show(by, achievement.pupil, before=Audience(row.audience), after=audience)
    row.audience = audience
    row.save(update_fields=["audience"])


@transaction.atomic
def check_achievement(
    *,
    by: User,
    achievement: Achievement,
    seen: str,
    is_confirmed: bool,
    remark: str,
    now: datetime,
) -> None:
    """Confirm what was seen (its stamp), or decline it with a remark.

    Raises Forbidden, AlreadyRemoved, AlreadyChecked, AchievementChanged, BrokenAchievement.
    """
    require(policy.can_check(by, achievement))
    row = Achievement.objects.select_for_update(no_key=True).filter(pk=achievement.pk).first()
    if row is None:
        raise AlreadyRemoved
    if row.state != AchievementState.WAITING:
        raise AlreadyChecked
    if row.stamp != seen:
        raise AchievementChanged
    said = remark.strip()
    if not is_confirmed and not said:
        raise BrokenAchievement("Напишите семье, чего не хватает.", field="remark")
    row.state = AchievementState.CONFIRMED if is_confirmed else AchievementState.DECLINED
    row.remark, row.checked_by, row.checked_at = said, by, now
    row.save(update_fields=["state", "remark", "checked_by", "checked_at"])


def _own(by: User, achievement: Achievement) -> Achievement:
    """Return the row, held, if the family may still change it."""
    require(policy.can_fill(by, achievement.pupil))
    rows = Achievement.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("pupil__school").filter(pk=achievement.pk).first()
    if row is None:
        raise AlreadyRemoved
    if row.state == AchievementState.CONFIRMED:
        raise AlreadyConfirmed
    return row


def _may_show(by: User, pupil: Pupil, *, before: Audience, after: Audience) -> None:
    if not policy.can_show(by, pupil, before=before, after=after):
        raise OnlyGuardian


def _write(
    row: Achievement, entry: Entry, upload: "UploadedFile[Any] | None", *, today: date
) -> None:
    if not entry.title.strip():
        raise BrokenAchievement("Напишите название.", field="title")
    if entry.day > today:
        raise BrokenAchievement("Этот день ещё не наступил.", field="day")
    if entry.day < EARLIEST:
        raise BrokenAchievement("Проверьте год.", field="day")
    row.kind, row.level, row.day = entry.kind, entry.level, entry.day
    row.title, row.outcome = entry.title.strip(), entry.outcome.strip()
    if upload is not None:
        uploads.discard_after(row.file.storage, str(row.file.name or ""))
        row.file_name, row.file = uploads.admit(upload).name, upload
