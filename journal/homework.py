"""Homework beside the one line of a lesson: what is set to whom, its answers, the norm. Plain shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from common.templatetags.words import count_ru
from journal.sheet import Choice, FileLink

AFTER_LESSONS = timedelta(hours=1)  # homework stands an hour after the pupils' last lesson


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a homework: only to a page of the web."""

    url: str
    title: str = ""

    @property
    def words(self) -> str:
        return self.title or self.url


@dataclass(frozen=True, slots=True)
class Draft:
    """What the teacher wants to set; no pupils: to the whole group."""

    text: str
    due_lesson_id: UUID | None = None
    minutes: int | None = None
    form: str = "in_class"
    answer_wanted: bool = False
    pupils: frozenset[UUID] = frozenset()
    links: tuple[Link, ...] = ()

    @property
    def for_all(self) -> bool:
        return not self.pupils


@dataclass(frozen=True, slots=True)
class Card:
    """A homework of a lesson as the teacher sees it."""

    homework_id: UUID
    text: str
    due: str  # «к 19 ноября, 3-й урок»
    due_id: str
    minutes: int | None
    form: str
    form_words: str
    for_all: bool
    answer_wanted: bool
    set_at: datetime
    pupils: tuple[tuple[UUID, str], ...] = ()
    links: tuple[Link, ...] = ()
    files: tuple[FileLink, ...] = ()
    answers: int = 0
    unseen: int = 0

    @property
    def whom(self) -> str:
        if self.for_all:
            return "Всей группе"
        return ", ".join(name for _, name in self.pupils) or "Отдельным ученикам"


@dataclass(frozen=True, slots=True)
class Load:
    """Homework of one day for the pupils of a group, as the busiest of them has it, and the norm."""

    day: date
    norm: int
    grade_level: int
    subjects: tuple[tuple[str, int], ...] = ()
    untimed: int = 0  # tasks without minutes
    own: int = 0  # minutes of the homework that is being written
    deadline: datetime | None = None  # until when homework of the lesson's day is entered
    is_late: bool = False

    @property
    def others(self) -> int:
        return sum(minutes for _, minutes in self.subjects)

    @property
    def total(self) -> int:
        return self.others + self.own

    @property
    def above(self) -> int:
        """How many minutes the day is over the norm."""
        return max(0, self.total - self.norm)

    @property
    def listed(self) -> str:
        """«русский язык — 40, физика — 35»."""
        return ", ".join(
            f"{name[:1].lower()}{name[1:]} — {minutes}" for name, minutes in self.subjects
        )


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of a pupil."""

    answer_id: UUID
    text: str
    sent_at: datetime
    is_late: bool
    file_name: str = ""
    file_size: int = 0
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """A pupil whom the homework was set to, with what she sent."""

    pupil_id: UUID
    name: str
    answers: tuple[AnswerView, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The teacher's page of the answers to a homework."""

    homework_id: UUID
    course_id: UUID
    lesson_id: UUID
    title: str
    text: str
    given_on: date
    due: str
    rows: tuple[Answering, ...]
    may_mark: bool

    @property
    def sent(self) -> int:
        return sum(1 for row in self.rows if row.answers)

    @property
    def sent_words(self) -> str:
        return f"ответили {self.sent} из {len(self.rows)}"

    @property
    def unseen(self) -> int:
        return sum(1 for row in self.rows for one in row.answers if one.seen_at is None)

    @property
    def unseen_words(self) -> str:
        """«2 новых»; empty when all is read."""
        return count_ru(self.unseen, "новый,новых,новых") if self.unseen else ""


@dataclass(frozen=True, slots=True)
class Individual:
    """How much of a class's or a teacher's work is at a distance, individual or differentiated (G3.1a)."""

    key: str
    name: str
    lessons: int = 0
    distance: int = 0
    to_one: int = 0  # individual: set to one pupil
    to_some: int = 0  # differentiated: set to several, not to all
    pupils: int = 0
    remote: int = 0  # homework in the distance form
    wanted: int = 0
    answers: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class IndividualPage:
    """The report of individual and differentiated teaching."""

    by: str
    rows: tuple[Individual, ...]
    starts: date
    ends: date
    periods: tuple[Choice, ...] = ()

    @property
    def total(self) -> Individual:
        """The sum of all rows."""
        names = Individual.__slots__[2:]
        sums = {name: sum(getattr(row, name) for row in self.rows) for name in names}
        return Individual("", "Всего", **sums)


@dataclass(frozen=True, slots=True)
class LateHomework:
    """Homework entered or changed later than an hour after the pupils' last lesson."""

    homework_id: UUID
    course_id: UUID
    lesson_id: UUID
    day: date
    subject: str
    group: str
    teacher: str
    set_at: datetime
    deadline: datetime


def is_late(sent_at: datetime, *, starts: datetime | None) -> bool:
    """Say whether an answer came after the lesson that it was due at had begun."""
    return starts is not None and sent_at > starts


def heaviest(tasks: Sequence[tuple[str, str, int]]) -> tuple[tuple[str, int], ...]:
    """Return the subjects and minutes of the pupil with the most to do: (pupil, subject, minutes)."""
    pupils: dict[str, dict[str, int]] = {}
    for pupil, subject, minutes in tasks:
        own = pupils.setdefault(pupil, {})
        own[subject] = own.get(subject, 0) + minutes
    if not pupils:
        return ()
    busiest = max(sorted(pupils), key=lambda pupil: sum(pupils[pupil].values()))
    found = pupils[busiest].items()
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
