"""The absences of a period, and what a family told ahead."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from diary.pages.results import PeriodTab
from diary.pages.week import AbsenceView, PupilHead

ReportStateName = Literal["sent", "accepted", "declined", "withdrawn"]
STATES: dict[str, tuple[str, str]] = {
    "sent": ("отправлено", "info"),
    "accepted": ("принято классным руководителем", "ok"),
    "declined": ("не принято", "bad"),
    "withdrawn": ("отозвано", ""),
}
KINDS = (
    ("excused", "уважительные"), ("ill", "болезнь"), ("absent", "без причины"), ("late", "опоздания"),
)  # fmt: skip
LETTERS = {"н": "без причины", "б": "болезнь", "у": "уважительная причина", "о": "опоздание"}


@dataclass(frozen=True, slots=True)
class AbsenceTotal:
    """How many lessons of a kind were missed, and on how many days."""

    kind: str
    words: str
    lessons: int
    days: int


@dataclass(frozen=True, slots=True)
class AbsenceDay:
    day: date
    letters: tuple[str, ...] = ()
    in_month: bool = True
    is_today: bool = False
    is_told: bool = False  # the family told that the child will not come


@dataclass(frozen=True, slots=True)
class AbsenceMonth:
    """A month of the calendar; the neighbours are empty at the ends of the period."""

    first: date
    weeks: tuple[tuple[AbsenceDay, ...], ...]
    previous: date | None = None
    following: date | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """«Сообщить об отсутствии»: what was told, and what came of it."""

    report_id: UUID
    term: str  # «18–20 ноября», «18 ноября, уроки 1–2»
    reason: str
    comment: str
    file_name: str
    state: ReportStateName
    answer: str
    reported_at: datetime
    sent_words: str  # «18 ноября в 19:42, Ёлкина О. В.»
    answered_words: str
    since: date
    until: date
    pupil_id: UUID | None = None
    pupil_name: str = ""  # in the class teacher's list

    @property
    def state_words(self) -> str:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def is_waiting(self) -> bool:
        return self.state == "sent"


@dataclass(frozen=True, slots=True)
class Absences:
    pupil: PupilHead
    now: datetime
    periods: tuple[PeriodTab, ...]
    period: PeriodTab | None
    entries: tuple[AbsenceView, ...]  # latest first
    full_days: int  # days of which every lesson was missed
    lessons_held: int
    month: AbsenceMonth
    reports: tuple[ReportView, ...] = ()  # latest first

    @property
    def totals(self) -> tuple[AbsenceTotal, ...]:
        found = []
        for kind, words in KINDS:
            own = [entry.day for entry in self.entries if entry.kind == kind]
            found.append(AbsenceTotal(kind, words, len(own), len(set(own))))
        return tuple(found)

    @property
    def missed(self) -> int:
        """Lessons missed for any reason: a late pupil was there."""
        return sum(entry.kind != "late" for entry in self.entries)

    @property
    def missed_days(self) -> int:
        return len({entry.day for entry in self.entries if entry.kind != "late"})


@dataclass(frozen=True, slots=True)
class ReportsOfClass:
    """The class teacher's list: what waits for her, and what she answered lately."""

    waiting: tuple[ReportView, ...]
    answered: tuple[ReportView, ...]
