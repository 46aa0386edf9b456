"""The choice of a child, and the class teacher's desk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from diary.pages.acknowledgement import Delivery
from diary.pages.week import iso_week


@dataclass(frozen=True, slots=True)
class ChildLink:
    """A child whose diary the account may open."""

    pupil_id: UUID
    name: str  # «Петрова Анна»
    class_name: str
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class ClosedChild:
    """A child whose diary is not open to this guardian, and what to do about it."""

    name: str
    school_name: str
    state: Literal["no_decision", "refused", "withdrawn", "restricted", "not_yet"]
    title: str
    text: str
    bring: tuple[str, ...] = ()  # what to bring to the school


@dataclass(frozen=True, slots=True)
class DeskGuardian:
    """A guardian in the class teacher's table of a week."""

    guardian_id: UUID
    name: str
    kind: str
    takes: Delivery
    substitute: str  # «Сферум»
    is_open: bool
    timetable_at: datetime | None = None
    timetable_channel: str = ""
    finals_at: datetime | None = None
    finals_channel: str = ""
    last_visit: datetime | None = None
    visited_this_week: bool = False

    @property
    def on_paper(self) -> bool:
        return not self.is_open or self.takes != "electronic"

    @property
    def is_done(self) -> bool:
        return bool(self.timetable_at and self.finals_at)


@dataclass(frozen=True, slots=True)
class DeskRow:
    pupil_id: UUID
    number: int
    name: str
    guardians: tuple[DeskGuardian, ...]
    is_kept: bool  # one guardian suffices, in every section that the regulation names
    is_owed: bool  # the pupil had lessons in the week

    @property
    def on_paper(self) -> bool:
        return not any(not g.on_paper for g in self.guardians)


@dataclass(frozen=True, slots=True)
class Desk:
    """/class/<class>/: who acknowledged the week."""

    class_id: UUID
    class_name: str
    school_name: str
    time_zone: str
    monday: date
    now: datetime
    rows: tuple[DeskRow, ...]
    is_owed: bool  # the class had lessons in the week

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))

    def rows_shown(self, wanted: str) -> tuple[DeskRow, ...]:
        """Return the rows of a filter: waiting, paper, or all."""
        if wanted == "waiting":
            return tuple(row for row in self.rows if row.is_owed and not row.is_kept)
        if wanted == "paper":
            return tuple(row for row in self.rows if row.on_paper)
        return self.rows

    @property
    def kept(self) -> int:
        return sum(row.is_kept for row in self.rows)

    @property
    def waiting(self) -> int:
        return sum(row.is_owed and not row.is_kept for row in self.rows)

    @property
    def paper(self) -> int:
        return sum(row.on_paper for row in self.rows)
