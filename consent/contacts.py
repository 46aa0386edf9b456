"""Shapes of the pages of contacts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Holder:
    """Another person who has the same contact; without a name if the reader may not know her."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact as both its holder and the school read it."""

    id: UUID
    shown: str
    kind: str
    kind_name: str
    origin: str
    given_on: date
    document: str
    verified_at: datetime | None
    verified_how: str
    uses: tuple[str, ...]
    until: date | None
    awaits_proof: bool  # typed by the family, not proved yet: nothing is sent there
    takes_code: bool
    is_first: bool
    is_last: bool
    same: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """A person's last application for SMS."""

    id: UUID
    applied_on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of one person at one school."""

    person_id: UUID
    person_name: str
    school_name: str
    in_use: tuple[ContactLine, ...]
    past: tuple[ContactLine, ...]
    applied: Applied | None
    accepts_own: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history of a person's contacts."""

    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class SameContact:
    """One telephone or address that several families gave."""

    shown: str
    kind_name: str
    families: tuple[tuple[Holder, ...], ...]
