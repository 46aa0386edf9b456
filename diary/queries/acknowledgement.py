"""What was seen, and who acknowledged it: shared by the week and the final results."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from common.templatetags.words import count_ru
from diary.pages import AcknowledgementState, Change, GuardianState, PupilHead, Section, Seen
from diary.queries.rows import Fact
from journal import grading
from people.models.persons import GuardianshipKind
from regulation import parameters

SECTIONS, INTERVAL = "acknowledgement_sections", "acknowledgement_interval_days"


@dataclass(frozen=True, slots=True)
class Duty:
    """What the school asks of the section, and whether this week owes it."""

    sections: Collection[str] = ("timetable", "finals")
    interval: int = 7
    was_kept: bool = False  # by anybody, now or so shortly before that the regulation is content
    is_owed: bool = True

    @classmethod
    def of(cls, facts: Sequence[Fact], *, is_owed: bool) -> "Duty":
        sections, interval, was_kept = facts[0] if facts else (None, None, False)
        return cls(
            sections=parameters.read(SECTIONS, sections).options,
            interval=parameters.read(INTERVAL, interval).number,
            was_kept=was_kept,
            is_owed=is_owed,
        )


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
    duty: Duty,
) -> AcknowledgementState:
    """Return the block of the section: every guardian, and what changed since the reader's press.

    `now` is on the school's clock. A week that has not begun cannot be acknowledged.
    """
    found = [(fact, _guardian(fact, zone=now.tzinfo, readers=readers)) for fact in facts]
    pressed = [(fact, guardian) for fact, guardian in found if guardian.at]
    own = [pair for pair in pressed if pair[1].is_reader]
    latest = max(own or pressed, key=lambda pair: str(pair[1].at), default=None)
    known = seen_then(latest[0]) if latest else seen
    has_begun = monday <= now.date()
    return AcknowledgementState(
        section=section,
        monday=monday,
        version=version,
        guardians=tuple(guardian for _, guardian in found),
        changes=differences(known, seen),
        later=later(known, seen),
        may_press=has_begun
        and any(guardian.is_reader and guardian.is_open for _, guardian in found),
        is_asked=section in duty.sections,
        interval=duty.interval,
        is_owed=duty.is_owed,
        was_kept=duty.was_kept,
        has_begun=has_begun,
    )


def pressed_now(
    state: AcknowledgementState, guardian: UUID, *, at: datetime
) -> AcknowledgementState:
    """Return the block as it stands after the guardian's press."""
    guardians = tuple(
        replace(one, at=at, channel="web", version=state.version)
        if one.guardian_id == guardian
        else one
        for one in state.guardians
    )
    return replace(state, guardians=guardians, changes=(), later="", was_kept=True)


def later(before: Mapping[str, Sequence[str]], now: Seen) -> str:
    """Say how much came after what was seen: «2 отметки, 1 пропуск»."""
    values = [(key, value) for key, (_, value) in now.items() if key not in before]
    absences = [value for key, value in values if key.endswith(":a")]
    lates = absences.count("о")
    counted = (
        (len(values) - len(absences), "отметка,отметки,отметок"),
        (len(absences) - lates, "пропуск,пропуска,пропусков"),
        (lates, "опоздание,опоздания,опозданий"),
    )
    return ", ".join(count_ru(number, forms) for number, forms in counted if number)


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
