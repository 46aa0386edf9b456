"""Marks still owed: of one's own courses, of the class that one leads, of the school."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from journal import grading
from journal.models import Absence, AbsenceCode, Mark
from journal.models.entries import OWED
from journal.queries.facts import short_name
from journal.sheet import Choice
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import ClassTeacher, CourseTeacher, Membership

MOST = 300
Key = tuple[UUID, UUID]  # lesson, pupil


@dataclass(frozen=True, slots=True)
class OwedMark:
    course_id: UUID
    lesson_id: UUID
    pupil_id: UUID
    pupil: str
    group: str
    subject: str
    teacher: str
    day: date  # of the lesson
    work: str
    due: date
    is_overdue: bool
    text: str  # what the whole cell holds
    rev: int
    can_pay: bool


@dataclass(frozen=True, slots=True)
class OwedPage:
    rows: tuple[OwedMark, ...]
    overdue: int
    groups: tuple[Choice, ...]
    courses: tuple[Choice, ...]
    is_cut: bool


def owed(
    user: User, *, today: date, group: UUID | None = None, course: UUID | None = None
) -> OwedPage:
    """Read the debts that the user may see, the longest overdue first: four statements."""
    year = school_year(today)
    found = Mark.objects.filter(_seen(user, today), year=year, value=OWED, due_day__isnull=False)
    choices = list(
        found.order_by("lesson__course__group__name", "lesson__course__subject__name")
        .values_list(
            "lesson__course__group",
            "lesson__course__group__name",
            "lesson__course",
            "lesson__course__subject__name",
        )
        .distinct()
    )
    if group:
        found = found.filter(lesson__course__group=group)
    if course:
        found = found.filter(lesson__course=course)
    marks = list(
        found.select_related(
            "lesson__course__group",
            "lesson__course__subject",
            "lesson__sitting__teacher",
            "work__kind",
            "pupil__person",
        ).order_by("due_day", F("pupil__person__sort_key"), "pk")[: MOST + 1]
    )
    rows = _rows(user, marks[:MOST], today)
    return OwedPage(
        rows=rows,
        overdue=sum(row.is_overdue for row in rows),
        groups=_choices({(g, name) for g, name, _, _ in choices}, group),
        courses=_choices({(c, f"{s}, {g}") for _, g, c, s in choices}, course),
        is_cut=len(marks) > MOST,
    )


def _seen(user: User, today: date) -> Q:
    """Debts of lessons that the user gives or gave, of the class that she leads, of her schools."""
    now = Q(until__isnull=True) | Q(until__gte=today)
    persons = list(user.person_ids)
    taught = CourseTeacher.objects.filter(now, person__in=persons, since__lte=today)
    led = ClassTeacher.objects.filter(person__in=persons).in_force(today)
    pupils = Membership.objects.filter(
        now,
        group__kind="class",
        group__school_class__in=led.values("school_class"),
        since__lte=today,
    )
    return (
        Q(lesson__course__in=taught.values("course"))
        | Q(lesson__sitting__teacher__in=persons)
        | Q(pupil__in=pupils.values("pupil"))
        | Q(school__in=user.schools_with(Permission.JOURNAL_VIEW_SCHOOL))
    )


def _choices(found: set[tuple[UUID, str]], chosen: UUID | None) -> tuple[Choice, ...]:
    ordered = sorted(found, key=lambda pair: pair[1])
    return tuple(Choice(str(pk), name, chosen=pk == chosen) for pk, name in ordered)


def _rows(user: User, marks: Sequence[Mark], today: date) -> tuple[OwedMark, ...]:
    cells = _cells(marks)
    taught = set(
        CourseTeacher.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today),
            person__in=user.person_ids,
            course__in={mark.lesson.course_id for mark in marks},
            since__lte=today,
        ).values_list("course", flat=True)
    )
    rows = []
    for mark in marks:
        lesson, person = mark.lesson, mark.pupil.person
        teacher = lesson.sitting.teacher
        text, rev = cells[mark.lesson_id, mark.pupil_id]
        due = mark.due_day or today
        keeps = user.may(Permission.JOURNAL_KEEP, mark.school_id)
        rows.append(
            OwedMark(
                course_id=lesson.course_id,
                lesson_id=mark.lesson_id,
                pupil_id=mark.pupil_id,
                pupil=f"{person.last_name} {person.first_name}",
                group=lesson.course.group.name,
                subject=lesson.course.subject.name,
                teacher=short_name(teacher.last_name, teacher.first_name, teacher.middle_name),
                day=lesson.day,
                work=mark.work.kind.name,
                due=due,
                is_overdue=due < today,
                text=text,
                rev=rev,
                can_pay=keeps
                and (lesson.course_id in taught or lesson.sitting.teacher_id in user.person_ids),
            )
        )
    return tuple(rows)


def _cells(marks: Sequence[Mark]) -> dict[Key, tuple[str, int]]:
    """Return the text and the revision of the whole cells: a debt may stand beside a mark."""
    if not marks:
        return {}
    where = {
        "year": marks[0].year,
        "lesson__in": {mark.lesson_id for mark in marks},
        "pupil__in": {mark.pupil_id for mark in marks},
    }
    found: dict[Key, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(**where).order_by("position"):
        found[mark.lesson_id, mark.pupil_id].append(mark)
    absent = {(a.lesson_id, a.pupil_id): a for a in Absence.objects.filter(**where)}
    texts = {}
    for key, own in found.items():
        absence = absent.get(key)
        retakes = [place for place, mark in enumerate(own, start=1) if mark.retake]
        letter = str(AbsenceCode(absence.code).label) if absence else ""
        text = grading.show(letter, [mark.value for mark in own], retakes)
        texts[key] = (text, sum(m.rev for m in own) + (absence.rev if absence else 0))
    return texts
