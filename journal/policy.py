"""Who may write what in a journal, and what closes a cell. Facts come in, no SQL here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from common.errors import Refusal
from journal import grading
from journal.errors import (
    CellRefusal,
    LessonAhead,
    LessonCancelled,
    LessonLocked,
    PeriodSigned,
    YearClosed,
)
from people.models import User
from people.roles import Permission, Role
from school.models import LessonStatus

EDIT_WINDOW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Standing:
    """What the user is to a course today: its teacher, or a person whom lessons may be given to."""

    person_ids: frozenset[str]
    keeps: bool  # holds a role that keeps journals at the course's school
    teaches: bool  # teaches the course today
    leads_a_class: bool
    only_led: bool = False  # opened the journal for the sake of the pupils of her class alone


@dataclass(frozen=True, slots=True)
class Window:
    """How many days after a lesson its cells may be written, between dates."""

    since: date
    until: date | None
    days: int


@dataclass(frozen=True, slots=True)
class Span:
    """A reporting period of the course; a signed one is closed."""

    period_id: str
    name: str
    starts: date
    ends: date
    signed: bool


def can_open_day(user: User) -> bool:
    """Say whether the user has a working day: whoever keeps journals, and the heads who read them."""
    return has_day(user) or can_open_school(user)


def can_open_school(user: User) -> bool:
    """Say whether the user reads the journals of a whole school."""
    return bool(user.schools_with(Permission.JOURNAL_VIEW_SCHOOL))


def has_day(user: User) -> bool:
    """Say whether the user gives lessons or leads a class."""
    return bool(user.schools_with(Permission.JOURNAL_KEEP))


def standing(
    user: User, school_id: UUID, teachers: Collection[str], *, gives: bool = True
) -> Standing:
    """Place the user by the persons who teach the course today; `gives` a lesson of it, or gave one."""
    persons = frozenset(str(i.person_id) for i in user.identities if i.school_id == school_id)
    teaches = not persons.isdisjoint(teachers)
    leads = user.has_role(Role.CLASS_TEACHER)
    sees_all = teaches or gives or user.may(Permission.JOURNAL_VIEW_SCHOOL, school_id)
    return Standing(
        person_ids=persons,
        keeps=user.may(Permission.JOURNAL_KEEP, school_id),
        teaches=teaches,
        leads_a_class=leads,
        only_led=leads and not sees_all,
    )


def may_see(who: Standing, *, led: bool) -> bool:
    """Say whether the user may see the pupil's row: a stream's other classes are not hers."""
    return led or not who.only_led


def may_hold(who: Standing, sitting_teacher: str) -> bool:
    """Say whether the lesson is the user's: a teacher of the course, or the one it was given to."""
    return who.keeps and (who.teaches or sitting_teacher in who.person_ids)


def may_give_reason(who: Standing, *, led: bool) -> bool:
    """Say whether the user knows why the pupil was absent: the class teacher does."""
    return who.keeps and who.leads_a_class and led


def may_change_absence(who: Standing, *, holds: bool, led: bool, before: str, after: str) -> bool:
    """Say whether the user may turn one letter of attendance into another."""
    if before == after or may_give_reason(who, led=led):
        return True
    return holds and grading.REASONS.isdisjoint((before, after))


def may_control(user: User, school_id: UUID) -> bool:
    """Say whether the user opens locked lessons and undoes bulk changes of others: the heads do."""
    return user.may(Permission.JOURNAL_CONTROL, school_id)


def window_on(windows: Sequence[Window], day: date) -> int:
    """Return the days that the school's setting of that day gives: past lessons keep theirs."""
    for window in windows:
        if window.since <= day and (window.until is None or day <= window.until):
            return window.days
    return EDIT_WINDOW_DAYS


def period_of(periods: Sequence[Span], day: date) -> Span | None:
    return next((span for span in periods if span.starts <= day <= span.ends), None)


def closed(
    *,
    day: date,
    status: str,
    today: date,
    year_closed: bool,
    periods: Sequence[Span],
    windows: Sequence[Window],
    given: date | None = None,
    reopened: bool = False,
) -> CellRefusal | None:
    """Return what closes the cells of a lesson to everybody, or None while they are open.

    `given` is the day from which the window of a homework's marks counts: that of the lesson at which
    it was given. `reopened`: the deputy head opened the lesson for the user; that lifts the window alone.
    """
    if status == LessonStatus.CANCELLED:
        return LessonCancelled()
    if year_closed:
        return YearClosed()
    span = period_of(periods, day)
    if span is not None and span.signed:
        return PeriodSigned()
    if day > today:
        return LessonAhead()
    days = window_on(windows, day)
    late = (given or day) + timedelta(days=days) < today
    return LessonLocked(days) if late and not reopened else None


def record_closed(*, status: str, year_closed: bool, span: Span | None) -> Refusal | None:
    """Return what closes topic and homework: they may be written ahead, and late."""
    if status == LessonStatus.CANCELLED:
        return LessonCancelled("Урок отменён: тему и задание не записывают.")
    if year_closed:
        return YearClosed()
    return PeriodSigned("Период закрыт, урок только для чтения.") if span and span.signed else None


def may_make_programmes(user: User) -> bool:
    """Say whether the user writes plans: teachers do, and deputy heads for them."""
    return has_day(user) or bool(user.schools_with(Permission.JOURNAL_CONTROL))


def may_edit_programme(user: User, school_id: UUID, made_by_id: UUID) -> bool:
    """Say whether the plan is the user's: its author's own, or any to a deputy head."""
    own = made_by_id == user.pk and user.may(Permission.JOURNAL_KEEP, school_id)
    return own or user.may(Permission.JOURNAL_CONTROL, school_id)


def may_plan(user: User, who: Standing, school_id: UUID) -> bool:
    """Say whether the user chooses the plan of a course: its teacher, or a deputy head."""
    return (who.keeps and who.teaches) or user.may(Permission.JOURNAL_CONTROL, school_id)
