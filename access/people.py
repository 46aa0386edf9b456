"""Shapes of the pages about people and their accounts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from common.templatetags.words import at_moment, day_digits
from people.models import User
from people.roles import Role

STATES = {
    "active": "действует",
    "new": "ещё не входил",
    "none": "нет учётной записи",
    "blocked": "заблокирована",
    "closed": "закрыта",
}
TONES = {"active": "ok", "new": "note", "none": "", "blocked": "bad", "closed": "warn"}


def state_of(user: User | None) -> str:
    """Return the state of the account: a key of STATES."""
    if user is None:
        return "none"
    if user.blocked_at is not None:
        return "blocked"
    if not user.is_active:
        return "closed"
    return "active" if user.last_login else "new"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list."""

    id: UUID
    full_name: str
    roles: tuple[str, ...]
    class_name: str
    login: str
    state: str

    @property
    def state_text(self) -> str:
        return STATES[self.state]

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role of the person, with the days between which it holds."""

    id: UUID
    name: str
    since: date
    until: date | None
    given_by: str
    is_held: bool
    can_take: bool

    @property
    def note(self) -> str:
        """«с 01.09.2026 по 30.11.2026, дана: Зайцев О. И.»."""
        until = f" по {day_digits(self.until)}" if self.until else ""
        giver = f", дана: {self.given_by}" if self.given_by else ""
        return f"с {day_digits(self.since)}{until}{giver}"


@dataclass(frozen=True, slots=True)
class RoleEvent:
    """What happened to the person's roles, by the append-only history."""

    at: datetime
    what: str
    role: str
    actor: str

    @property
    def note(self) -> str:
        return ", ".join(filter(None, (at_moment(self.at), self.actor)))


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody whom the person represents, or who represents her."""

    id: UUID
    full_name: str
    relation: str
    is_open: bool

    @property
    def note(self) -> str:
        return self.relation.lower() + ("" if self.is_open else ", дневник закрыт")


@dataclass(frozen=True, slots=True)
class CodeState:
    """The code that was issued last."""

    issued_at: datetime
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that the administrator sees of a person."""

    id: UUID
    full_name: str
    birth_date: date | None
    school: str
    class_name: str
    login: str
    state: str
    last_login: datetime | None
    blocked_at: datetime | None
    blocked_by: str
    code: CodeState | None
    roles: tuple[RoleLine, ...]
    events: tuple[RoleEvent, ...]
    children: tuple[Tie, ...]
    representatives: tuple[Tie, ...]
    removal: str

    @property
    def state_text(self) -> str:
        return STATES[self.state]

    @property
    def state_tone(self) -> str:
        return TONES[self.state]

    @property
    def blocked_note(self) -> str:
        return ", ".join(filter(None, (at_moment(self.blocked_at), self.blocked_by)))


ROLE_NAMES = dict(Role.choices)
