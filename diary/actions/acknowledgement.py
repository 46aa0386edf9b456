"""«С дневником ознакомлен», by the guardian herself or, on paper, by the class teacher."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from common.errors import Forbidden, require
from diary import policy, queries
from diary.errors import EvidenceMissing, NotRepresentative, PageChanged, WeekAhead
from diary.models import Acknowledgement, Channel, Section
from diary.pages import Finals, Week
from people.models import Guardianship, Person, Pupil, User


@transaction.atomic
def acknowledge(
    *, by: User, pupil_id: UUID, section: Section, week: date, version: str, now: datetime
) -> Week | Finals:
    """Record that the guardian saw `version` of the section in the week of Monday `week` (K4a).

    Returns what was shown, with the block as it stands then. A second press of the same version finds the first.
    Raises Forbidden to whoever does not represent the pupil, WeekAhead, and PageChanged when
    something else stands there now.
    """
    shown = queries.own_section(by, pupil_id, section, week, now=now)
    person = by.person_in(shown.pupil.school_id) if shown else None
    if shown is None or person is None:
        raise Forbidden
    if not shown.acknowledgement.has_begun:
        raise WeekAhead
    if shown.version != version:
        raise PageChanged
    made = _row(
        shown, section, guardian_id=person, by=by, channel=Channel.WEB, evidence="", now=now
    )
    Acknowledgement.objects.bulk_create([made], ignore_conflicts=True)
    return replace(
        shown, acknowledgement=queries.pressed_now(shown.acknowledgement, person, at=now)
    )


def _row(
    shown: Week | Finals,
    section: Section,
    *,
    guardian_id: UUID,
    by: User,
    channel: Channel,
    evidence: str,
    now: datetime,
) -> Acknowledgement:
    return Acknowledgement(
        school_id=shown.pupil.school_id,
        guardian_id=guardian_id,
        pupil_id=shown.pupil.pupil_id,
        section=section,
        week=shown.monday,
        version=shown.version,
        seen={key: list(fact) for key, fact in shown.seen.items()},
        channel=channel,
        evidence=evidence,
        at=now,
        registered_by=by,
    )


@transaction.atomic
def acknowledge_on_paper(
    *,
    by: User,
    guardian: Person,
    pupil: Pupil,
    section: Section,
    week: date,
    channel: Channel,
    evidence: str,
    now: datetime,
) -> Acknowledgement:
    """Record what a guardian acknowledged in writing or by a message, with its evidence (K4b).

    Raises Forbidden, EvidenceMissing, NotRepresentative, WeekAhead.
    """
    require(policy.can_record_paper(by, pupil))
    if not evidence.strip() or channel == Channel.WEB:
        raise EvidenceMissing
    today = pupil.school.local_date(now)
    ties = Guardianship.objects.filter(guardian=guardian, pupil=pupil).in_force(today)
    if not ties.unrestricted(today).exists():
        raise NotRepresentative
    shown = _shown(section, pupil, week, user=None, now=now)
    return _record(
        shown,
        section,
        guardian_id=guardian.pk,
        by=by,
        channel=channel,
        evidence=evidence.strip(),
        now=now,
    )


def _shown(
    section: Section, pupil: Pupil, monday: date, *, user: User | None, now: datetime
) -> Week | Finals:
    """Return what the section shows. Raises WeekAhead."""
    if monday > pupil.school.local_date(now):
        raise WeekAhead
    if section == Section.FINALS:
        return queries.finals(pupil, monday, user=user, now=now)
    return queries.week(pupil, monday, user=user, now=now)


def _record(
    shown: Week | Finals,
    section: Section,
    *,
    guardian_id: UUID,
    by: User,
    channel: Channel,
    evidence: str,
    now: datetime,
) -> Acknowledgement:
    """Add the row; a second press of the same version finds the first."""
    made, _ = Acknowledgement.objects.get_or_create(
        guardian_id=guardian_id,
        pupil_id=shown.pupil.pupil_id,
        section=section,
        week=shown.monday,
        version=shown.version,
        defaults={
            "school_id": shown.pupil.school_id,
            "seen": {key: list(fact) for key, fact in shown.seen.items()},
            "channel": channel,
            "evidence": evidence,
            "at": now,
            "registered_by": by,
        },
    )
    return made
