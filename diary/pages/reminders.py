"""Whom a reminder of a week would reach, and whom not and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from diary.pages import iso_week

# Why a guardian gets no letter: reminded lately; acknowledges on paper; cannot open the diary; no agreed address.
Obstacle = Literal["", "lately", "paper", "closed", "no_address"]
WORDS: dict[Obstacle, str] = {
    "": "",
    "lately": "уже напомнили",
    "paper": "получает сведения не в электронном виде",
    "closed": "доступ к дневнику закрыт",
    "no_address": "нет согласованной электронной почты для напоминаний",
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """A guardian of a family that owes the week."""

    class_id: UUID
    pupil_id: UUID
    guardian_id: UUID
    pupil: str  # «Ёлкина Оля»
    guardian: str  # «Ёлкина О. В.»
    obstacle: Obstacle
    phone: str = ""  # agreed, for a talk
    reminded_at: datetime | None = None
    again_on: date | None = None  # when the regulation lets remind of this week next

    @property
    def key(self) -> str:
        return f"{self.pupil_id}:{self.guardian_id}"

    @property
    def why(self) -> str:
        return WORDS[self.obstacle]


@dataclass(frozen=True, slots=True)
class Reminding:
    """/class/<class>/remind/: names before anything is sent."""

    monday: date
    repeat: int  # days between reminders of one week
    is_due: bool  # the week has begun
    everybody: tuple[Addressee, ...]

    @property
    def iso(self) -> str:
        return iso_week(self.monday)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def reached(self) -> tuple[Addressee, ...]:
        return tuple(one for one in self.everybody if not one.obstacle)

    @property
    def lately(self) -> tuple[Addressee, ...]:
        return tuple(one for one in self.everybody if one.obstacle == "lately")

    @property
    def unreached(self) -> tuple[Addressee, ...]:
        return tuple(one for one in self.everybody if one.obstacle not in {"", "lately"})

    @property
    def families(self) -> int:
        return len({one.pupil_id for one in self.everybody})
