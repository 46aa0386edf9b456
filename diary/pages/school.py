"""What the page «Школа» of a child shows: calendar, bells, tests, teachers, the regulation, contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from diary.pages.hours import Office


@dataclass(frozen=True, slots=True)
class Span:
    """A reporting period or a vacation."""

    name: str
    starts: date
    ends: date
    is_now: bool


@dataclass(frozen=True, slots=True)
class OddDay:
    """A holiday, a shortened day or a working Saturday."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Bells:
    """Times of lessons on some days of the week."""

    name: str
    days: str  # «Пн–Пт»
    slots: Sequence[tuple[int, time, time]]


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """A test of the period: planned, or already written."""

    day: date
    number: int
    subject: str
    kind: str
    title: str
    minutes: int | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who works with the child, or leads the school, and when to talk with her."""

    name: str
    duties: Sequence[str]
    hours: Sequence[Office]


@dataclass(frozen=True, slots=True)
class RegulationLink:
    """The regulation in force: by which order, and where it is published (U12)."""

    title: str
    since: date
    order: str
    address: str


@dataclass(frozen=True, slots=True)
class SchoolPage:
    class_name: str
    school_name: str
    contacts: Sequence[tuple[str, str, str]]  # what, words, address of a link or nothing
    year: tuple[date, date] | None
    week_days: int
    periods: Sequence[Span]
    vacations: Sequence[Span]
    odd_days: Sequence[OddDay]
    bells: Sequence[Bells]
    period: Span | None  # whose tests are listed
    tests: Sequence[PlannedTest]
    leader: Helper | None
    teachers: Sequence[Helper]
    heads: Sequence[Helper]
    regulation: RegulationLink | None
