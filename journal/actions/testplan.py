"""Planned works of the schedule of tests: put on a lesson, moved, taken away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import require
from journal import policy
from journal.actions.held import require_open_record
from journal.actions.lessons import hold
from journal.errors import BrokenRecord, LessonGone, PlanRefused, WorkMarked
from journal.models import Criterion, CriterionPoints, Mark, Work, WorkKind
from journal.queries import CourseFacts
from journal.queries.cells import lock_lessons
from journal.queries.testplan import candidate, rules_of, year_of
from journal.testplan import may_stand
from people.scope import because
from school.models import Lesson, SchoolClass

OVERRULED = "Запланировано с отступлением от правил: "


@transaction.atomic
def plan_test(
    *,
    course: CourseFacts,
    lesson_id: UUID,
    kind_id: UUID,
    title: str,
    minutes: int | None,
    now: datetime,
    reason: str = "",
    instead_of: Work | None = None,
) -> Work:
    """Put a control work on a lesson of the user's. A warning needs a `reason`, which the history keeps.

    Raises Forbidden, the refusals of `hold`, BrokenRecord, WorkMarked, PlanRefused with the breaches.
    """
    lesson = hold(course, lesson_id)
    kind = _control_kind(course, kind_id)
    today = now.astimezone(course.zone).date()
    if lesson.day < today:
        raise BrokenRecord("Выберите урок, который ещё не прошёл.", field="lesson")
    work_id = str(instead_of.pk) if instead_of else ""
    starts, ends = year_of(course.year)
    on = min(max(today, starts), ends)
    wanted = candidate(course, lesson, minutes=minutes, work_id=work_id, on=on)
    # Of two teachers who choose the same day of a class the second waits here for the first.
    classes = SchoolClass.objects.filter(pk__in=wanted.classes).order_by("pk")
    list(classes.select_for_update(of=("self",), no_key=True))
    found = rules_of(course, [lesson.pk], on=on).judge(wanted, lesson.pk)
    if not may_stand(found, reason=reason):
        raise PlanRefused(found)
    work = _place(lesson)
    work.kind, work.weight, work.counts = kind, kind.weight, kind.counts
    work.title, work.minutes = title, minutes
    with because(f"{OVERRULED}{reason.strip()}" if found else ""):
        work.save()
    return work


def _control_kind(course: CourseFacts, kind_id: UUID) -> WorkKind:
    kind = WorkKind.objects.filter(school=course.school_id, pk=kind_id, is_control=True).first()
    if kind is None:
        raise BrokenRecord("Выберите вид контрольной работы.", field="kind")
    return kind


def _place(lesson: Lesson) -> Work:
    """Return the lesson's first work to write over, or a new one. Raises WorkMarked."""
    work = Work.objects.filter(lesson=lesson).order_by("number").first()
    if work is None:
        return Work(school_id=lesson.school_id, lesson=lesson, number=1)
    if work.kind.is_control:
        raise BrokenRecord("На этом уроке работа уже запланирована.", field="lesson")
    if _is_marked(work):
        raise WorkMarked("На этом уроке уже стоят отметки за другую работу.")
    return work


def _is_marked(work: Work) -> bool:
    marks = Mark.objects.filter(work=work, year=work.lesson.year)
    return marks.exists() or CriterionPoints.objects.filter(criterion__work=work).exists()


@transaction.atomic
def move_test(
    *,
    course: CourseFacts,
    work_id: UUID,
    lesson_id: UUID,
    title: str,
    minutes: int | None,
    now: datetime,
    reason: str = "",
) -> Work:
    """Change a planned work, or put it on another lesson; its criteria go with it.

    Raises what plan_test raises.
    """
    old = _own_work(course, work_id)
    _hold_of(course, old, goes_to=lesson_id)
    if old.lesson_id == lesson_id:
        old.title, old.minutes = title, minutes
        old.save(update_fields=["title", "minutes"])
        return old
    new = plan_test(
        course=course, lesson_id=lesson_id, kind_id=old.kind_id, title=title,
        minutes=minutes, now=now, reason=reason, instead_of=old,
    )  # fmt: skip
    criteria = Criterion.objects.filter(work=old)
    if criteria.exists():
        Criterion.objects.filter(work=new).delete()
        criteria.update(work=new)
    old.delete()
    return new


@transaction.atomic
def remove_test(*, course: CourseFacts, work_id: UUID) -> None:
    """Take a planned work away. Raises Forbidden, WorkMarked, the refusals of `hold`."""
    work = _own_work(course, work_id)
    _hold_of(course, work)
    work.delete()


def _own_work(course: CourseFacts, work_id: UUID) -> Work:
    works = Work.objects.select_related("lesson__sitting")
    work = works.filter(lesson__course=course.course_id, pk=work_id).first()
    if work is None:
        raise BrokenRecord("Этой работы в плане уже нет.", field="work")
    return work


def _hold_of(course: CourseFacts, work: Work, *, goes_to: UUID | None = None) -> None:
    """Lock the lesson of the work, so that no mark comes in between, with the one it goes to.

    The work is the user's and nothing was marked for it; a cancelled lesson lets go of it.
    """
    wanted = {str(work.lesson_id), str(goes_to or work.lesson_id)}
    lesson = lock_lessons(course, sorted(wanted)).get(str(work.lesson_id))
    if lesson is None:
        raise LessonGone
    require(policy.may_hold(course.who, lesson.teacher))
    require_open_record(course, status="", day=lesson.day)
    if _is_marked(work):
        raise WorkMarked
