"""How the classes of a school acknowledge a week, and what a class's guardians looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from diary.pages import iso_week


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A class in a week: families that owe the acknowledgement, and how they gave it."""

    class_id: UUID | None  # None: the whole school
    name: str
    teacher: str
    electronic: int  # families with a guardian who uses the diary
    electronic_kept: int
    paper: int
    paper_kept: int
    by_web: int
    by_paper: int  # on paper or by message
    visited: int  # families of whom somebody looked into the diary in the week
    reminded: int  # families that were reminded of the week

    @property
    def owed(self) -> int:
        return self.electronic + self.paper

    @property
    def kept(self) -> int:
        return self.electronic_kept + self.paper_kept

    @property
    def none(self) -> int:
        return self.owed - self.kept

    @property
    def percent(self) -> int | None:
        return round(100 * self.kept / self.owed) if self.owed else None


@dataclass(frozen=True, slots=True)
class Board:
    """/class/school/: every class of the school in a week."""

    school_name: str
    monday: date
    now: datetime
    rows: tuple[BoardRow, ...]
    total: BoardRow

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))


@dataclass(frozen=True, slots=True)
class SectionVisits:
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class VisitorRow:
    """A guardian: when she came last, and how often to each section."""

    pupil: str
    number: int
    is_first: bool
    guardian: str
    note: str
    last_at: datetime | None
    days: int  # on which she came
    sections: Mapping[str, SectionVisits]

    def by_section(self, codes: Iterable[str]) -> tuple[SectionVisits | None, ...]:
        return tuple(self.sections.get(code) for code in codes)


@dataclass(frozen=True, slots=True)
class Visits:
    """/class/<class>/visits/."""

    class_id: UUID
    class_name: str
    since: date
    now: datetime
    sections: tuple[tuple[str, str], ...]  # code and name
    rows: tuple[VisitorRow, ...]

    @property
    def lines(self) -> tuple[tuple[VisitorRow, tuple[tuple[str, SectionVisits | None], ...]], ...]:
        """Return each guardian with her sections by name, in the order of the columns."""
        codes, names = zip(*self.sections, strict=True)
        return tuple(
            (row, tuple(zip(names, row.by_section(codes), strict=True))) for row in self.rows
        )

    @property
    def absent(self) -> int:
        return sum(not row.days and not row.note for row in self.rows)
