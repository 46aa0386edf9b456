"""The pupil's portfolio as the family, the school and the paper see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

# Who sees an achievement, in full: the choices of the model go on from one another.
AUDIENCES = {
    "class": "семья и классный руководитель",
    "teachers": "семья, классный руководитель и учителя ребёнка",
    "school": "семья, классный руководитель, учителя ребёнка и администрация школы",
}


@dataclass(frozen=True, slots=True)
class Won:
    """One achievement."""

    achievement_id: UUID
    pupil_id: UUID
    pupil: str
    kind: str
    level: str
    title: str
    outcome: str
    day: date
    file_name: str
    audience: str  # «семья и классный руководитель»
    state: str
    state_name: str
    tone: str
    remark: str

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"


@dataclass(frozen=True, slots=True)
class KindOfWon:
    """Achievements of one kind, the latest first."""

    name: str
    items: Sequence[Won]


@dataclass(frozen=True, slots=True)
class Portfolio:
    pupil: str
    class_name: str
    school_name: str
    kinds: Sequence[KindOfWon]

    @property
    def total(self) -> int:
        return sum(len(kind.items) for kind in self.kinds)

    @property
    def confirmed(self) -> int:
        return sum(1 for kind in self.kinds for item in kind.items if item.is_confirmed)

    @property
    def waiting(self) -> int:
        return sum(1 for kind in self.kinds for item in kind.items if item.is_waiting)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """How many achievements a class has: the control of portfolios (G3.1b)."""

    class_id: UUID
    name: str
    school: str
    pupils: int
    with_any: int
    confirmed: int
    waiting: int
    overdue: int  # waiting for the class teacher longer than a week
    declined: int


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil of the class and her achievements that the reader may see."""

    pupil_id: UUID
    name: str
    confirmed: int
    waiting: int
