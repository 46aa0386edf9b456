"""Which guardian saw which final result, and when: the report of a class."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResultsPlace:
    """A reporting period, the year, exams or final marks."""

    key: str  # a period's id, «year», «exam», «final»
    name: str
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class GuardianSeen:
    """How much a guardian has seen of what her child got there."""

    guardian_id: UUID
    name: str
    is_open: bool  # reads the electronic diary; others get paper
    seen: int
    total: int
    last_at: datetime | None

    @property
    def has_seen_all(self) -> bool:
        return self.seen == self.total


@dataclass(frozen=True, slots=True)
class PupilSeen:
    pupil_id: UUID
    name: str
    total: int
    guardians: tuple[GuardianSeen, ...]

    @property
    def is_seen(self) -> bool:
        """One guardian suffices."""
        return any(one.has_seen_all for one in self.guardians)

    @property
    def is_waiting(self) -> bool:
        """Somebody of the family could have seen all results, and nobody has."""
        return bool(self.total) and not self.is_seen and any(g.is_open for g in self.guardians)


@dataclass(frozen=True, slots=True)
class ResultsSeen:
    """The class, place by place."""

    class_id: UUID
    class_name: str
    now: datetime
    places: tuple[ResultsPlace, ...]
    rows: tuple[PupilSeen, ...]

    @property
    def shown(self) -> ResultsPlace | None:
        return next((place for place in self.places if place.is_shown), None)

    @property
    def seen(self) -> int:
        return sum(row.is_seen for row in self.rows if row.total)

    @property
    def waiting(self) -> int:
        return sum(row.is_waiting for row in self.rows)

    @property
    def on_paper(self) -> int:
        return sum(
            bool(row.total) and not any(g.is_open for g in row.guardians) for row in self.rows
        )

    def rows_shown(self, wanted: str) -> tuple[PupilSeen, ...]:
        return tuple(row for row in self.rows if row.is_waiting or wanted != "waiting")


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A result, and when each guardian saw it as it stands."""

    subject: str
    place: str
    value: str
    visible_at: datetime
    seen: tuple[datetime | None, ...]


@dataclass(frozen=True, slots=True)
class PersonalList:
    """All results of one pupil in the year: who of her family saw what, when."""

    class_id: UUID
    class_name: str
    pupil: str
    guardians: tuple[tuple[str, bool], ...]  # name, whether she reads the electronic diary
    lines: tuple[SeenLine, ...]
