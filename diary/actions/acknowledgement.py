"""«С дневником ознакомлен», by the guardian herself."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from common.errors import Forbidden
from diary import queries
from diary.errors import PageChanged, WeekAhead
from diary.models import Acknowledgement, Channel, Section
from diary.pages import Finals, Week
from people.models import User


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
    made = row_of(
        shown, section, guardian_id=person, by=by, channel=Channel.WEB, evidence="", now=now
    )
    Acknowledgement.objects.bulk_create([made], ignore_conflicts=True)
    return replace(
        shown, acknowledgement=queries.pressed_now(shown.acknowledgement, person, at=now)
    )


def row_of(
    shown: Week | Finals,
    section: Section,
    *,
    guardian_id: UUID,
    by: User,
    channel: Channel,
    evidence: str,
    now: datetime,
) -> Acknowledgement:
    """Return the row, not yet kept, of what was shown."""
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
