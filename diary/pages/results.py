"""A pupil's marks, tasks, absences and final results."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from diary.pages.week import (
    AbsenceView,
    AcknowledgementState,
    MarkView,
    PupilHead,
    Seen,
    Task,
    iso_week,
)


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


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    course_id: UUID
    subject: str
    marks: tuple[MarkView, ...] = ()
    average: Decimal | None = None
    weighted: Decimal | None = None
    period_mark: str = ""  # what stands for the period, once it is visible

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The marks that are numbers, in order: what the line is drawn through."""
        return tuple(mark.score for mark in self.marks if mark.score is not None)

    @property
    def dots(self) -> tuple[tuple[str, str], ...]:
        """Where the marks stand on a drawing of 240 by 48: 2 at the foot, 5 at the top."""
        best, worst = max((*self.numbers, Decimal(5))), min((*self.numbers, Decimal(2)))
        step = 228 / max(len(self.numbers) - 1, 1)
        return tuple(
            (f"{6 + index * step:.1f}", f"{42 - 36 * float((score - worst) / (best - worst)):.1f}")
            for index, score in enumerate(self.numbers)
        )

    @property
    def numbers_in_words(self) -> str:
        return ", ".join(mark.value for mark in self.marks if mark.score is not None)

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.dots)

    @property
    def has_weights(self) -> bool:
        return any(mark.weight != 1 for mark in self.marks)


@dataclass(frozen=True, slots=True)
class MarksPage:
    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    subjects: tuple[SubjectMarks, ...]

    @property
    def by_date(self) -> tuple[MarkView, ...]:
        every = (mark for subject in self.subjects for mark in subject.marks)
        return tuple(
            sorted(every, key=lambda mark: (mark.day, mark.subject, mark.key), reverse=True)
        )


@dataclass(frozen=True, slots=True)
class ControlWork:
    """A test ahead: it is announced in the lesson's works."""

    lesson_id: UUID
    day: date
    number: int
    subject: str
    work: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskDay:
    day: date
    label: str  # «Сегодня», «Завтра», else empty
    tasks: tuple[Task, ...]
    controls: tuple[ControlWork, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(task.minutes or 0 for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Tasks:
    pupil: PupilHead
    now: datetime
    days: tuple[TaskDay, ...]
    past: tuple[TaskDay, ...] = ()  # the last two weeks, latest first
    subjects: tuple[str, ...] = ()
    shown_subject: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceDay:
    day: date
    letters: str  # «н», «б», «о», «нб»; empty
    in_month: bool = True
    is_today: bool = False

    @property
    def tone(self) -> str:
        return "late" if self.letters == "о" else "absent"


@dataclass(frozen=True, slots=True)
class AbsenceMonth:
    first: date
    weeks: tuple[tuple[AbsenceDay, ...], ...]


@dataclass(frozen=True, slots=True)
class Absences:
    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    entries: tuple[AbsenceView, ...]  # latest first
    full_days: int  # days of which every lesson was missed
    lessons_held: int
    months: tuple[AbsenceMonth, ...] = ()

    def count(self, kind: str) -> int:
        return sum(entry.kind == kind for entry in self.entries)

    @property
    def totals(self) -> tuple[tuple[str, int], ...]:
        return (
            ("по болезни", self.count("ill")),
            ("по уважительной причине", self.count("excused")),
            ("без указания причины", self.count("absent")),
            ("с опозданием", self.count("late")),
        )


@dataclass(frozen=True, slots=True)
class FinalCell:
    """A result, or why there is none yet."""

    text: str = ""  # «4», «н/а», «осв», «отсрочка»; empty: none
    note: str = ""  # «до 15 января», «изменена 20 ноября», «закроется 28 декабря»
    is_changed: bool = False


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
        given = sum(bool(cell.text) for row in self.rows for cell in row.every)
        return f"Выставлено итоговых отметок: {given}."

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands behind the cells, in words under the table."""
        said: dict[str, None] = {}
        for row in self.rows:
            for period, cell in zip(self.periods, row.periods, strict=True):
                if cell.text and cell.note:
                    said[f"{row.subject}, {period.name}: {cell.text} — {cell.note}"] = None
                elif cell.note:
                    said[f"{period.name}: {cell.note}"] = None
        return tuple(said)

    @property
    def has_exams(self) -> bool:
        return any(row.exam.text for row in self.rows)
