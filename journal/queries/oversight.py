"""Locked lessons that were opened, unusual edits, bulk changes: as the teacher and the heads see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from common.prepared import array, of_year, prepared
from common.templatetags.words import day_month, time_hm
from journal.errors import LessonLocked
from journal.models import Operation, Reopening, UnusualEdit, UnusualKind
from journal.queries.facts import CourseFacts, short_name
from journal.queries.remarks import count_own
from journal.sheet import Choice
from people.models import Person, School, User
from people.roles import Permission
from school.calendar import school_year
from school.models import CourseTeacher, Lesson

RECENT = timedelta(days=30)
WEEK = timedelta(days=7)
MOST = 100
OPERATIONS = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """A lesson that somebody asked to open, or that was opened."""

    reopening_id: UUID
    course_id: UUID
    lesson_id: UUID
    title: str  # «Алгебра, 7А»
    lesson: str  # «3 ноября, 2-й урок»
    person: str
    asked: str  # «18 ноября, 12:30», empty: nobody asked
    asked_reason: str
    decided: str
    decided_by: str
    until: str
    reason: str
    state: str  # asked | open | past | refused


@dataclass(frozen=True, slots=True)
class Openings:
    asked: tuple[Opening, ...]
    open: tuple[Opening, ...]
    past: tuple[Opening, ...]


def openings(user: User, *, now: datetime, own: bool = False) -> Openings:
    """Read the openings of the schools that the user controls, or her own, of the last month."""
    shown = Reopening.objects.filter(
        Q(decided_at__isnull=True) | Q(until__gt=now) | Q(decided_at__gt=now - RECENT)
    )
    shown = (
        shown.filter(person__in=user.person_ids)
        if own
        else shown.filter(school__in=user.schools_with(Permission.JOURNAL_CONTROL))
    )
    rows = shown.select_related(
        "lesson__course__subject", "lesson__course__group", "person", "school", "decided_by"
    ).order_by("-decided_at", "-asked_at", "pk")[:MOST]
    found = [_opening(row, now=now, names=_names(rows)) for row in rows]
    return Openings(
        asked=tuple(reversed([one for one in found if one.state == "asked"])),
        open=tuple(one for one in found if one.state == "open"),
        past=tuple(one for one in found if one.state in {"past", "refused"}),
    )


def opening(row: Reopening, *, now: datetime) -> Opening:
    return _opening(row, now=now, names=_names([row]))


def _names(rows: "QuerySet[Reopening] | list[Reopening]") -> Mapping[tuple[UUID, UUID], str]:
    """Return the heads who decided, by user and school."""
    users = {row.decided_by_id for row in rows if row.decided_by_id}
    persons = Person.objects.filter(user__in=users)
    return {(p.user_id, p.school_id): _name(p) for p in persons if p.user_id}


def _name(person: Person) -> str:
    return short_name(person.last_name, person.first_name, person.middle_name)


def _opening(row: Reopening, *, now: datetime, names: Mapping[tuple[UUID, UUID], str]) -> Opening:
    zone, course = row.school.zone, row.lesson.course
    if row.decided_at is None:
        state = "asked"
    elif row.until is None:
        state = "refused"
    else:
        state = "open" if row.until > now else "past"
    decided_by = names.get((row.decided_by_id, row.school_id), "") if row.decided_by_id else ""
    return Opening(
        reopening_id=row.pk,
        course_id=course.pk,
        lesson_id=row.lesson_id,
        title=f"{course.subject.name}, {course.group.name}",
        lesson=f"{day_month(row.lesson.day)}, {row.lesson.number}-й урок",
        person=_name(row.person),
        asked=moment(row.asked_at, zone),
        asked_reason=row.asked_reason,
        decided=moment(row.decided_at, zone),
        decided_by=decided_by,
        until=moment(row.until, zone),
        reason=row.reason,
        state=state,
    )


def moment(at: datetime | None, zone: tzinfo) -> str:
    """«18 ноября, 12:30» by the school's clock."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day_month(local.date())}, {time_hm(local.time())}"


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """What can be opened in a course, and for whom."""

    course_id: UUID
    title: str
    lessons: tuple[Choice, ...]
    persons: tuple[Choice, ...]


