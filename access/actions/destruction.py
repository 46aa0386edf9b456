"""Destroying what is held of a person, and the act about it: both in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.db import connection
from django.db.models import Max

from access.destruction import Leaver, kinds
from access.events import letter_asked
from access.models import ActPart, DestructionAct, Removal, RemovalState
from audit.models import AuditEvent
from common.templatetags.words import count_ru, day_digits
from consent.actions.forgetting import FORGOTTEN
from consent.models import Contact
from people.models import Employee, Person, School, User

YEARS = 3
SYSTEM = "ИСПДн «Электронный журнал и дневник»"
WAY = (
    "стирание записей и замена значений в базе данных средствами программы, "
    "без сохранения прежних значений"
)
HIDDEN = ("", "скрыто", "скрыто, новое", FORGOTTEN)
COPY_AT_SCHOOL = "в школе, по обращению"


class Gone(TypedDict):
    """A category of the act and how many records of it were destroyed."""

    name: str
    rows: int


def destroy(leaver: Leaver) -> list[Gone]:
    """Destroy every registered kind of data; return what there was."""
    return [
        Gone(name=kind.name, rows=rows) for kind in kinds() if (rows := kind.forget(leaver)) > 0
    ]


def write_act(
    *, removal: Removal, part: ActPart, gone: Sequence[Gone], by: User | None, now: datetime
) -> DestructionAct:
    """Write the act with all that it says copied into it: names may change, the act may not."""
    school, today = removal.school, removal.school.local_date(now)
    operator, address = _operator(school)
    name, post = _destroyer(by, school, today)
    person = removal.person
    return DestructionAct.objects.create(
        school=school,
        removal=removal,
        part=part,
        year=today.year,
        number=_next_number(school, today.year),
        destroyed_at=now,
        operator=operator,
        operator_address=address,
        processor=settings.DATA_PROCESSOR,
        subject=person.full_name,
        subject_kind="ученик" if person.pk == removal.pupil_id else "законный представитель",
        destroyed_by=by,
        destroyed_by_name=name,
        destroyed_by_post=post,
        categories=list(gone),
        system=SYSTEM,
        way=WAY,
        reason=_reason(removal, part),
        backup_days=settings.BACKUP_DAYS,
        copy_offered=_copy(removal),
        remainder=_remainder(removal, part, today),
        keep_until=_years_later(today, YEARS),
    )


def _destroyer(by: User | None, school: School, today: date) -> tuple[str, str]:
    if by is None:
        return "Задание программы по расписанию", ""
    person = Person.objects.filter(pk__in=by.person_ids).order_by("pk").first()
    posts = Employee.objects.filter(person__in=by.person_ids).in_force(today).order_by("pk")
    post = posts.filter(school=school).first() or posts.first()
    return person.full_name if person else by.login, post.post if post else ""


def _next_number(school: School, year: int) -> int:
    """Return the next number of the school's year; the lock lasts until the caller's commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('act'), hashtext(%s))", [str(school.pk)]
        )
    last = DestructionAct.objects.filter(school=school, year=year).aggregate(Max("number"))
    return (last["number__max"] or 0) + 1


def _operator(school: School) -> tuple[str, str]:
    """Return the operator's name and address: a branch is no legal person, its school answers.

    Where the actor may not see that school, both are left for a pen.
    """
    if not school.parent_id:
        return school.name, school.address
    parent = School.objects.filter(pk=school.parent_id).first()
    return (parent.name, parent.address) if parent else ("", "")


def _reason(removal: Removal, part: ActPart) -> str:
    ended = f"обучение окончено {day_digits(removal.schooling_ended_on)}"
    if part == ActPart.CONTACT:
        return f"цель обработки достигнута: результаты экзаменов сообщены; {ended}"
    return f"цель обработки достигнута: {ended}"


def _copy(removal: Removal) -> str:
    if removal.copy_given_at:
        day = removal.school.local_date(removal.copy_given_at)
        return f"собрана школой {day_digits(day)}"
    if removal.told_at is None:
        return COPY_AT_SCHOOL
    answers: list[tuple[Any, Any]] = letter_asked.send(sender=Removal, removal=removal)
    sent = next((moment for _, moment in answers if moment), None)
    if sent is None:
        return f"{COPY_AT_SCHOOL}; отправка письма об этом не подтверждена"
    return (
        f"предложена письмом на согласованный адрес {day_digits(removal.school.local_date(sent))}"
    )


def _remainder(removal: Removal, part: ActPart, today: date) -> str:
    """Say what of the destroyed categories lives on: honest acts are believed."""
    left = []
    if part == ActPart.ACCOUNT and (until := _results_until(removal, today)):
        left.append(f"контакт для сообщения результатов экзаменов хранится по {day_digits(until)}")
    contacts = Contact.objects.filter(person=removal.person_id).order_by("pk").values_list("pk")
    told = AuditEvent.objects.filter(
        school_id=removal.school_id, table_name="consent_contact", row_id__in=contacts.values("pk")
    ).exclude(after__value__in=HIDDEN)
    if told.exists():
        records = count_ru(told.count(), "запись,записи,записей")
        left.append(
            f"неизменяемая история, сделанная до перехода на скрытые значения, хранит {records} о контактах"
        )
    return "; ".join(left)


def _results_until(removal: Removal, today: date) -> date | None:
    """Return until when a contact of the person is kept, for whichever child."""
    kept = Removal.objects.filter(
        person=removal.person_id,
        state__in=[RemovalState.CLOSED, RemovalState.REMOVED],
        results_until__gte=today,
    )
    last: date | None = kept.aggregate(Max("results_until"))["results_until__max"]
    return last


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def remove_old_acts(*, school: School, today: date) -> int:
    """Delete acts whose term is over; the history remembers them. A day later, for all clocks."""
    old = DestructionAct.objects.filter(school=school, keep_until__lt=today - timedelta(days=1))
    return old.delete()[0]
