"""What journals tell the staff by letter: a lesson was opened, an edit was unusual."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from common.templatetags.words import count_ru, day_month, time_hm
from journal.events import remarks_raised, reopening_decided, unusual_denied, unusual_noted
from journal.models import Remark, Reopening, UnusualEdit
from notifications import letters
from notifications.actions import put
from people.models import Person, RoleAssignment, School, User
from people.roles import Role

LIVES = timedelta(days=2)
HEADS = (Role.DEPUTY_HEAD, Role.BRANCH_HEAD)


def register() -> None:
    """Importing this module connects the receivers; the call keeps the import honest."""


@receiver(reopening_decided)
def tell_of_opening(
    sender: type[Reopening], reopening: Reopening, by: User, now: datetime, **_: Any
) -> None:
    """Tell the teacher what the deputy head decided."""
    course, zone = reopening.lesson.course, reopening.school.zone
    lesson = f"{course.subject.name}, {course.group.name}, {day_month(reopening.lesson.day)}"
    if reopening.until is None:
        said = f"В правке урока отказано: {lesson}. {reopening.reason}"
    else:
        until = reopening.until.astimezone(zone)
        said = (
            f"Урок открыт для правки до {day_month(until.date())}, {time_hm(until.time())}: {lesson}. "
            f"Основание: {reopening.reason}"
        )
    _tell(
        [reopening.person], school=reopening.school, subject="Правка урока: ответ завуча", said=said,
        path="/journal/reopenings/", key=f"opening:{reopening.pk}:{now:%Y%m%d%H%M}", now=now,
    )  # fmt: skip


@receiver(remarks_raised)
def tell_of_remarks(
    sender: type[Remark], remarks: Sequence[Remark], by: User, now: datetime, **_: Any
) -> None:
    """Tell each teacher once what the deputy head remarked in one go."""
    own: dict[UUID, list[Remark]] = {}
    for remark in remarks:
        own.setdefault(remark.teacher_id, []).append(remark)
    for told in own.values():
        first = told[0]
        course = f"{first.course.subject.name}, {first.course.group.name}"
        number = count_ru(len(told), "замечание,замечания,замечаний")
        said = f"{course}: {number}. {first.text or first.get_kind_display()}. Исправить до {day_month(first.due_day)}."
        _tell(
            [first.teacher], school=first.school, subject="Замечание по журналу", said=said,
            path="/journal/remarks/", key=f"remark:{first.pk}", now=now,
        )  # fmt: skip


@receiver(unusual_noted)
def tell_of_unusual(
    sender: type[UnusualEdit], unusual: UnusualEdit, by: User, now: datetime, **_: Any
) -> None:
    """Tell the author and the deputy heads of an unusual edit, of a kind once an hour."""
    school, person = unusual.school, _person(by, unusual.school)
    author = [person] if person else []
    hour = f"{unusual.kind}:{by.pk}:{now:%Y%m%d%H}"
    _tell(
        author, school=school, subject="Необычная запись от вашего имени",
        said=f"{_words(unusual)}. Если это были не вы, откройте страницу и нажмите «Это не я».",
        path="/journal/unusual/", key=f"unusual:{hour}", now=now,
    )  # fmt: skip
    _tell(
        (head for head in _heads(school, now) if head not in author), school=school,
        subject="Необычная запись в журнале", said=f"{_words(unusual)}. Автор: {_name(person)}.",
        path="/journal/unusual/", key=f"unusual:{hour}", now=now,
    )  # fmt: skip


@receiver(unusual_denied)
def tell_of_denial(
    sender: type[UnusualEdit], unusual: UnusualEdit, by: User, now: datetime, **_: Any
) -> None:
    """Tell the deputy heads that somebody else wrote under a teacher's name."""
    name = _name(_person(by, unusual.school))
    _tell(
        _heads(unusual.school, now), school=unusual.school, subject="Учитель сообщает: «Это не я»",
        said=f"{name} не узнаёт запись: {_words(unusual)}.",
        path="/journal/unusual/", key=f"denied:{unusual.pk}", now=now,
    )  # fmt: skip


def _words(unusual: UnusualEdit) -> str:
    at = unusual.at.astimezone(unusual.school.zone)
    kind, course = unusual.get_kind_display(), unusual.course
    when = f"{day_month(at.date())}, {time_hm(at.time())}"
    details = f". {unusual.details}" if unusual.details else ""
    return (
        f"{kind[:1].upper()}{kind[1:]}: {course.subject.name}, {course.group.name}, {when}{details}"
    )


def _person(user: User, school: School) -> Person | None:
    return Person.objects.filter(user=user, school=school).first()


def _name(person: Person | None) -> str:
    return person.full_name if person else "неизвестная учётная запись"


def _heads(school: School, now: datetime) -> list[Person]:
    """Return the deputy heads of the school, or its head if it has none."""
    held = RoleAssignment.objects.in_force(school.local_date(now)).filter(school=school)
    held = held.select_related("person").order_by("person")
    heads = [one.person for one in held.filter(role__in=HEADS)]
    return heads or [one.person for one in held.filter(role=Role.HEAD)]


def _tell(
    persons: Iterable[Person],
    *,
    school: School,
    subject: str,
    said: str,
    path: str,
    key: str,
    now: datetime,
) -> None:
    for person in persons:
        put(
            school=school, recipient=person, template=letters.STAFF,
            data={"school": school.short_name, "subject": subject, "said": said, "path": path},
            dedup_key=f"{key}:{person.pk}", channels=["email"], not_before=now, expires_at=now + LIVES,
        )  # fmt: skip
