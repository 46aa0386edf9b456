"""How each clause of the regulation is kept: walks the register of checks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef

from common.templatetags.words import day_digits, plural_ru
from control import policy
from people.models import Person, School, User
from people.roles import Permission, Role
from regulation.catalogue import Clause, Force, clauses
from regulation.models import Acquaintance, Publication, RegulationVersion
from regulation.parameters import DEFINITIONS, PERIOD_KINDS, Definition, Value, period
from regulation.profile import letters_of, profiles
from regulation.queries import InForce, in_force
from regulation.registry import Check, Evidence, Finding, State, check_of
from school.models import ClassTeacher

NO_CHECK = "no_check"
NOT_ASKED = "not_asked"
STATES = {
    State.KEPT.value: ("соблюдается", "ok"),
    State.BROKEN.value: ("нарушен", "bad"),
    State.NOT_YET_DUE.value: ("срок не наступил", "note"),
    NO_CHECK: ("проверка ещё не написана", ""),
    NOT_ASKED: ("не требуется", ""),
}
SECTIONS = {
    "registration": "Регистрация, согласие, доступ",
    "families": "Что видят семьи",
    "journal": "Журнал",
    "control": "Контроль",
}
FORCES = {Force.MUST: "обязательно", Force.MAY: "вправе", Force.RECOMMENDED: "рекомендуется"}
RECIPIENTS = {
    "guardian": "представители", "pupil": "ученик", "family": "ученик и представители", "school": "школа",
    "staff": "сотрудники", "class_teacher": "классный руководитель", "applicant": "заявитель",
    "operator": "оператор услуги",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause at a school: what it asks, who answers for it, how it is kept."""

    clause: Clause
    number: str
    force: str
    responsible: str
    recipient: str
    state: str
    summary: str
    is_asked: bool

    @property
    def asked_state(self) -> str:
        """The state on the board: what the school's regulation does not ask for is not broken."""
        return self.state if self.is_asked else NOT_ASKED

    @property
    def state_text(self) -> str:
        return STATES[self.asked_state][0]

    @property
    def state_tone(self) -> str:
        return STATES[self.asked_state][1]


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses of one part of the regulations."""

    title: str
    rows: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole control page."""

    school: School
    regulation: InForce
    sections: tuple[Section, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause at a school with the facts that the verdict rests on."""

    school: School
    row: ClauseRow
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter of the regulation in force, as it reads."""

    name: str
    meaning: str
    value: str
    from_regulation: bool
    note: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the list."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class RegulationPage:
    """The version in force: where it comes from, whether published, who was acquainted."""

    school: School
    regulation: InForce
    profile_name: str
    parameters: tuple[ParameterRow, ...]
    publications: tuple[Publication, ...]
    acquaintances: tuple[Acquaintance, ...]
    to_acquaint: tuple[Person, ...]
    versions: tuple[VersionLine, ...]
    term: str
    order: str
    contacts: str


def schools_of(user: User) -> tuple[School, ...]:
    """Schools and branches whose control the user may open."""
    found = School.objects.filter(pk__in=user.schools_with(Permission.REGULATION_VIEW))
    return tuple(found.order_by(F("parent").asc(nulls_first=True), "short_name", "pk"))


def board(school: School, *, now: datetime, state: str = "") -> Board:
    """Judge every clause at the school, in the order of the catalogue."""
    regulation = in_force(school, day=school.local_date(now))
    letters = letters_of(regulation.profile)
    found: dict[Check, Finding] = {}  # one check may answer for several clauses
    rows = []
    for clause in clauses().values():
        check = check_of(clause.id)
        if check is not None and check not in found:
            found[check] = check(school, now=now)
        rows.append(row(clause, found[check] if check else None, letters))
    shown = [each for each in rows if state in {"", each.asked_state}]
    sections = tuple(
        Section(title, tuple(each for each in shown if each.clause.section == code))
        for code, title in SECTIONS.items()
    )
    counts = Counter(dict.fromkeys(STATES, 0))
    counts.update(each.asked_state for each in rows)
    return Board(school, regulation, tuple(part for part in sections if part.rows), counts)


def row(clause: Clause, finding: Finding | None, letters: frozenset[str]) -> ClauseRow:
    return ClauseRow(
        clause=clause,
        number=clause.id,
        force=FORCES[clause.force],
        responsible=dict(Role.choices)[clause.responsible].lower(),
        recipient=RECIPIENTS[clause.recipient],
        state=finding.state.value if finding else NO_CHECK,
        summary=finding.summary
        if finding
        else "Как соблюдается этот пункт, программа пока не проверяет.",
        is_asked=bool(letters & clause.profiles),
    )


def clause_page(clause: Clause, school: School, reader: User, *, now: datetime) -> ClausePage:
    """Judge one clause at the school and show the facts, with the links that the reader may follow."""
    check = check_of(clause.id)
    finding = check(school, now=now) if check else None
    regulation = in_force(school, day=school.local_date(now))
    return ClausePage(
        school=school,
        row=row(clause, finding, letters_of(regulation.profile)),
        evidence=tuple(_for(reader, school, each) for each in finding.evidence) if finding else (),
    )


def _for(reader: User, school: School, evidence: Evidence) -> Evidence:
    if evidence.url is None or policy.may_follow(reader, school.pk, evidence.url):
        return evidence
    return replace(evidence, url=None)


def regulation_page(school: School, *, now: datetime) -> RegulationPage:
    """Read the regulation in force with its parameters, defaults told apart."""
    regulation = in_force(school, day=school.local_date(now))
    published = Publication.objects.filter(version=regulation.version)
    acquainted = Acquaintance.objects.filter(version=regulation.version).select_related("person")
    versions = RegulationVersion.objects.filter(school=school).select_related("regulation")
    return RegulationPage(
        school=school,
        regulation=regulation,
        profile_name=profile_name(regulation.profile),
        parameters=tuple(
            _parameter(DEFINITIONS[key], value) for key, value in regulation.values.items()
        ),
        publications=tuple(published.order_by("published_on", "pk")),
        acquaintances=tuple(acquainted.order_by("person__sort_key", "pk")),
        to_acquaint=to_acquaint(school, regulation, day=school.local_date(now)),
        versions=tuple(
            VersionLine(each.regulation.title, _version_note(each))
            for each in versions.order_by("-since", "pk")
        ),
        term=_term(regulation.since, regulation.until),
        order=_order(regulation.order_number, regulation.order_date) or "не указан",
        contacts=", ".join(filter(None, (school.phone, school.email, school.address)))
        or "не указаны",
    )


def _version_note(version: RegulationVersion) -> str:
    order = _order(version.order_number, version.order_date)
    return ", ".join(
        filter(None, (_term(version.since, version.until), order and f"приказ {order}"))
    )


def _term(since: date | None, until: date | None) -> str:
    begins = f"с {day_digits(since)}" if since else ""
    return f"{begins} по {day_digits(until)}" if until else begins


def _order(number: str, day: date | None) -> str:
    return " ".join(
        filter(None, (number and f"№ {number}", f"от {day_digits(day)}" if day else ""))
    )


def to_acquaint(school: School, regulation: InForce, *, day: date) -> tuple[Person, ...]:
    """Class teachers of the school who have not been acquainted with the version yet (K-order 2)."""
    done = Acquaintance.objects.filter(version=regulation.version, person=OuterRef("person"))
    leading = ClassTeacher.objects.filter(~Exists(done), school=school).in_force(day)
    return tuple(Person.objects.filter(pk__in=leading.values("person")).order_by("sort_key", "pk"))


def profile_name(code: str) -> str:
    found = profiles().get(code)
    return found.name if found else "Свой"


def _parameter(definition: Definition, value: Value) -> ParameterRow:
    return ParameterRow(
        name=definition.name,
        meaning=definition.meaning,
        value=reading(definition, value),
        from_regulation=value.from_regulation,
        note=value.note,
    )


def reading(definition: Definition, value: Value) -> str:
    """Return the value as a person reads it."""
    if definition.form in {"number", "interval"}:
        return f"{value.number} {plural_ru(value.number, ','.join(definition.unit))}"
    if definition.form == "text":
        return value.text or "нет"
    if definition.form == "periods":
        return ", ".join(_period(code) for code in value.options)
    names = definition.choices or {}
    return ", ".join(names[code] for code in value.options) or "ничем"


def _period(code: str) -> str:
    kind, first, last = period(code)
    return (
        PERIOD_KINDS[kind]
        if (first, last) == (1, 11)
        else f"{PERIOD_KINDS[kind]} ({first}–{last} классы)"
    )