def to_open(
    course: CourseFacts, *, today: date, now: datetime, lesson: UUID | None = None
) -> OpeningForm:
    """Return the lessons that nothing but the window closes, and the people who give them."""
    rows = (
        Lesson.objects.filter(course=course.course_id, day__lte=today)
        .select_related("sitting__teacher")
        .order_by("-day", "-number", "pk")
    )
    closed = [
        row
        for row in rows
        if isinstance(
            course.shut(str(row.pk), day=row.day, status=row.status, today=today, now=now),
            LessonLocked,
        )
    ]
    persons = {row.sitting.teacher_id: row.sitting.teacher for row in closed}
    teachers = CourseTeacher.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), course=course.course_id, since__lte=today
    ).select_related("person")
    persons = {one.person_id: one.person for one in teachers} | persons
    return OpeningForm(
        course_id=course.course_id,
        title=course.title,
        lessons=tuple(
            Choice(
                str(row.pk), f"{day_month(row.day)}, {row.number}-й урок", chosen=row.pk == lesson
            )
            for row in closed
        ),
        persons=tuple(Choice(str(pk), _name(person)) for pk, person in persons.items()),
    )


@dataclass(frozen=True, slots=True)
class Unusual:
    unusual_id: UUID
    course_id: UUID
    title: str
    author: str
    kind: str  # «запись ночью»
    at: str
    count: int
    details: str
    operation: UUID | None  # that can be rolled back
    is_own: bool
    confirmed: bool
    denied: bool
    seen: str  # «Соколова Н. Л., 18 ноября, 12:30»
    can_see: bool  # the heads may press «Просмотрено»


def unusual_edits(user: User, *, now: datetime) -> tuple[Unusual, ...]:
    """Read the unusual edits of the last month: one's own and, for the heads, the school's."""
    controls = user.schools_with(Permission.JOURNAL_CONTROL)
    rows = (
        UnusualEdit.objects.visible_to(user)
        .filter(at__gt=now - RECENT)
        .select_related("course__subject", "course__group", "school")
        .order_by("-at", "pk")[:MOST]
    )
    users = {row.user_id for row in rows} | {row.seen_by_id for row in rows if row.seen_by_id}
    names = {(p.user_id, p.school_id): _name(p) for p in Person.objects.filter(user__in=users)}
    operations = set(
        Operation.objects.filter(
            pk__in=[row.operation for row in rows if row.operation],
            before__isnull=False,
            rolled_back_at__isnull=True,
        ).values_list("pk", flat=True)
    )
    return tuple(
        _unusual(row, user, names, operations, can_see=row.school_id in controls) for row in rows
    )


def _unusual(
    row: UnusualEdit,
    user: User,
    names: Mapping[tuple[UUID | None, UUID], str],
    operations: set[UUID],
    *,
    can_see: bool,
) -> Unusual:
    zone = row.school.zone
    seen_by = names.get((row.seen_by_id, row.school_id), "")
    return Unusual(
        unusual_id=row.pk,
        course_id=row.course_id,
        title=f"{row.course.subject.name}, {row.course.group.name}",
        author=names.get((row.user_id, row.school_id), "учётная запись без имени"),
        kind=str(UnusualKind(row.kind).label),
        at=moment(row.at, zone),
        count=row.count,
        details=row.details,
        operation=row.operation if row.operation in operations else None,
        is_own=row.user_id == user.pk,
        confirmed=row.confirmed_at is not None,
        denied=row.denied_at is not None,
        seen=", ".join(filter(None, (seen_by, moment(row.seen_at, zone)))),
        can_see=can_see,
    )


@dataclass(frozen=True, slots=True)
class BulkChange:
    operation_id: UUID
    author: str
    at: str
    count: int
    examples: str  # «н → пусто, 5 → 4»
    is_own: bool
    rolled_back: str


