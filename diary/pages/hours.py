"""When somebody of the school talks with families."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Office:
    """A time of the week: «понедельник, 15:00–16:00, кабинет 214»."""

    hours_id: UUID
    day: str
    starts: time
    ends: time
    place: str
