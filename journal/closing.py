"""Closing a period: courses, pupils, what is proposed and what stands. Plain data, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal
from uuid import UUID

from journal.proposals import DEFERRED, EXEMPT, NOT_ASSESSED, NOTHING, Proposal, Table

YEAR = "year"  # stands where the id of a period would
WORDS: Mapping[str, str] = {"not_assessed": NOT_ASSESSED, "exempt": EXEMPT, "deferred": DEFERRED}
STATUSES: Mapping[str, str] = {NOT_ASSESSED: "not_assessed", EXEMPT: "exempt"}
FILL_DAYS = timedelta(days=14)  # before the period's end the undisputed are filled in one press
AnswerState = Literal["ok", "conflict", "refused", "locked", "reason"]


@dataclass(frozen=True, slots=True)
class Span:
    """A reporting period of a course, or its whole year."""

    period_id: str
    name: str
    starts: date
    ends: date
    code: str = ""  # «quarter-2»: the same period of another school or grade has it too

    @property
    def is_year(self) -> bool:
        return self.period_id == YEAR


@dataclass(frozen=True, slots=True)
class Sign:
    """Who signed the results off, who approved them."""

    by: str
    at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClosingCourse:
    """A course in the period that is being closed, with all that judges its results."""

    course_id: str
    school_id: str
    year: int
    group_id: str
    group_name: str
    class_name: str
    subject_id: str
    subject_name: str
    short_name: str
    teacher_name: str
    hours: Decimal
    scale_code: str
    zone: tzinfo
    spans: tuple[Span, ...]
    span: Span
    scale: Mapping[str, float | None]
    table: Table | None
    act: str
    signed: Sign | None
    year_closed: bool
    teaches: bool  # the user gives this course and keeps journals
    corrects: bool  # the user may approve and correct
    gives: bool = False  # a lesson of it was given to the user, as a substitute
    year_by_table: bool = False

    @property
    def title(self) -> str:
        return f"{self.subject_name}, {self.group_name}"

    @property
    def fill_since(self) -> date:
        return self.span.ends - FILL_DAYS

    @property
    def may_set(self) -> bool:
        """Say whether the user fills this column now; a deputy corrects one that is signed."""
        if self.year_closed:
            return False
        return self.corrects if self.signed else self.teaches


@dataclass(frozen=True, slots=True)
class Place:
    """A pupil's result in a course: what stands there, and what the table proposes."""

    course_id: str
    pupil_id: str
    value: str = ""
    status: str = ""
    rev: int = 0
    until: date | None = None  # of a deferral
    stays: bool = True  # the pupil is in the group at the end: a result is due
    proposal: Proposal = NOTHING

    @property
    def is_missing(self) -> bool:
        return self.stays and not self.status

    @property
    def is_disputed(self) -> bool:
        """Nothing stands here, and the table leaves the choice to the teacher."""
        return self.is_missing and self.proposal.state == "disputed"

    @property
    def is_sure(self) -> bool:
        """Nothing stands here, and one press can fill it."""
        return self.is_missing and self.proposal.state == "sure" and bool(self.proposal.values)

    @property
    def departs(self) -> bool:
        """The result that stands here is not one that the table proposes."""
        known = self.proposal.state in {"sure", "disputed"}
        return known and self.status in {"mark", "not_assessed"} and self.value not in self.proposal.values  # fmt: skip


@dataclass(frozen=True, slots=True)
class PupilName:
    pupil_id: str
    last: str
    first: str
    middle: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Courses and their pupils, all that a page of closing is made of."""

    courses: tuple[ClosingCourse, ...] = ()
    pupils: tuple[PupilName, ...] = ()
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)  # by course and pupil

    def of_course(self, course_id: str) -> tuple[Place, ...]:
        return tuple(place for (course, _), place in self.places.items() if course == course_id)


@dataclass(frozen=True, slots=True)
class Counted:
    """How far a course is, in numbers."""

    total: int
    there: int
    sure: int
    disputed: int
    deferred: int

    @property
    def missing(self) -> int:
        return self.total - self.there


def count(places: tuple[Place, ...]) -> Counted:
    due = [place for place in places if place.stays]
    return Counted(
        total=len(due),
        there=sum(not place.is_missing for place in due),
        sure=sum(place.is_sure for place in due),
        disputed=sum(place.is_disputed for place in due),
        deferred=sum(place.status == "deferred" for place in due),
    )


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """A result as it was sent: `rev` is the revision that the user saw, 0 where there was nothing."""

    course_id: str
    pupil_id: str
    value: str
    rev: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResultAnswer:
    """What became of one result that was sent; what was typed is kept where it was refused."""

    entry: ResultEntry
    state: AnswerState
    message: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose results are closed: of a class, of a course, or all that the user teaches."""

    class_id: UUID | None = None
    course_id: UUID | None = None
    period: str = ""  # a period's id, YEAR, or the current one
