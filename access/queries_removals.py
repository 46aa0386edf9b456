"""The page of removals: who left, until when the account goes, and the acts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from access import policy
from access.models import ActPart, DestructionAct, Removal, RemovalState
from audit.models import AuditEvent
from common.templatetags.words import at_moment, day_digits
from common.workbooks import Value as Cell
from consent.actions.forgetting import FORGOTTEN
from consent.models import Contact
from people.models import User

CLOSED = [RemovalState.PLANNED, RemovalState.CLOSED]
TONES = {
    RemovalState.PLANNED: "warn", RemovalState.CLOSED: "warn", RemovalState.REMOVED: "ok",
    RemovalState.KEPT: "info", RemovalState.CANCELLED: "",
}  # fmt: skip
VERBS = {"I": "добавлена", "U": "изменена", "D": "удалена"}
PARTS = {
    "": "Все", "overdue": "Срок прошёл", "closed": "Доступ закрыт", "removed": "Удалены",
    "kept": "Сохранены", "cancelled": "Отменены",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as a link."""

    id: UUID
    number: str
    part: str


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """One person who left."""

    id: UUID
    full_name: str
    who: str
    ended_on: date
    due_at: datetime
    state: str
    state_text: str
    tone: str
    done: str
    acts: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """All that is known of one removal, and what the reader may do."""

    row: RemovalRow
    person_id: UUID
    school: str
    closed: str
    told: str
    copy: str
    returned: str
    results: str
    can_remove: bool
    can_keep: bool
    can_give_copy: bool


def _filters(now: datetime) -> dict[str, Q]:
    late = Q(state__in=CLOSED, due_at__lt=now)
    return {
        "": Q(),
        "overdue": late,
        "closed": Q(state__in=CLOSED),
        "removed": Q(state=RemovalState.REMOVED),
        "kept": Q(state=RemovalState.KEPT),
        "cancelled": Q(state=RemovalState.CANCELLED),
    }


def tabs(user: User, part: str, *, now: datetime) -> tuple[Tab, ...]:
    """Return the filters with how many removals each shows."""
    filters = _filters(now)
    counted = Removal.objects.visible_to(user).aggregate(
        **{f"n_{key}": Count("pk", filter=cond or None) for key, cond in filters.items()}
    )
    return tuple(
        Tab(label, f"?part={key}" if key else "?", key == part, counted[f"n_{key}"])
        for key, label in PARTS.items()
    )


def removals(user: User, part: str, *, now: datetime) -> QuerySet[Removal]:
    """Removals of the user's schools: overdue first, then by the term, then those that are over."""
    filters = _filters(now)
    rank = Case(
        When(filters["overdue"], then=Value(0)),
        When(filters["closed"], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = _with_names(Removal.objects.visible_to(user).filter(filters.get(part, Q())))
    soon = Case(When(filters["closed"], then="due_at"))
    return found.order_by(rank, soon, "-done_at", "person__sort_key", "pk")


def _with_names(found: QuerySet[Removal]) -> QuerySet[Removal]:
    acts = DestructionAct.objects.order_by("year", "number")
    return found.select_related("person", "pupil__person", "school").prefetch_related(
        Prefetch("acts", acts)
    )


def rows(found: Iterable[Removal], *, now: datetime) -> tuple[RemovalRow, ...]:
    return tuple(_row(removal, now) for removal in found)


def _row(removal: Removal, now: datetime) -> RemovalRow:
    is_late = removal.state in CLOSED and removal.due_at < now
    text = "срок прошёл" if is_late else removal.get_state_display()
    if removal.returned_at:
        text = "снова учится"
    own = removal.person_id == removal.pupil_id
    return RemovalRow(
        id=removal.pk,
        full_name=removal.person.full_name,
        who="ученик" if own else f"представитель: {removal.pupil.person.short_name}",
        ended_on=removal.schooling_ended_on,
        due_at=removal.due_at,
        state="overdue" if is_late else removal.state,
        state_text=text,
        tone="bad" if is_late else TONES[RemovalState(removal.state)],
        done=at_moment(removal.done_at),
        acts=tuple(
            ActLine(act.pk, f"{act.number}/{act.year}", ActPart(act.part).label)
            for act in removal.acts.all()
        ),
    )


def removal_page(removal_id: UUID, *, by: User, now: datetime) -> RemovalPage | None:
    """Read one removal that the user may see."""
    found = _with_names(Removal.objects.visible_to(by)).select_related("results_contact")
    removal = found.filter(pk=removal_id).first()
    if removal is None:
        return None
    closed = removal.state == RemovalState.CLOSED
    contacts = Contact.objects.filter(person=removal.person_id).in_use()
    can_keep = closed and policy.can_keep_for_results(by, removal) and contacts.exists()
    return RemovalPage(
        row=_row(removal, now),
        person_id=removal.person_id,
        school=removal.school.short_name,
        closed=at_moment(removal.closed_at),
        told=at_moment(removal.told_at),
        copy=at_moment(removal.copy_given_at),
        returned=at_moment(removal.returned_at),
        results=_results(removal, shows=policy.can_keep_for_results(by, removal)),
        can_remove=closed and policy.can_remove(by, removal),
        can_keep=can_keep,
        can_give_copy=policy.can_give_copy(by, removal),
    )


def _results(removal: Removal, *, shows: bool) -> str:
    contact = removal.results_contact
    if contact is None:
        return ""
    if contact.value == FORGOTTEN:
        return "контакт уничтожен"
    what = contact.value if shows else contact.get_kind_display()
    return f"{what}, хранится по {day_digits(removal.results_until)}"


def act_log(act: DestructionAct) -> Sequence[Sequence[Cell]]:
    """Return the export of the event log about an act: the destroyed categories, then the history's rows.

    The rows are those that the history wrote in the act's own transaction: numbers, no values.
    """
    zone = act.school.zone
    head = [
        "Дата и время", "Субъект персональных данных", "Категория данных", "Записей",
        "Информационная система", "Причина", "Кто уничтожил", "№ записи истории",
    ]  # fmt: skip
    same = [act.subject, act.system, act.reason, act.destroyed_by_name]
    when = f"{act.destroyed_at.astimezone(zone):%d.%m.%Y %H:%M:%S}"
    lines: list[Sequence[Cell]] = [
        head,
        *([when, same[0], gone["name"], gone["rows"], *same[1:], ""] for gone in act.categories),
    ]
    for event in _events_of(act):
        what = f"{event.table_name}: запись {VERBS.get(event.action, event.action)}"
        at = f"{event.at.astimezone(zone):%d.%m.%Y %H:%M:%S}"
        lines.append([at, same[0], what, 1, *same[1:], str(event.pk)])
    return lines


def _events_of(act: DestructionAct) -> QuerySet[AuditEvent] | tuple[()]:
    history = AuditEvent.objects.filter(school_id=act.school_id)
    own = history.filter(table_name="access_destructionact", row_id=act.pk, action="I").first()
    if own is None:
        return ()
    return history.filter(epoch=own.epoch, txid=own.txid).order_by("pk")
