"""The shapes of the pages of years: summary sheet, attendance summary, all years of a pupil.

A leaf beside the arithmetic. A place is where a result stands in its year: «1»…«8» a reporting
period, or one of YEAR, EXAM, FINAL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from journal.indicators import Indicators, Outcome, Standing, level_of

YEAR, EXAM, FINAL = "year", "exam", "final"
PLACE_NAMES = {YEAR: ("год", "год"), EXAM: ("экз.", "экзамен"), FINAL: ("итог", "итоговая отметка")}
STATUS_WORDS = {"not_assessed": "н/а", "exempt": "осв", "deferred": "отс"}
STAGES = (
    (1, 4, "Начальное общее образование"),
    (5, 9, "Основное общее образование"),
    (10, 11, "Среднее общее образование"),
)


def year_words(year: int) -> str:
    """Return «2026/27»."""
    return f"{year}/{(year + 1) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A result as it stands on paper, and what it counts as."""

    text: str = ""
    status: str = "mark"
    score: Decimal | None = None
    scale: str = "five"
    note: str = ""  # «ОГЭ 01.06.2027, 28 баллов»

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.status, self.score, self.scale)

    @property
    def tone(self) -> str:
        level = level_of(self.outcome) if self.text else None
        return {"two": "bad", "not_assessed": "bad"}.get(level or "", "")


NO_RESULT = Cell()
Results = Mapping[tuple[UUID, UUID, str], Cell]  # by pupil, subject and place


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    short: str  # «II», «год»
    name: str  # «II четверть»


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil of the class in its year."""

    pupil_id: UUID
    name: str
    since: date
    until: date | None
    decision: str = ""  # of the teachers' council: the code of its kind
    decision_words: str = ""  # «переведён, протокол № 12 от 25.05.2027»
    debts: int = 0  # academic debts of the year that are not settled

    def there_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)


@dataclass(frozen=True, slots=True)
class SubjectColumns:
    """A subject's columns."""

    subject_id: UUID
    name: str
    short: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Column:
    subject_id: UUID
    place: str
    name: str  # «Алгебра, II четверть»
    first: bool  # begins a subject


@dataclass(frozen=True, slots=True)
class SummaryRow:
    number: int
    member: Member
    cells: tuple[tuple[Cell, Column], ...]
    left: bool = False  # is not in the class any more


@dataclass(frozen=True, slots=True)
class ClassHead:
    """Which class, of which year."""

    class_id: UUID
    name: str
    school_name: str
    year: int
    grade_level: int
    today: date
    starts: date
    ends: date
    leader: str = ""

    @property
    def year_name(self) -> str:
        return year_words(self.year)


@dataclass(frozen=True, slots=True)
class PlaceTotals:
    """A place's indicators over all subjects, and how many pupils stand where."""

    place: Place
    found: Indicators
    standings: Mapping[Standing, int]
    success: Decimal | None  # % of the pupils without a two and without «н/а»
    quality: Decimal | None  # % of the pupils with fours and fives only

    @property
    def excellent(self) -> int:
        return self.standings.get(Standing.EXCELLENT, 0)

    @property
    def good(self) -> int:
        """Хорошисты: who has a single four is one too."""
        return self.standings.get(Standing.GOOD, 0) + self.one_four

    @property
    def one_four(self) -> int:
        return self.standings.get(Standing.ONE_FOUR, 0)

    @property
    def one_three(self) -> int:
        return self.standings.get(Standing.ONE_THREE, 0)

    @property
    def failing(self) -> int:
        return self.standings.get(Standing.FAILING, 0)

    @property
    def not_assessed(self) -> int:
        return self.standings.get(Standing.NOT_ASSESSED, 0)


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """Сводная ведомость: pupils by subjects and places."""

    head: ClassHead
    places: tuple[Place, ...]
    subjects: tuple[SubjectColumns, ...]
    rows: tuple[SummaryRow, ...]
    columns: tuple[Column, ...]
    found: tuple[Indicators, ...]  # of each column
    totals: tuple[PlaceTotals, ...]
    shown: str = ""  # the only place shown; empty: all

    @property
    def footer(self) -> tuple[tuple[str, tuple[tuple[Decimal | None, Column], ...]], ...]:
        """The lines of indicators under the table."""
        lines = (
            ("Успеваемость, %", "success"),
            ("Качество, %", "quality"),
            ("СОУ", "degree"),
            ("Средний балл", "average"),
        )
        return tuple(
            (
                words,
                tuple(
                    (getattr(one, name), column)
                    for one, column in zip(self.found, self.columns, strict=True)
                ),
            )
            for words, name in lines
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """Days and lessons that were missed; of them by illness."""

    days: int = 0
    ill_days: int = 0
    lessons: int = 0
    ill_lessons: int = 0
    excused: int = 0
    plain: int = 0  # lessons without a reason
    late: int = 0

    def __add__(self, other: "Missed") -> "Missed":
        return Missed(
            self.days + other.days,
            self.ill_days + other.ill_days,
            self.lessons + other.lessons,
            self.ill_lessons + other.ill_lessons,
            self.excused + other.excused,
            self.plain + other.plain,
            self.late + other.late,
        )


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    member: Member
    number: int
    cells: tuple[tuple[Place, Missed], ...]  # by period, then the year


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """Сводная ведомость учёта посещаемости."""

    head: ClassHead
    places: tuple[Place, ...]
    rows: tuple[AttendanceRow, ...]
    totals: tuple[tuple[Place, Missed], ...]


@dataclass(frozen=True, slots=True)
class YearRow:
    subject: str
    cells: tuple[tuple[Cell, Place], ...]


@dataclass(frozen=True, slots=True)
class PupilYear:
    """One school year of a pupil: her class and the results by subject."""

    year: int
    class_name: str
    grade_level: int
    places: tuple[Place, ...]
    rows: tuple[YearRow, ...]
    decision: str = ""

    @property
    def year_name(self) -> str:
        return year_words(self.year)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands behind the results: «Русский язык: ОГЭ 01.06.2027, 28 баллов»."""
        return tuple(
            f"{row.subject}: {cell.note}" for row in self.rows for cell, _ in row.cells if cell.note
        )


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """A subject's annual marks through the grades of a stage, and its final mark."""

    subject: str
    cells: tuple[tuple[Cell, PupilYear], ...]
    final: Cell = NO_RESULT


@dataclass(frozen=True, slots=True)
class Stage:
    """A level of education with its years."""

    name: str
    years: tuple[PupilYear, ...]
    annual: tuple[AnnualRow, ...]


@dataclass(frozen=True, slots=True)
class PupilYears:
    """All years of a pupil (T3)."""

    pupil_id: UUID
    name: str
    class_name: str
    school_name: str
    stages: tuple[Stage, ...] = field(default_factory=tuple)
