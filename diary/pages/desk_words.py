"""What the staff see of their words to families: to whom, and who has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Written:
    """An announcement in the author's list."""

    announcement_id: UUID
    title: str
    whom: str
    author: str
    since: date
    until: date
    state: str  # «висит», «с 20 ноября», «прошло», «снято»
    tone: str
    read: int  # families of which somebody has read it
    families: int


@dataclass(frozen=True, slots=True)
class FamilyRead:
    """A pupil with those of her family who have read, and when."""

    name: str
    readers: Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """One announcement, and who has read it; of the whole school the numbers alone."""

    written: Written
    text: str
    families: Sequence[FamilyRead]


@dataclass(frozen=True, slots=True)
class Given:
    """A recommendation in the teacher's list: one text, one or several pupils."""

    batch: UUID
    text: str
    subject: str
    author: str
    given_at: datetime
    is_withdrawn: bool
    pupils: Sequence[FamilyRead]

    @property
    def read(self) -> int:
        return sum(1 for pupil in self.pupils if pupil.readers)

    @property
    def whom(self) -> str:
        first = self.pupils[0].name if self.pupils else ""
        return first if len(self.pupils) == 1 else f"{first} и ещё {len(self.pupils) - 1}"


@dataclass(frozen=True, slots=True)
class Writing:
    """A course whose pupils the teacher may write to."""

    course_id: UUID
    name: str
