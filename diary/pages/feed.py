"""A child's calendar for other programs."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event: `starts` and `ends` are both aware moments, or both days, the last one included."""

    uid: str
    title: str  # «Алгебра», «Контрольная работа: алгебра», «Задание: алгебра»
    starts: datetime | date
    ends: datetime | date
    place: str = ""
    text: str = ""
    is_cancelled: bool = False
    is_busy: bool = False  # takes the child's time: a lesson does, a deadline does not


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the family is told of its secret address; the address itself is not kept."""

    made_at: datetime
    read_at: datetime | None
