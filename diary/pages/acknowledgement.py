"""Who acknowledged a section of a week, and what is other since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from common.templatetags.words import count_ru

Section = Literal["timetable", "finals"]
Delivery = Literal["electronic", "paper", "substitute"]
# What was shown, by a key that survives a correction: {"<lesson>:<position>": ("алгебра", "4")}.
Seen = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than the guardian saw when she acknowledged."""

    subject: str
    before: str  # empty: there was nothing
    after: str  # empty: it was taken away

    @property
    def words(self) -> str:
        """«алгебра 4 → 5»."""
        return f"{self.subject} {self.before or '—'} → {self.after or 'снята'}"


@dataclass(frozen=True, slots=True)
class GuardianState:
    """One guardian's acknowledgement of a section of the week."""

    guardian_id: UUID
    name: str  # «Петрова О. В.»
    kind: str  # «Родитель»
    is_open: bool  # reads the electronic diary
    takes: Delivery = "electronic"
    at: datetime | None = None
    channel: str = ""  # web | message | paper
    version: str = ""
    is_reader: bool = False  # this is who reads the page


@dataclass(frozen=True, slots=True)
class AcknowledgementState:
    """The block «С дневником ознакомлен» of a section and a week."""

    section: Section
    monday: date
    version: str  # of what is shown now
    guardians: tuple[GuardianState, ...] = ()
    changes: tuple[Change, ...] = ()  # since the reader's own (or the last) acknowledgement
    later: str = ""  # «2 отметки, 1 пропуск»: what came after it
    may_press: bool = False  # the reader is a guardian with open access
    is_asked: bool = True  # the school's regulation puts the button into this section
    interval: int = 7  # days, by the regulation
    is_owed: bool = True  # the week has lessons: vacations need no acknowledgement
    was_kept: bool = False  # by anybody, also by one who represents the child no more
    has_begun: bool = True

    @property
    def acknowledged(self) -> tuple[GuardianState, ...]:
        return tuple(guardian for guardian in self.guardians if guardian.at)

    @property
    def waiting(self) -> tuple[GuardianState, ...]:
        return tuple(guardian for guardian in self.guardians if not guardian.at)

    @property
    def mine(self) -> GuardianState | None:
        return next((g for g in self.guardians if g.is_reader and g.at), None)

    @property
    def shows_button(self) -> bool:
        return self.is_asked and self.may_press and (self.mine is None or bool(self.changes))

    @property
    def wants_a_press(self) -> bool:
        """The week is owed and nobody acknowledged it yet: the reader is the one who may."""
        return self.shows_button and self.is_owed and not self.is_kept

    @property
    def is_kept(self) -> bool:
        """One guardian suffices; a later change does not undo it."""
        return self.was_kept or bool(self.acknowledged)

    @property
    def how_often(self) -> str:
        """«раз в неделю»: as the regulation says."""
        return (
            "раз в неделю"
            if self.interval == 7
            else f"раз в {count_ru(self.interval, 'день,дня,дней')}"
        )
