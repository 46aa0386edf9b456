"""Pages of the class register and the blank sheet of a day, as they stand on paper. Plain shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST = 40  # lesson columns on a page


@dataclass(frozen=True, slots=True)
class PaperLesson:
    """A lesson: its column on the left page and its line on the right page."""

    day: date
    number: int
    topic: str
    homework: str


@dataclass(frozen=True, slots=True)
class PaperPupil:
    number: int
    name: str
    left: str
    cells: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A left page with marks and the right page of the same lessons."""

    lessons: tuple[PaperLesson, ...]
    months: tuple[tuple[str, int], ...]
    pupils: tuple[PaperPupil, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a course and period."""

    title: str
    school: str
    subject: str
    group: str
    teacher: str
    period: str
    printed_on: date
    spreads: tuple[Spread, ...]

    @property
    def count(self) -> int:
        return sum(len(spread.lessons) for spread in self.spreads)


@dataclass(frozen=True, slots=True)
class BlankLesson:
    """A lesson of a day with its pupils and empty cells."""

    title: str
    when: str
    room: str
    topic: str
    homework: str
    marks: int  # how many marks a cell may hold
    pupils: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """All lessons of a teacher's day, to be filled in by hand."""

    title: str
    day: date
    printed_on: date
    lessons: tuple[BlankLesson, ...]


def chunks(count: int, most: int = MOST) -> tuple[tuple[int, int], ...]:
    """Cut lessons into pages of about the same width, none wider than `most`."""
    pages = -(-count // most)
    if not pages:
        return ((0, 0),)
    width = -(-count // pages)
    return tuple((start, min(start + width, count)) for start in range(0, count, width))


def months_of(lessons: Sequence[PaperLesson], titles: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the months above the columns and how many columns stand under each."""
    spans: list[tuple[int, int]] = []
    for lesson in lessons:
        month = lesson.day.month
        if spans and spans[-1][0] == month:
            spans[-1] = (month, spans[-1][1] + 1)
        else:
            spans.append((month, 1))
    return tuple((titles[month - 1], span) for month, span in spans)
