"""Absences that families told ahead. They are kept by the diary, which stands above the journal and lends its reader."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from common.templatetags.words import day_month


@dataclass(frozen=True, slots=True)
class Announced:
    """A pupil who will not come: on whole days, or to lessons of one day."""

    pupil_id: UUID
    since: date
    until: date
    first_lesson: int | None
    last_lesson: int | None
    reason: str  # «болезнь»: health data, for the class teacher and those who teach the child
    is_accepted: bool  # the class teacher has made a note of it

    def covers(self, day: date, number: int) -> bool:
        if not self.since <= day <= self.until:
            return False
        first, last = self.first_lesson, self.last_lesson
        return first is None or last is None or first <= number <= last

    @property
    def is_whole(self) -> bool:
        return self.first_lesson is None

    @property
    def term(self) -> str:
        """«до 20 ноября», «уроки 1–2»."""
        if self.first_lesson is None or self.last_lesson is None:
            return f"до {day_month(self.until)}"
        if self.first_lesson == self.last_lesson:
            return f"{self.first_lesson}-й урок"
        return f"уроки {self.first_lesson}–{self.last_lesson}"

    @property
    def words(self) -> str:
        """«сообщили родители: до 20 ноября, болезнь»."""
        return f"сообщили родители: {self.term}, {self.reason}"

    @property
    def words_without_reason(self) -> str:
        return f"сообщили родители: {self.term}"


class Lender(Protocol):
    """What the diary lends."""

    @property
    def reasons(self) -> Mapping[str, str]: ...

    @property
    def column(self) -> str:
        """A column for the journal's statements: what was told of {pupil} between {since} and {until}, as JSON."""

    def read(self, pupils: Collection[UUID], since: date, until: date) -> Sequence[Announced]: ...

    def waiting(self, classes: Collection[UUID], *, today: date) -> int: ...


_lent: list[Lender] = []


def lend(lender: Lender) -> None:
    """Let the journal read what families told, and count what waits."""
    _lent[:] = [lender]


def announced(pupils: Collection[UUID], day: date) -> tuple[Announced, ...]:
    """Return who of the pupils was told to be absent on the day; one statement."""
    return tuple(one for lender in _lent for one in lender.read(pupils, day, day))


def waiting_reports(classes: Collection[UUID], *, today: date) -> int:
    """Return how many reports of the classes wait for an answer."""
    return sum(lender.waiting(classes, today=today) for lender in _lent)


def column(pupil: str, *, since: str = "%(day)s", until: str = "%(day)s") -> str:
    """Return the column that tells of a pupil, for `told`; without a diary an empty one."""
    given = (lender.column.format(pupil=pupil, since=since, until=until) for lender in _lent)
    return next(given, "NULL::text")


def told(pupil_id: UUID, text: str | None) -> tuple[Announced, ...]:
    """Read the column."""
    reasons = {code: words for lender in _lent for code, words in lender.reasons.items()}
    return tuple(
        Announced(
            pupil_id, date.fromisoformat(since), date.fromisoformat(until), first, last, reasons[reason],
            is_accepted,
        )
        for since, until, first, last, reason, is_accepted in json.loads(text or "[]")
    )  # fmt: skip


def words_of(day: date, number: int, found: Iterable[Announced]) -> str:
    """Return what was told of the lesson: «сообщили родители: до 20 ноября, болезнь»."""
    return next((one.words for one in found if one.covers(day, number)), "")
