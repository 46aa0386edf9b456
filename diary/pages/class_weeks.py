"""The class teacher's desk over weeks: guardians × weeks, and what each looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from diary.pages.acknowledgement import Change
from diary.pages.week import iso_week

# A guardian's week: acknowledged in the diary, by message, on paper; one section of two; another of the
# family did; nobody yet, the week goes on; nobody, the week is over; no lessons; not in this class.
CellKind = Literal["web", "message", "paper", "half", "other", "open", "late", "free", "away"]
# The sign of a cell, its tone, and what it says in words.
SIGNS: dict[CellKind, tuple[str, str, str]] = {
    "web": ("✓", "good", "ознакомление в дневнике"),
    "message": ("С", "good", "ознакомление сообщением"),
    "paper": ("Б", "good", "ознакомление на бумаге"),
    "other": ("•", "good", "ознакомился другой представитель"),
    "half": ("½", "warn", "только один раздел из двух"),
    "open": ("…", "", "неделя идёт, ознакомления пока нет"),
    "late": ("✕", "bad", "неделя прошла, ознакомления нет"),
    "free": ("–", "off", "уроков не было, ознакомление не требуется"),
    "away": ("", "off", "ученик был не в этом классе"),
}


@dataclass(frozen=True, slots=True)
class WeekHead:
    """A column: the week, and how many of the families that owe it have acknowledged."""

    monday: date
    kept: int
    owed: int

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def percent(self) -> int | None:
        return round(100 * self.kept / self.owed) if self.owed else None


@dataclass(frozen=True, slots=True)
class WeekCell:
    """A guardian's week; `changed`: a mark that was seen is other now, which un-keeps nothing."""

    kind: CellKind
    changed: bool = False

    @property
    def sign(self) -> str:
        return SIGNS[self.kind][0]

    @property
    def tone(self) -> str:
        return SIGNS[self.kind][1]

    @property
    def words(self) -> str:
        said = SIGNS[self.kind][2]
        return f"{said}, потом отметка изменена" if self.changed else said


@dataclass(frozen=True, slots=True)
class GuardianWeeks:
    guardian_id: UUID | None
    name: str  # empty where nobody is recorded
    note: str  # «на бумаге», «доступ закрыт»
    last_visit: datetime | None
    cells: tuple[WeekCell, ...]


@dataclass(frozen=True, slots=True)
class FamilyWeeks:
    pupil_id: UUID
    number: int
    name: str
    guardians: tuple[GuardianWeeks, ...]
    kept: int
    owed: int
    changes: Mapping[date, tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class ClassWeeks:
    """/class/<class>/weeks/."""

    class_id: UUID
    class_name: str
    school_name: str
    weeks: tuple[WeekHead, ...]
    rows: tuple[FamilyWeeks, ...]
    now: datetime

    @property
    def changes(self) -> tuple[tuple[FamilyWeeks, date, tuple[Change, ...]], ...]:
        """Return what was changed after it was acknowledged, the latest week first."""
        found = [(row, monday, what) for row in self.rows for monday, what in row.changes.items()]
        return tuple(sorted(found, key=lambda one: (-one[1].toordinal(), one[0].number)))
