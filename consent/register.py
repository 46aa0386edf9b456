"""Shapes of the register's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consent.models import DecisionKind, DeliveryForm

NONE, OVERDUE, RESTRICTED = "none", "overdue", "restricted"
UNSIGNED, HANGING = "unsigned", "hanging"
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
    class_id: UUID
    class_name: str
    relation: str
    decision: str
    decided_on: date | None
    declared: str
    open_from: date | None
    due: date
    is_overdue: bool
    is_restricted: bool
    days: int  # since the first lesson
    term: int
    signature: str  # which signature of the pupil the age asks for: "", "beside", "alone"
    own: str  # what the pupil decided

    @property
    def over(self) -> int:
        return self.days - self.term

    @property
    def pupils_part(self) -> str:
        """What the pupil's own signature adds; empty where none is asked for."""
        if not self.signature or self.is_restricted:
            return ""
        if self.own:
            return f"ученик: {DECISIONS[DecisionKind(self.own)][0]}"
        if self.signature == "alone":
            return "решает ученик, его решения нет"
        return "не хватает подписи ученика" if self.decision == DecisionKind.CONSENT else ""

    @property
    def pupils_tone(self) -> str:
        return DECISIONS[DecisionKind(self.own)][1] if self.own else "warn"

    @property
    def is_read(self) -> bool:
        """Access stands by the decisions: her own, and that of a pupil who decides alone."""
        vetoed = self.signature == "alone" and self.own not in {"", DecisionKind.CONSENT}
        return self.decision == DecisionKind.CONSENT and not vetoed and not self.is_restricted

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
        if self.is_read:
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
    unsigned: int
    hanging: int


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many representatives of a class have not decided."""

    name: str
    waiting: int
    overdue: int
    longest: int  # days since the first lesson


@dataclass(frozen=True, slots=True)
class StackRow:
    """A signer of the class list with what she decided about the purpose."""

    number: int
    pupil: UUID
    pupil_name: str
    signer: UUID
    signer_name: str
    relation: str
    last: UUID | None  # the decision that stands
    kinds: Mapping[str, str]  # of every decision by its key, the withdrawn ones too
    decision: str
    decided_on: date | None
    scans: int

    @property
    def key(self) -> str:
        return f"{self.pupil}:{self.signer}"

    @property
    def last_key(self) -> str:
        return str(self.last or "")

    def mark(self, key: str) -> str:
        """Return what stands marked where a decision is the last: a withdrawal leaves no mark."""
        kind = self.kinds.get(key, "")
        return "" if kind == DecisionKind.WITHDRAWAL else kind

    @property
    def decision_text(self) -> str:
        return DECISIONS[DecisionKind(self.decision)][0] if self.decision else ""

    @property
    def decision_tone(self) -> str:
        return DECISIONS[DecisionKind(self.decision)][1] if self.decision else ""


@dataclass(frozen=True, slots=True)
class Due:
    """Data kept only by a consent that ended."""

    id: UUID
    guardianship: UUID | None
    signer: str
    pupil: str
    purpose: str
    kind: str
    decided_on: date
    due_on: date
    is_overdue: bool
    what: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ScanLink:
    id: UUID
    name: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class PurposeState:
    """What stands about one purpose: the representative's decision and, by age, the pupil's."""

    name: str
    guardian: str
    guardian_tone: str
    own: str
    own_tone: str
    misses_pupil: bool  # the age asks for the pupil's signature, and it is not there


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A line of one representative's history of decisions."""

    id: UUID
    kind: str
    tone: str
    purpose: str
    signer: str  # "": the representative; else «ученик»
    decided_on: date
    form: str
    note: str
    registered_at: datetime
    scans: tuple[ScanLink, ...]
    destroy_by: date | None  # of data kept only by the consent that this ended
    destroyed: str  # what was destroyed


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
    pupils_signature: str  # which signature of the pupil the age asks for: "", "beside", "alone"
    states: tuple[PurposeState, ...]
    decisions: tuple[PastDecision, ...]
    declarations: tuple[PastDeclaration, ...]
