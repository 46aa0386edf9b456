"""What the school says to a family: announcements, notes of the class teacher, recommendations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Reach = Literal["school", "class", "pupil"]


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement as a family reads it."""

    announcement_id: UUID
    reach: Reach
    whom: str  # «Вся школа», «7А», «Запись классного руководителя»
    title: str
    text: str
    since: date
    until: date
    author: str
    is_read: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The announcements of a child: unread ones first, those whose days have passed last."""

    unread: Sequence[Said]
    read: Sequence[Said]
    over: Sequence[Said]

    @property
    def is_empty(self) -> bool:
        return not (self.unread or self.read or self.over)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who opened what was written, and when."""

    name: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Advice:
    """A teacher's recommendation as the family reads it (T2c)."""

    recommendation_id: UUID
    subject: str
    text: str
    author: str
    given_at: datetime
    is_read: bool  # by the person who looks
    readers: Sequence[Reader]


@dataclass(frozen=True, slots=True)
class AdviceShelf:
    """A child's recommendations: what waits for «Прочитано», then the history."""

    waiting: Sequence[Advice]
    history: Sequence[Advice]
