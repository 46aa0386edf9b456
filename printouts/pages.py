"""What the documents show. A leaf beside the diary's shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.safestring import SafeString

from common.templatetags.words import count_ru
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
    def pupil_id(self) -> UUID:
        return self.week.pupil.pupil_id

    @property
    def version(self) -> str:
        return self.week.version

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
    def totals(self) -> Mapping[str, int]:
        week = self.week
        return {
            "marks": len(week.marks),
            "absences": len(week.absences),
            "lates": len(week.lates),
        }


@dataclass(frozen=True, slots=True)
class JobPage:
    """How far a job is."""

    job_id: UUID
    title: str
    kind: str
    counted: str  # the forms of the word that counts its documents
    state: str
    state_words: str
    total: int
    done: int
    error: str
    ordered_at: datetime
    finished_at: datetime | None
    pages: int
    size: int
    has_file: bool
    is_stuck: bool  # nobody has taken it from the queue for long

    @property
    def is_active(self) -> bool:
        return self.state in {"waiting", "running"}

    @property
    def total_words(self) -> str:
        return str(self.total)

    @property
    def result(self) -> str:
        return f"Готово: {count_ru(self.total, self.counted)}, {count_ru(self.pages, 'страница,страницы,страниц')}."

    @property
    def tone(self) -> str:
        return {"done": "ok", "failed": "bad", "running": "info"}.get(self.state, "note")


@dataclass(frozen=True, slots=True)
class Genuine:
    """What /verify/ says of a printed extract: nothing personal."""

    school_name: str
    monday: date
    printed_on: date
    pages: int
