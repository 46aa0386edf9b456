"""Remarks about journals: the deputy's list and the teacher's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from common.templatetags.words import day_month
from journal.models import Remark
from people.models import Person, User
from people.roles import Permission

SHOWN = 200


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark as its list shows it."""

    remark_id: UUID
    course_id: UUID
    lesson_id: UUID | None
    course: str  # «Алгебра, 7А»
    when: str  # «18 ноября, 2-й урок», empty: of the whole journal
    teacher_id: UUID
    teacher: str
    kind: str
    text: str
    due_day: date
    is_late: bool
    raised: str  # «Соколова Н. Л., 20 ноября» or «Еженедельная проверка, 23 ноября»
    answer: str
    answered: str
    closed: str  # «исправлено 24 ноября», «снято 24 ноября»
    is_own: bool


@dataclass(frozen=True, slots=True)
class Remarks:
    lines: tuple[RemarkLine, ...]
    open_number: int
    late_number: int
    closed_number: int


def remarks(
    user: User,
    *,
    today: date,
    own: bool,
    closed: bool = False,
    teacher: UUID | None = None,
    schools: Sequence[UUID] = (),
) -> Remarks:
    """Read the open remarks (or the closed ones of the last): the user's own, or of her schools."""
    found = Remark.objects.visible_to(user)
    if own:
        found = found.filter(teacher__in=user.person_ids)
    else:
        controls = user.schools_with(Permission.JOURNAL_CONTROL)
        found = found.filter(school__in=[s for s in controls if not schools or s in schools])
    if teacher:
        found = found.filter(teacher=teacher)
    rows = list(
        found.filter(closed_at__isnull=not closed)
        .select_related(
            "course__subject",
            "course__group",
            "lesson",
            "teacher",
            "raised_by",
            "answered_by",
            "school",
        )
        .order_by("-closed_at" if closed else "due_day", "teacher__sort_key", "pk")[:SHOWN]
    )
    names = _names(rows)
    late = Q(closed_at__isnull=True, due_day__lt=today)
    return Remarks(
        lines=tuple(_lines(rows, names, today, user)),
        open_number=found.filter(closed_at__isnull=True).count(),
        late_number=found.filter(late).count(),
        closed_number=found.filter(closed_at__isnull=False).count(),
    )


def _names(rows: Sequence[Remark]) -> dict[tuple[UUID, UUID], str]:
    """Return the people behind the accounts, in one statement: {(account, school): «Соколова Н. Л.»}."""
    users = {row.raised_by_id for row in rows if row.raised_by_id}
    people = Person.objects.filter(user__in=users)
    return {(p.user_id, p.school_id): p.short_name for p in people if p.user_id}


def _lines(
    rows: Sequence[Remark], names: dict[tuple[UUID, UUID], str], today: date, user: User
) -> Iterator[RemarkLine]:
    for row in rows:
        author = (
            names.get((row.raised_by_id, row.school_id), "Завуч")
            if row.raised_by_id
            else "Еженедельная проверка"
        )
        zone = row.school.zone
        closed = ""
        if row.closed_at:
            word = "снято" if row.closed_by_id else "исправлено"
            closed = f"{word} {day_month(row.closed_at.astimezone(zone).date())}"
        yield RemarkLine(
            remark_id=row.pk,
            course_id=row.course_id,
            lesson_id=row.lesson_id,
            course=f"{row.course.subject.name}, {row.course.group.name}",
            when=f"{day_month(row.lesson.day)}, {row.lesson.number}-й урок" if row.lesson else "",
            teacher_id=row.teacher_id,
            teacher=str(row.teacher.short_name),
            kind=str(row.get_kind_display()),
            text=row.text,
            due_day=row.due_day,
            is_late=row.closed_at is None and row.due_day < today,
            raised=f"{author}, {day_month(row.raised_at.astimezone(zone).date())}",
            answer=row.answer,
            answered=day_month(row.answered_at.astimezone(zone).date()) if row.answered_at else "",
            closed=closed,
            is_own=row.teacher_id in user.person_ids,
        )


def count_own(user: User) -> int:
    """Count the open remarks that the user is to answer."""
    return Remark.objects.filter(teacher__in=user.person_ids, closed_at__isnull=True).count()
