"""Marks of behaviour: of a period by the class teacher, of a day by any teacher of the class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from journal.actions.held import hold_pupils
from journal.errors import BadMorning, StaleCell, YearClosed
from journal.models import BehaviourMark
from journal.queries.behaviour import Behaviour
from people.models import User
from people.scope import because
from school.models import SchoolYear


@dataclass(frozen=True, slots=True)
class PeriodEntry:
    """A chosen mark of a pupil; `rev` is the revision that stood in the form, 0 for none."""

    pupil_id: UUID
    value: str
    rev: int


@transaction.atomic
def set_behaviour(
    *, by: User, page: Behaviour, entries: Sequence[PeriodEntry], now: datetime
) -> int:
    """Write the period's marks that changed; an emptied one is taken back. Return how many.

    Raises Forbidden, BadMorning, StaleCell, YearClosed.
    """
    require(page.who.leads)
    _require_open_year(page.school_class.school_id, page.school_class.year)
    pupils = {row.pupil_id for row in page.rows}
    hold_pupils(pupils)
    stand = BehaviourMark.objects.filter(period=page.period, day__isnull=True, pupil__in=pupils)
    known = {mark.pupil_id: mark for mark in stand}
    changed = 0
    for entry in entries:
        if entry.pupil_id not in pupils or (entry.value and entry.value not in page.values):
            raise BadMorning("Такой отметки за поведение в шкале нет.")
        changed += _set(by, page, entry, known.get(entry.pupil_id), now)
    return changed


def _set(
    by: User, page: Behaviour, entry: PeriodEntry, mark: BehaviourMark | None, now: datetime
) -> bool:
    if entry.value == (mark.value if mark else ""):
        return False
    if entry.rev != (mark.rev if mark else 0):
        raise StaleCell(
            "Пока вы работали, отметку за поведение изменил другой. Проверьте и сохраните снова."
        )
    if not entry.value and mark:
        mark.delete()
        return True
    found = mark or BehaviourMark(
        school_id=page.school_class.school_id, year=page.school_class.year, period=page.period,
        pupil_id=entry.pupil_id, rev=0,
    )  # fmt: skip
    found.value, found.set_by, found.set_at, found.rev = entry.value, by, now, found.rev + 1
    found.save()
    return True


@transaction.atomic
def note_behaviour(
    *, by: User, page: Behaviour, pupil_id: UUID, day: date, value: str, comment: str, now: datetime
) -> BehaviourMark:
    """Note what happened on a day: the class teacher, or any teacher of the class. Raises Forbidden, BadMorning."""
    require(page.who.notes)
    _require_open_year(page.school_class.school_id, page.school_class.year)
    if value not in page.values:
        raise BadMorning("Такой отметки за поведение в шкале нет.", field="value")
    if pupil_id not in {row.pupil_id for row in page.rows}:
        raise BadMorning("Этого ученика в классе нет.", field="pupil")
    period = next((one for one in page.periods if one.starts <= day <= one.ends), None)
    if period is None or day > by.today:
        raise BadMorning("Дата — в учебной четверти и не позже сегодняшнего дня.", field="day")
    return BehaviourMark.objects.create(
        school_id=page.school_class.school_id, year=page.school_class.year, pupil_id=pupil_id, period=period,
        day=day, value=value, comment=comment, set_by=by, set_at=now,
    )  # fmt: skip


@transaction.atomic
def remove_behaviour_note(*, by: User, leads: bool, mark: BehaviourMark) -> None:
    """Take a dated note away: its author, or the class teacher. Raises Forbidden, YearClosed."""
    require(mark.day is not None and (leads or mark.set_by_id == by.pk))
    _require_open_year(mark.school_id, mark.year)
    with because("Запись о поведении удалена"):
        mark.delete()


def _require_open_year(school_id: UUID, year: int) -> None:
    closed = SchoolYear.objects.filter(school=school_id, year=year, closed_at__isnull=False)
    if closed.exists():
        raise YearClosed