def bulk_changes(user: User, course: CourseFacts) -> tuple[BulkChange, ...]:
    """Read the last bulk changes of a course that the user may see."""
    rows = list(
        Operation.objects.visible_to(user)
        .filter(course=course.course_id, school=course.school_id, before__isnull=False)
        .order_by("-made_at", "pk")[:OPERATIONS]
    )
    users = {row.user_id for row in rows} | {row.rolled_back_by_id for row in rows}
    persons = Person.objects.filter(user__in=users, school=course.school_id)
    names = {person.user_id: _name(person) for person in persons}
    zone = School.objects.get(pk=course.school_id).zone
    return tuple(
        BulkChange(
            operation_id=row.pk,
            author=names.get(row.user_id, ""),
            at=moment(row.made_at, zone),
            count=len(row.before or {}),
            examples=_examples(row),
            is_own=row.user_id == user.pk,
            rolled_back=", ".join(
                filter(None, (names.get(row.rolled_back_by_id), moment(row.rolled_back_at, zone)))
            ),
        )
        for row in rows
    )


def _examples(row: Operation) -> str:
    """Return how cells changed, the commonest first: «пусто → 5 (12), 4 → 5»."""
    after = {f"{cell['lesson']} {cell['pupil']}": cell["value"] for cell in row.answer["cells"]}
    tally: dict[str, int] = {}
    for key, was in (row.before or {}).items():
        words = f"{was or 'пусто'} → {after.get(key) or 'пусто'}"
        tally[words] = tally.get(words, 0) + 1
    common = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{words} ({count})" if count > 1 else words for words, count in common[:3]]
    return ", ".join(shown) + (" и другие" if len(common) > 3 else "")


def names_of(pupils: Sequence[UUID]) -> dict[UUID, str]:
    """Return «Ёлкина О.» of pupils whose cells the user has just written."""
    persons = Person.objects.filter(pk__in=pupils)
    return {person.pk: f"{person.last_name} {person.first_name[:1]}." for person in persons}


@dataclass(frozen=True, slots=True)
class DayMarking:
    """What waits for a teacher beside her lessons."""

    owed: int
    overdue: int
    unusual: int
    remarks: int  # of the deputy head, to be answered
    openings: tuple[Opening, ...]


# Debts of the lessons that the user gives, overdue ones, and the edits under her name to look at.
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE m.due_day < %(today)s),
       (SELECT count(*) FROM journal_unusualedit u WHERE u.user_id = %(user)s AND u.at > %(recent)s
           AND u.confirmed_at IS NULL AND u.denied_at IS NULL)
  FROM journal_mark m
  JOIN school_lesson l ON l.id = m.lesson_id
  JOIN school_sitting s ON s.id = l.sitting_id AND s.teacher_id = ANY (%(persons)s::uuid[])
 WHERE m.year = %(year)s AND m.value = '.' AND m.due_day IS NOT NULL
"""


def day_marking(user: User, *, today: date, now: datetime) -> DayMarking:
    """Read what the day's page tells of debts, openings and unusual edits, remarks: three statements."""
    year = school_year(today)
    own = Reopening.objects.filter(
        Q(decided_at__isnull=True)
        | Q(until__gt=now)
        | Q(until__isnull=True, decided_at__gt=now - WEEK),
        person__in=user.person_ids,
    ).select_related("lesson__course__subject", "lesson__course__group", "person", "school")
    values: dict[str, Any] = {
        "today": today, "user": user.pk, "recent": now - RECENT, "persons": array(user.person_ids),
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(of_year(_COUNTS, year), values)
        owed, overdue, unusual = cursor.fetchone()
    return DayMarking(
        owed=owed,
        overdue=overdue,
        unusual=unusual,
        remarks=count_own(user),
        openings=tuple(
            _opening(row, now=now, names={}) for row in own.order_by("-decided_at", "pk")[:5]
        ),
    )
