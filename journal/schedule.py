"""What the schedule of tests shows. Plain shapes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from journal.sheet import Choice
from journal.testplan import Breach, Planned


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A planned or written work in the schedule."""

    work_id: UUID
    lesson_id: UUID
    course_id: UUID
    day: date
    number: int
    kind: str
    title: str
    teacher: str
    is_cancelled: bool
    has_marks: bool
    planned: Planned
    breaches: tuple[Breach, ...] = ()

    @property
    def words(self) -> str:
        """«Контрольная работа: Дроби»; a title that begins with the kind says it already."""
        if not self.title or self.title.casefold().startswith(self.kind.casefold()):
            return self.title or self.kind
        return f"{self.kind}: {self.title}"


@dataclass(frozen=True, slots=True)
class WorkWeek:
    monday: date
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tests of a class or a school in a period, by week."""

    title: str
    starts: date
    ends: date
    weeks: tuple[WorkWeek, ...]
    classes: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    schools: str = ""
    courses: tuple[tuple[UUID, str], ...] = ()  # own courses of the class: where she may plan

    @property
    def count(self) -> int:
        return sum(len(week.rows) for week in self.weeks)

    @property
    def wrong(self) -> int:
        return sum(1 for week in self.weeks for row in week.rows if row.breaches)


@dataclass(frozen=True, slots=True)
class LessonOption:
    """A coming lesson of a course, and what speaks against a work on it."""

    lesson_id: UUID
    day: date
    number: int
    note: str = ""
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """A course's works of the year, the places for new ones, and the class's other works."""

    course_id: UUID
    title: str
    rows: tuple[WorkRow, ...]
    others: tuple[WorkRow, ...]
    lessons: tuple[LessonOption, ...]
    kinds: tuple[Choice, ...]
    may_plan: bool
    most: int = 0
    hours: int = 0
