"""Plans: made, copied, brought from a file, changed, chosen for a course."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from common.errors import require
from common.ids import uuid7
from journal import policy
from journal.errors import YearClosed
from journal.errors_programme import (
    NothingToMove,
    ProgrammeFollowed,
    TooManyTopics,
    TopicGiven,
    WrongPlan,
)
from journal.models import CourseProgramme, LessonTopic, Programme, Topic, Unit, WorkKind
from journal.programme_file import MOST_TOPICS, ReadUnit, work_kind
from journal.queries import CourseFacts
from people.models import User
from school.models import LessonKind, SchoolYear, Subject

Row = TypeVar("Row", Unit, Topic, WorkKind)


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic as it was entered."""

    title: str
    hours: int = 1
    lesson_kind: str = LessonKind.ORDINARY
    work_kind_id: UUID | None = None
    homework: str = ""
    unit_id: UUID | None = None


@transaction.atomic
def make_programme(
    *,
    by: User,
    subject: Subject,
    year: int,
    grade_level: int,
    name: str,
    now: datetime,
    units: Sequence[ReadUnit] = (),
    copied_from: Programme | None = None,
) -> Programme:
    """Make a plan of the school's subject, empty or with the units of a file. Raises Forbidden."""
    require(policy.may_edit_programme(by, subject.school_id, by.pk))
    _require_open_year(subject.school_id, year)
    made = Programme.objects.create(
        school_id=subject.school_id, year=year, subject=subject, grade_level=grade_level, name=name,
        copied_from=copied_from, made_by=by, made_at=now,
    )  # fmt: skip
    kinds = _kinds(made, now)
    rows = [
        Unit(id=uuid7(), school_id=made.school_id, programme=made, number=number, title=unit.title)
        for number, unit in enumerate(units, start=1)
    ]
    Unit.objects.bulk_create(rows)
    topics = [(row, topic) for row, unit in zip(rows, units, strict=True) for topic in unit.topics]
    Topic.objects.bulk_create(
        Topic(
            school_id=made.school_id, programme=made, unit=row, number=number, title=topic.title, hours=topic.hours,
            lesson_kind=topic.lesson_kind, work_kind_id=work_kind(topic.work, kinds) if topic.work else None,
            homework=topic.homework,
        )
        for number, (row, topic) in enumerate(topics, start=1)
    )  # fmt: skip
    return made


def _kinds(programme: Programme, now: datetime) -> list[tuple[str, str]]:
    """Return the kinds of work in force, control works first."""
    rows = WorkKind.objects.filter(school=programme.school_id).order_by("-is_control", "code", "-since")  # fmt: skip
    today = programme.school.local_date(now)
    return [(str(row.pk), row.name) for row in rows if row.until is None or row.until >= today]


@transaction.atomic
def copy_programme(
    *, by: User, programme: Programme, year: int, grade_level: int, now: datetime
) -> Programme:
    """Copy a plan into one's own, with its units, topics, works and homework."""
    require(policy.may_edit_programme(by, programme.school_id, by.pk))
    _require_open_year(programme.school_id, year)
    made = Programme.objects.create(
        school_id=programme.school_id, year=year, subject_id=programme.subject_id, grade_level=grade_level,
        name=programme.name, copied_from=programme, made_by=by, made_at=now,
    )  # fmt: skip
    units = {unit.pk: Unit(id=uuid7(), school_id=made.school_id, programme=made, number=unit.number, title=unit.title)
             for unit in programme.units.order_by("number")}  # fmt: skip
    Unit.objects.bulk_create(units.values())
    Topic.objects.bulk_create(
        Topic(
            school_id=made.school_id, programme=made, unit=units[topic.unit_id], number=topic.number,
            title=topic.title, hours=topic.hours, lesson_kind=topic.lesson_kind, work_kind_id=topic.work_kind_id,
            homework=topic.homework,
        )
        for topic in programme.topics.order_by("number")
    )  # fmt: skip
    return made


@transaction.atomic
def follow_programme(
    *, by: User, course: CourseFacts, programme: Programme | None, now: datetime
) -> None:
    """Choose the plan of a course, or none; lessons keep what they gave. Raises Forbidden, WrongPlan."""
    require(policy.may_plan(by, course.who, course.school_id))
    if course.year_closed:
        raise YearClosed
    if programme is None:
        CourseProgramme.objects.filter(course=course.course_id).delete()
        return
    if (programme.school_id, programme.year) != (course.school_id, course.year):
        raise WrongPlan
    CourseProgramme.objects.update_or_create(
        course_id=course.course_id,
        defaults={
            "school_id": course.school_id,
            "programme": programme,
            "set_by": by,
            "set_at": now,
        },
    )


@transaction.atomic
def delete_programme(*, by: User, programme: Programme) -> None:
    """Raises Forbidden, ProgrammeFollowed, TopicGiven."""
    row = _locked(by, programme)
    if row.courses.exists():
        raise ProgrammeFollowed
    _refuse_given(row.topics.values_list("pk", flat=True))
    Programme.objects.filter(copied_from=row).update(copied_from=None)
    row.delete()


@transaction.atomic
def rename_programme(*, by: User, programme: Programme, name: str) -> None:
    row = _locked(by, programme)
    row.name = name
    row.save(update_fields=["name"])


