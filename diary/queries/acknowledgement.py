"""What was seen, and who acknowledged it: shared by the week and the final results."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from diary.pages import AcknowledgementState, Change, GuardianState, PupilHead, Section, Seen
from diary.queries.rows import Fact
from journal import grading
from people.models.persons import GuardianshipKind


def pupil_head(pupil_id: UUID, fact: Fact) -> PupilHead:
    school, school_name, zone, last, first, middle, class_id, grade, letter, _shift = fact
    return PupilHead(
        pupil_id=pupil_id,
        school_id=UUID(school),
        school_name=school_name,
        time_zone=zone,
        last_name=last,
        first_name=first,
        middle_name=middle,
        class_id=UUID(class_id) if class_id else None,
        class_name=f"{grade}{letter}" if class_id else "",
        grade_level=grade,
    )


def short_name(last: str, first: str, middle: str) -> str:
    """«Петрова О. В.»."""
    return " ".join([last, *(f"{name[0]}." for name in (first, middle) if name)])


def moment(text: str, zone: tzinfo | None) -> datetime:
    """Return a moment of a JSON fact on the school's clock."""
    return datetime.fromisoformat(text).astimezone(zone)


def corrections(facts: Iterable[Fact], zone: tzinfo | None) -> dict[str, tuple[str, date | None]]:
    """Return by a mark's key what stood there before, and the day on which it was changed last."""
    return {
        f"{lesson}:{place}": (grading.seen(value), moment(at, zone).date())
        for lesson, place, value, at in facts
    }


def digest(shown: object) -> str:
    """Return the version of what is shown: equal pages have equal versions."""
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Mapping[str, Sequence[str]], now: Seen) -> tuple[Change, ...]:
    """Return what was seen and is now other; what came later is no change."""
    changed = []
    for key, (subject, value) in before.items():
        after = now.get(key, (subject, ""))[1]
        if after != value:
            changed.append(Change(subject=subject, before=value, after=after))
    return tuple(changed)


def state(
    facts: Iterable[Fact],
    *,
    section: Section,
    monday: date,
    version: str,
    seen: Seen,
    now: datetime,
    readers: Collection[UUID],
) -> AcknowledgementState:
    """Return the block of the section: every guardian, and what changed since the reader's press.

    `now` is on the school's clock. A week that has not begun cannot be acknowledged.
    """
    found = [(fact, _guardian(fact, zone=now.tzinfo, readers=readers)) for fact in facts]
    pressed = [(fact, guardian) for fact, guardian in found if guardian.at]
    own = [pair for pair in pressed if pair[1].is_reader]
    latest = max(own or pressed, key=lambda pair: str(pair[1].at), default=None)
    return AcknowledgementState(
        section=section,
        monday=monday,
        version=version,
        guardians=tuple(guardian for _, guardian in found),
        changes=differences(seen_then(latest[0]), seen) if latest else (),
        may_press=monday <= now.date()
        and any(guardian.is_reader and guardian.is_open for _, guardian in found),
    )


def seen_then(fact: Fact) -> Mapping[str, Sequence[str]]:
    """Return what a guardian's last acknowledgement recorded as seen."""
    given = fact[7]
    seen: Mapping[str, Any] = (given[3] if given else None) or {}
    return seen


def _guardian(fact: Fact, *, zone: tzinfo | None, readers: Collection[UUID]) -> GuardianState:
    person, last, first, middle, kind, is_open, declared, given = fact
    at, channel, version, _seen = given or (None, "", "", None)
    return GuardianState(
        guardian_id=UUID(person),
        name=short_name(last, first, middle),
        kind=GuardianshipKind(kind).label,
        is_open=is_open,
        takes=declared[0] if declared else "electronic",
        at=moment(at, zone) if at else None,
        channel=channel,
        version=version,
        is_reader=UUID(person) in readers,
    )
