"""Shapes of the register's pages."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consent.models import DecisionKind, DeliveryForm

NONE, OVERDUE, RESTRICTED = "none", "overdue", "restricted"
DECISIONS = {
    DecisionKind.CONSENT: ("согласие", "ok"),
    DecisionKind.REFUSAL: ("отказ", "note"),
    DecisionKind.WITHDRAWAL: ("отозвано", "note"),
}
DELIVERIES = {
    DeliveryForm.ELECTRONIC: "электронно",
    DeliveryForm.PAPER: "на бумаге",
    DeliveryForm.SUBSTITUTE: "сообщением или в дневнике",
}


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that the register may be narrowed to."""

    id: UUID
    name: str
    school: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One representative of one pupil: what was decided, how the information goes, since when."""

    guardianship: UUID
    guardian: UUID
    guardian_name: str
    pupil_name: str
    class_name: str
    relation: str
    decision: str
    decided_on: date | None
    declared: str
    open_from: date | None
    due: date
    is_overdue: bool
    is_restricted: bool

    @property
    def decision_text(self) -> str:
        if self.is_restricted:
            return "ограничено судом"
        return DECISIONS[DecisionKind(self.decision)][0] if self.decision else "нет решения"

    @property
    def decision_tone(self) -> str:
        if self.is_restricted:
            return "note"
        if self.decision:
            return DECISIONS[DecisionKind(self.decision)][1]
        return "bad" if self.is_overdue else "warn"

    @property
    def delivery(self) -> str:
        if self.is_restricted:
            return "не направляются"
        if self.decision == DecisionKind.CONSENT:
            return DELIVERIES[DeliveryForm(self.declared or DeliveryForm.ELECTRONIC)]
        if self.declared == DeliveryForm.SUBSTITUTE:
            return DELIVERIES[DeliveryForm.SUBSTITUTE]
        return DELIVERIES[DeliveryForm.PAPER] if self.decision or self.declared else "не определено"


@dataclass(frozen=True, slots=True)
class Totals:
    """How many representatives decided what, in the classes shown; whom a court limits, stands apart."""

    all: int
    consent: int
    refusal: int
    none: int
    overdue: int
    limited: int


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A line of one representative's history of decisions."""

    kind: str
    tone: str
    purpose: str
    decided_on: date
    form: str
    note: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class PastDeclaration:
    """A line of one representative's history of delivery declarations."""

    title: str
    ground: str
    declared_on: date
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class CourtAct:
    """What limits the representation today: no decision of hers is taken while it holds."""

    number: str
    dated: date
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Family:
    """One representative of one pupil with all that was registered."""

    guardianship: UUID
    guardian: UUID
    guardian_name: str
    pupil: UUID
    pupil_name: str
    relation: str
    ground: str
    open_from: date | None
    open_until: date | None
    court_act: CourtAct | None
    decisions: tuple[PastDecision, ...]
    declarations: tuple[PastDeclaration, ...]