@transaction.atomic
def save_unit(*, by: User, programme: Programme, title: str, unit_id: UUID | None = None) -> Unit:
    """Rename a unit, or add one to the end. Raises Forbidden, WrongPlan."""
    row = _locked(by, programme)
    if unit_id is not None:
        unit = _own(row.units.all(), unit_id)
        unit.title = title
        unit.save(update_fields=["title"])
        return unit
    last = row.units.aggregate(last=Max("number"))["last"] or 0
    return Unit.objects.create(school_id=row.school_id, programme=row, number=last + 1, title=title)


@transaction.atomic
def save_topic(
    *, by: User, programme: Programme, entry: TopicEntry, topic_id: UUID | None = None
) -> Topic:
    """Change a topic, or add one to the end of its unit. Raises Forbidden, WrongPlan, TooManyTopics."""
    row = _locked(by, programme)
    if entry.work_kind_id is not None:
        _own(WorkKind.objects.filter(school=row.school_id), entry.work_kind_id)
    topic = _own(row.topics.all(), topic_id) if topic_id else _new_topic(row, entry)
    if entry.unit_id is not None and entry.unit_id != topic.unit_id:
        topic.unit = _own(row.units.all(), entry.unit_id)
    topic.title, topic.hours, topic.lesson_kind = entry.title, entry.hours, entry.lesson_kind
    topic.work_kind_id, topic.homework = entry.work_kind_id, entry.homework
    topic.save()
    _renumber(row)
    return topic


def _new_topic(programme: Programme, entry: TopicEntry) -> Topic:
    count = programme.topics.count()
    if count >= MOST_TOPICS:
        raise TooManyTopics
    unit = _own(programme.units.all(), entry.unit_id)
    last = programme.topics.aggregate(last=Max("number"))["last"] or 0
    return Topic(school_id=programme.school_id, programme=programme, unit=unit, number=last + 1)


@transaction.atomic
def change_order(*, by: User, programme: Programme, what: str, row_id: UUID) -> None:
    """Move or remove a unit or a topic; `what` is a key of CHANGES.

    Raises Forbidden, WrongPlan, NothingToMove, TopicGiven.
    """
    row = _locked(by, programme)
    CHANGES[what](row, row_id)
    _renumber(row)


def _move_unit(programme: Programme, unit_id: UUID, step: int) -> None:
    units = list(programme.units.order_by("number"))
    place = _place(units, unit_id)
    _swap(units[place], _neighbour(units, place + step))
    Unit.objects.bulk_update(units, ["number"])


def _move_topic(programme: Programme, topic_id: UUID, step: int) -> None:
    """Swap with the neighbour; at the edge of a unit go over into the next one."""
    topics = list(programme.topics.order_by("number"))
    place = _place(topics, topic_id)
    topic, other = topics[place], None
    if 0 <= place + step < len(topics):
        other = topics[place + step]
    if other is not None and other.unit_id == topic.unit_id:
        _swap(topic, other)
    else:
        units = list(programme.units.order_by("number"))
        topic.unit = _neighbour(units, _place(units, topic.unit_id) + step)
    Topic.objects.bulk_update(topics, ["number", "unit"])


def _remove_unit(programme: Programme, unit_id: UUID) -> None:
    unit = _own(programme.units.all(), unit_id)
    _refuse_given(unit.topics.values_list("pk", flat=True))
    unit.delete()


def _remove_topic(programme: Programme, topic_id: UUID) -> None:
    topic = _own(programme.topics.all(), topic_id)
    _refuse_given([topic.pk])
    topic.delete()


CHANGES: Mapping[str, Callable[[Programme, UUID], None]] = {
    "unit_up": lambda programme, row_id: _move_unit(programme, row_id, -1),
    "unit_down": lambda programme, row_id: _move_unit(programme, row_id, 1),
    "unit_remove": _remove_unit,
    "topic_up": lambda programme, row_id: _move_topic(programme, row_id, -1),
    "topic_down": lambda programme, row_id: _move_topic(programme, row_id, 1),
    "topic_remove": _remove_topic,
}


def _locked(by: User, programme: Programme) -> Programme:
    require(policy.may_edit_programme(by, programme.school_id, programme.made_by_id))
    _require_open_year(programme.school_id, programme.year)
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)


def _require_open_year(school_id: UUID, year: int) -> None:
    closed = SchoolYear.objects.filter(school=school_id, year=year, closed_at__isnull=False)
    if closed.exists():
        raise YearClosed("Учебный год закрыт: план только для чтения.")


def _own(rows: "QuerySet[Row]", row_id: UUID | None) -> Row:
    found = rows.filter(pk=row_id).first() if row_id else None
    if found is None:
        raise WrongPlan
    return found


def _place(rows: Sequence[Unit] | Sequence[Topic], row_id: UUID) -> int:
    place = next((place for place, row in enumerate(rows) if row.pk == row_id), None)
    if place is None:
        raise WrongPlan
    return place


def _neighbour(units: Sequence[Unit], place: int) -> Unit:
    if not 0 <= place < len(units):
        raise NothingToMove
    return units[place]


def _swap(one: Unit | Topic, other: Unit | Topic) -> None:
    one.number, other.number = other.number, one.number


def _refuse_given(topics: Iterable[UUID]) -> None:
    if LessonTopic.objects.filter(topic__in=topics).exists():
        raise TopicGiven


def _renumber(programme: Programme) -> None:
    """Number units and topics from one, topics in the order of their units."""
    units = list(programme.units.order_by("number"))
    for number, unit in enumerate(units, start=1):
        unit.number = number
    Unit.objects.bulk_update(units, ["number"])
    topics = list(programme.topics.order_by("unit__number", "number"))
    for number, topic in enumerate(topics, start=1):
        topic.number = number
    Topic.objects.bulk_update(topics, ["number"])
