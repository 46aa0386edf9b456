"""The schedule of tests: what may stand where (domain.md §7.4). Pure: facts come in, no SQL, no clock.

An assessment procedure is a control, test or diagnostic work of a whole class at once, of 30 minutes
or more. Procedures stand one a day a class, take at most a tenth of a subject's hours of the year, come
not oftener than once in 17 days in a subject of a parallel, and not on the first or last lesson.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from common.weeks import monday_of

LEAST_MINUTES = 30
APART = 17  # days between procedures of a subject in a parallel
SHARE = Decimal("0.10")  # of the subject's hours of the year
WEEKS = 34  # of a school year, where its lessons are not all laid yet

Severity = Literal["refuse", "warn"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A work that stands, or would stand, on a lesson."""

    work_id: str
    course_id: str
    subject_id: str
    subject: str
    group: str
    classes: frozenset[str]  # ids of the classes whose pupils write
    grade_level: int
    day: date
    minutes: int | None = None
    is_individual: bool = False

    @property
    def is_procedure(self) -> bool:
        """A work without minutes takes the lesson, which is longer than half an hour."""
        return not self.is_individual and (self.minutes is None or self.minutes >= LEAST_MINUTES)


@dataclass(frozen=True, slots=True)
class Place:
    """The lesson in its class's day, and the subject's year."""

    number: int
    first: int  # number of the first lesson of these pupils that day
    last: int
    hours_per_week: Decimal
    lessons_of_year: int
    always_at_edge: bool = False  # every lesson of the course is the first or the last of its day

    @property
    def is_at_edge(self) -> bool:
        return self.number in {self.first, self.last}

    @property
    def hours_of_year(self) -> int:
        """Hours of the plan, or more where more lessons are laid."""
        return max(self.lessons_of_year, int(self.hours_per_week * WEEKS))

    @property
    def most(self) -> int:
        """How many procedures of an hour the subject may have in the year."""
        return int(self.hours_of_year * SHARE)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a planned work would break; a warning may be overruled with a reason."""

    code: str
    severity: Severity
    message: str


def breaches(work: Planned, others: Iterable[Planned], place: Place) -> tuple[Breach, ...]:
    """Return the rules that the work would break at its place, refusals first."""
    if not work.is_procedure:
        return ()
    rest = [o for o in others if o.work_id != work.work_id and o.is_procedure]
    found = (
        _one_a_day(work, rest),
        _not_at_edge(place),
        _a_tenth(work, rest, place),
        _apart(work, rest),
    )
    return tuple(one for one in found if one is not None)


def may_stand(found: Sequence[Breach], *, reason: str) -> bool:
    """Say whether a work may be planned: nothing refuses it, and whoever overrules a warning says why."""
    if any(one.severity == "refuse" for one in found):
        return False
    return not found or bool(reason.strip())


def _is_same(one: Planned, other: Planned) -> bool:
    """Say whether two works are one procedure: the subgroups of a class on the same day."""
    apart = one.course_id != other.course_id
    return apart and one.subject_id == other.subject_id and one.day == other.day


def _one_a_day(work: Planned, others: Sequence[Planned]) -> Breach | None:
    for other in others:
        if other.day == work.day and work.classes & other.classes and not _is_same(work, other):
            said = f"В этот день у класса уже есть работа: {_lower(other.subject)}, {other.group}."
            return Breach("one_a_day", "refuse", f"{said} Контрольных в день — не больше одной.")
    return None


def _not_at_edge(place: Place) -> Breach | None:
    if not place.is_at_edge or (place.hours_per_week <= 1 and place.always_at_edge):
        return None
    which = "первый" if place.number == place.first else "последний"
    return Breach(
        "edge", "refuse", f"Это {which} урок класса в этот день: контрольные на нём не проводят."
    )


def _a_tenth(work: Planned, others: Sequence[Planned], place: Place) -> Breach | None:
    count = 1 + sum(1 for other in others if other.course_id == work.course_id)
    if count <= place.most:
        return None
    said = f"Работ за год станет {count}, а 10 % от {place.hours_of_year} ч — это {place.most}."
    return Breach("share", "warn", said)


def _apart(work: Planned, others: Sequence[Planned]) -> Breach | None:
    """Other classes of the parallel that write in the same week write the same procedure."""
    near: list[tuple[int, date, str]] = []
    for other in others:
        if other.subject_id != work.subject_id or other.grade_level != work.grade_level:
            continue
        days = abs((other.day - work.day).days)
        own = bool(work.classes & other.classes)
        is_once = _is_same(work, other) if own else monday_of(other.day) == monday_of(work.day)
        if days < APART and not is_once:
            near.append((days, other.day, other.group))
    if not near:
        return None
    days, day, group = min(near)
    said = f"По этому предмету в параллели уже есть работа {day:%d.%m} ({group}): через {days} дн."
    return Breach("apart", "warn", f"{said} Чаще чем раз в {APART} дней работы не проводят.")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
