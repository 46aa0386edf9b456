"""Shapes of the texts of consents. A leaf."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

PLANNED, IN_FORCE, PAST = "planned", "in_force", "past"
STATES = {
    PLANNED: ("начнёт действовать", "info"),
    IN_FORCE: ("действует", "ok"),
    PAST: ("прежняя", "note"),
}

# The longest that each field may be: all at their longest still fit on a page.
LIMITS = {
    "operator_name": 250,
    "operator_address": 250,
    "goal": 300,
    "categories": 700,
    "processing": 500,
    "processors": 500,
    "term": 250,
    "withdrawal": 500,
    "text": 500,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a consent says beside its signer and the child (152-ФЗ, ст. 9 ч. 4, п. 3–8)."""

    operator_name: str
    operator_address: str
    goal: str
    categories: str
    processing: str
    processors: str
    term: str
    withdrawal: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a text, in the order of the law."""

    title: str
    text: str

    @property
    def line(self) -> str:
        """The part as one paragraph: what was written by lines is told by semicolons."""
        lines = [line.strip().rstrip(";,") for line in self.text.splitlines() if line.strip()]
        return re.sub(r"([.:!?]);", r"\1", "; ".join(lines))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a purpose's text."""

    id: UUID
    school: UUID
    code: str
    purpose: str
    number: int
    since: date
    until: date | None  # the last day, when a later version is known
    state: str
    signed: int  # decisions that refer to it
    wording: Wording

    @property
    def key(self) -> str:
        return str(self.id)

    @property
    def number_words(self) -> str:
        return str(self.number)

    @property
    def anchor(self) -> str:
        return f"version-{self.number}"

    @property
    def term(self) -> str:
        """«с 01.09.2026 по 30.11.2026»."""
        until = f" по {self.until:%d.%m.%Y}" if self.until else ""
        return f"с {self.since:%d.%m.%Y}{until}"

    @property
    def state_text(self) -> str:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def may_be_cancelled(self) -> bool:
        return self.state == PLANNED and not self.signed

    @property
    def parts(self) -> tuple[Part, ...]:
        said = self.wording
        found = (
            Part("Оператор", f"{said.operator_name}, {said.operator_address}"),
            Part("Цель обработки", said.goal),
            Part("Перечень персональных данных", said.categories),
            Part("Действия с данными и способы обработки", said.processing),
            Part("Обработка по поручению оператора", said.processors),
            Part("Срок действия согласия", said.term),
            Part("Способ отзыва", said.withdrawal),
            Part("Дополнительно", said.text),
        )
        return tuple(part for part in found if part.text)


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """A purpose on the list: its version in force and the next one."""

    code: str
    name: str
    current: Version | None
    planned: Version | None
    versions: int


@dataclass(frozen=True, slots=True)
class SchoolTexts:
    """The purposes of one school."""

    school: UUID
    school_name: str
    may_edit: bool
    purposes: tuple[PurposeLine, ...]


@dataclass(frozen=True, slots=True)
class PurposeTexts:
    """One purpose of one school with every version, the latest first."""

    school: UUID
    school_name: str
    code: str
    name: str
    may_edit: bool
    versions: tuple[Version, ...]

    def next_day(self, today: date) -> date:
        """Return the first day on which a new version may begin."""
        after = (each.since + timedelta(days=1) for each in self.versions)
        return max([today, *after])
