"""What the seed knows while it builds a school: persons, forms, courses, lessons, in memory."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from ediary.seed.heap import Heap, Row
from ediary.seed.names import Name, Names
from ediary.seed.plan import Subject
from ediary.seed.terms import STARTS, Moment
from ediary.seed.timetable import Unit


@dataclass(frozen=True, slots=True)
class SchoolSpec:
    """How large the school is and what it is called."""

    code: str
    name: str
    short_name: str
    address: str
    site: str
    forms: tuple[tuple[int, str], ...]
    sizes: tuple[int, ...]
    is_village: bool = False  # joint forms, one teacher for several subjects, no subgroups
    period_kind: str = "quarter"
    profile: str = "strictest"
    with_cast: bool = False
    domain: str = "example.org"


@dataclass(slots=True, eq=False)
class Human:
    id: UUID
    school_id: UUID
    name: Name
    sex: str
    user_id: UUID | None = None

    @property
    def full_name(self) -> str:
        return f"{self.name.last} {self.name.first} {self.name.middle}".strip()


@dataclass(slots=True, eq=False)
class Teacher(Human):
    number: int = 0
    departments: tuple[str, ...] = ()
    title: str = ""
    room_id: UUID | None = None
    load: int = 0
    form: "Form | None" = None


@dataclass(slots=True, eq=False)
class Family:
    """One household: its adults and children."""

    surname: str  # masculine
    father: str  # first name, for patronymics
    is_other: int  # which people, for the children's first names
    adults: list[Human] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    children: list["Kid"] = field(default_factory=list)
    form: str = "electronic"  # electronic, paper, substitute, undecided


@dataclass(slots=True, eq=False)
class Kid(Human):
    form: "Form | None" = None
    family: Family | None = None
    ability: float = 4.0
    diligence: float = 0.5
    since: date | None = None
    until: date | None = None
    in_form_since: date | None = None
    away: dict[date, str] = field(default_factory=dict)

    @property
    def span(self) -> tuple[date, date | None]:
        """From when until when the pupil is in the form."""
        return self.in_form_since or self.since or STARTS, self.until


@dataclass(slots=True, eq=False)
class Form:
    """A class (класс) with its group of all pupils and its subgroups."""

    id: UUID
    number: int
    grade: int
    letter: str
    group_id: UUID
    teacher: Teacher
    kids: list[Kid] = field(default_factory=list)
    gone: list[tuple[Kid, date, date]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.grade}{self.letter}"


@dataclass(slots=True, eq=False)
class Group:
    id: UUID
    name: str
    grade: int
    members: list[tuple[Kid, date, date | None]]
    forms: tuple[str, ...] = ()  # names of the forms whose pupils are in it

    @property
    def is_whole(self) -> bool:
        return self.forms == (self.name,)


@dataclass(slots=True, eq=False)
class CourseInfo:
    id: UUID
    subject: Subject
    group: Group
    grade: int
    teacher: Teacher
    hours: int
    scale: str
    lessons: list["LessonInfo"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Plan:
    """A unit of the timetable with who teaches what in it."""

    unit: Unit
    sittings: list[tuple[Teacher, list[CourseInfo]]]
    places: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class LessonInfo:
    id: UUID
    course: CourseInfo
    row: Row
    sitting: Row
    day: date
    number: int
    starts: datetime
    ends: datetime
    is_recorded: bool = False
    controls: bool = False
    section: str = ""  # what the control work is about

    @property
    def is_cancelled(self) -> bool:
        return bool(self.row["status"] == "cancelled")


@dataclass(slots=True, eq=False)
class Site:
    """A school being built."""

    spec: SchoolSpec
    id: UUID
    heap: Heap
    rng: Random
    names: Names
    now: Moment
    parent: "Site | None" = None
    teachers: list[Teacher] = field(default_factory=list)
    office: dict[str, Human] = field(default_factory=dict)
    rooms: dict[str, UUID] = field(default_factory=dict)
    subjects: dict[str, UUID] = field(default_factory=dict)
    periods: list[Row] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    courses: list[CourseInfo] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    sittings: list[Row] = field(default_factory=list)
    cast: dict[str, Any] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)

    def add(self, model: Any, **values: Any) -> UUID:
        """Add a row of this school."""
        return self.heap.add(model, school_id=self.id, **values)

    @property
    def kids(self) -> list[Kid]:
        return [kid for form in self.forms for kid in form.kids]

    def office_user(self, role: str) -> UUID | None:
        """The account of the person who holds the role here, or at the school above."""
        found = self.office.get(role)
        if found is not None:
            return found.user_id
        return self.parent.office_user(role) if self.parent else None
