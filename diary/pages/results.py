"""A pupil's marks, tasks, absences and final results."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from diary.pages.acknowledgement import AcknowledgementState, Seen
from diary.pages.week import PupilHead, iso_week


@dataclass(frozen=True, slots=True)
class PeriodTab:
    period_id: UUID
    name: str  # «II четверть»
    starts: date
    ends: date
    is_shown: bool = False

    @property
    def short(self) -> str:
        """«II»: heads a narrow column."""
        return self.name.partition(" ")[0]


ResultKindCode = Literal["period", "year", "exam", "final"]


@dataclass(frozen=True, slots=True)
class ResultShown:
    """A result as the page shows it: what «просмотрено» is recorded of."""

    result_id: UUID
    kind: ResultKindCode
    value: str


@dataclass(frozen=True, slots=True)
class FinalCell:
    """A result, or why there is none yet."""

    text: str = ""  # «4», «н/а», «осв», «отсрочка»; empty: none
    note: str = ""  # «до 15 января», «изменена 20 ноября, было «4»», «закроется 28 декабря»
    is_changed: bool = False
    unseen: tuple[ResultShown, ...] = ()  # what the readers were not shown before

    def beside(self, other: "FinalCell") -> "FinalCell":
        """Return the cell with another result of the same place: two exams in a subject."""
        return FinalCell(
            text=f"{self.text}/{other.text}",
            note=f"{self.note}; {other.note}",
            is_changed=self.is_changed or other.is_changed,
            unseen=(*self.unseen, *other.unseen),
        )


@dataclass(frozen=True, slots=True)
class FinalRow:
    subject: str
    periods: tuple[FinalCell, ...]
    year: FinalCell = field(default_factory=FinalCell)
    exam: FinalCell = field(default_factory=FinalCell)
    final: FinalCell = field(default_factory=FinalCell)

    @property
    def every(self) -> tuple[FinalCell, ...]:
        return (*self.periods, self.year, self.exam, self.final)


@dataclass(frozen=True, slots=True)
class PeriodBehaviour:
    """A pupil's behaviour in a period: the mark, and what was noted on its days."""

    period: str
    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finals:
    pupil: PupilHead
    now: datetime
    year: int  # the calendar year in which the school year begins
    monday: date  # of the week that the block acknowledges
    periods: tuple[PeriodTab, ...]
    rows: tuple[FinalRow, ...]
    version: str
    seen: Seen
    acknowledgement: AcknowledgementState
    debts: tuple[str, ...] = ()  # academic debts, in words
    behaviour: tuple[PeriodBehaviour, ...] = ()

    @property
    def year_name(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def previous_iso(self) -> str:
        return iso_week(self.monday - timedelta(days=7))

    @property
    def following_iso(self) -> str:
        return iso_week(self.monday + timedelta(days=7))

    @property
    def summary(self) -> str:
        """«14 предметов, выставлено 12 отметок»."""
        shown = (cell.text for row in self.rows for cell in row.every)
        given = sum(
            bool(text) and not text.startswith("отс") for text in shown
        )  # a deferral is no mark
        return f"Выставлено итоговых отметок: {given}."

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands behind the cells, in words under the table."""
        said: dict[str, None] = {}
        names = (*(period.name for period in self.periods), "год", "экзамен", "итоговая оценка")
        for row in self.rows:
            for name, cell in zip(names, row.every, strict=True):
                if cell.text and cell.note:
                    said[f"{row.subject}, {name}: {cell.text} — {cell.note}"] = None
                elif cell.note:
                    said[f"{name[:1].upper()}{name[1:]}: {cell.note}"] = None
        return tuple(said)

    @property
    def unseen(self) -> tuple[ResultShown, ...]:
        return tuple(one for row in self.rows for cell in row.every for one in cell.unseen)

    @property
    def is_read_by_guardian(self) -> bool:
        return any(one.is_reader and one.is_open for one in self.acknowledgement.guardians)

    @property
    def has_exams(self) -> bool:
        return any(row.exam.text for row in self.rows)
