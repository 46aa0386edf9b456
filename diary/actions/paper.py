"""Acknowledgements that come back on paper or by a message, with their evidence (K4b)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from common import uploads
from common.errors import require
from diary import policy, queries
from diary.actions.acknowledgement import row_of
from diary.errors import EvidenceMissing, NotRepresentative, WeekAhead
from diary.errors_desk import AlreadyRecorded
from diary.models import Acknowledgement, Channel, Section
from diary.pages import Finals, Week
from journal.actions.held import hold_pupils
from people.models import Guardianship, Person, Pupil, User

Upload: TypeAlias = "UploadedFile[Any] | None"


@dataclass(frozen=True, slots=True)
class Slip:
    """A returned slip or a message: whose, how it came, and what proves it."""

    guardian: Person
    pupil: Pupil
    channel: Channel
    evidence: str
    upload: Upload = None
    sections: Sequence[Section] = tuple(Section)


@transaction.atomic
def record_slips(*, by: User, slips: Iterable[Slip], week: date, now: datetime) -> int:
    """Record slips of a week, all or none; return how many.

    Raises Forbidden, EvidenceMissing, BrokenFile, NotRepresentative, WeekAhead, AlreadyRecorded.
    """
    given = list(slips)
    hold_pupils(slip.pupil.pk for slip in given)
    return sum(1 for slip in given if record_slip(by=by, slip=slip, week=week, now=now))


@transaction.atomic
def record_slip(*, by: User, slip: Slip, week: date, now: datetime) -> list[Acknowledgement]:
    """Record what a guardian acknowledged in writing or by a message, with its evidence (K4b).

    Raises what `record_slips` raises.
    """
    require(policy.can_record_paper(by, slip.pupil))
    hold_pupils([slip.pupil.pk])  # of two posts of one slip the second finds the first
    words, today = slip.evidence.strip(), slip.pupil.school.local_date(now)
    if not (words or slip.upload) or slip.channel == Channel.WEB:
        raise EvidenceMissing
    ties = Guardianship.objects.filter(guardian=slip.guardian, pupil=slip.pupil).in_force(today)
    if not ties.unrestricted(today).exists():
        raise NotRepresentative
    if week > today:
        raise WeekAhead
    file = _checked(slip.upload)
    made: list[Acknowledgement] = []
    for section in slip.sections:
        shown = _shown(section, slip.pupil, week, now=now)
        row = row_of(
            shown, section, guardian_id=slip.guardian.pk, by=by, channel=slip.channel, evidence=words, now=now
        )  # fmt: skip
        row.evidence_name = file[0] if file else ""
        # The file is kept once, both sections name it.
        row.evidence_file = made[0].evidence_file.name if made and file else file[1] if file else ""
        made.append(_kept(row))
    return made


def _checked(upload: Upload) -> tuple[str, Upload] | None:
    """Return the file's own name and the file under a name that nobody guesses. Raises BrokenFile."""
    return (uploads.admit(upload).name, upload) if upload else None


def _shown(section: Section, pupil: Pupil, monday: date, *, now: datetime) -> Week | Finals:
    if section == Section.FINALS:
        return queries.finals(pupil, monday, user=None, now=now)
    return queries.week(pupil, monday, user=None, now=now)


def _kept(row: Acknowledgement) -> Acknowledgement:
    """Add the row. The same slip sent twice finds the first; another one for the same is refused."""
    same = Acknowledgement.objects.filter(
        guardian=row.guardian, pupil=row.pupil, section=row.section, week=row.week, version=row.version
    )  # fmt: skip
    known = same.first()
    if known is None:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:  # the guardian has pressed herself meanwhile
            raise AlreadyRecorded from error
        return row
    if (known.channel, known.evidence) != (
        row.channel,
        row.evidence,
    ) or row.evidence_name != known.evidence_name:
        raise AlreadyRecorded
    return known
