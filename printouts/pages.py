"""What the documents show. A leaf beside the diary's shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.safestring import SafeString

from diary.pages import Day, Week


@dataclass(frozen=True, slots=True)
class Average:
    """A subject's average of the period so far."""

    subject: str
    average: Decimal
    weighted: Decimal | None = None  # only where works weigh differently


@dataclass(frozen=True, slots=True)
class WeekExtract:
    """A pupil's week on paper: what the diary shows, and a slip to sign."""

    week: Week
    period: str  # «II четверть»; empty outside of one
    averages: tuple[Average, ...]
    code: str
    address: str
    qr: SafeString
    printed_on: date

    @property
    def days(self) -> tuple[Day, ...]:
        """Days with something to tell; a day off keeps its name and its note."""
        return tuple(day for day in self.week.days if day.lessons or day.note or day.homework)

    @property
    def pairs(self) -> tuple[tuple[Day, ...], ...]:
        """The days two by two, as they stand side by side on the page."""
        return tuple(self.days[first : first + 2] for first in range(0, len(self.days), 2))

    @property
    def code_words(self) -> str:
        """«K7QM-2XFD-9RTA»: groups are easier to type."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def saturday(self) -> date:
        return self.week.monday + timedelta(days=5)

    @property
    def totals(self) -> Mapping[str, int]:
        week = self.week
        return {
            "marks": len(week.marks),
            "absences": len(week.absences),
            "lates": len(week.lates),
        }


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class whose documents the user may order, and what waits to be printed for the week."""

    class_id: UUID
    name: str
    paper: int
    pupils: int


@dataclass(frozen=True, slots=True)
class Genuine:
    """What /verify/ says of a printed extract: nothing personal."""

    school_name: str
    monday: date
    printed_at: datetime
    pages: int
