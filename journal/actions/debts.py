"""Academic debt (273-ФЗ ст. 58): it arises from the year's results, and is settled in two attempts.

Another thing than a mark still owed (точка).
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from common.errors import Invalid, require
from journal import policy
from journal.errors_results import AttemptRefused, DebtSettled
from journal.models import AcademicDebt, Attempt, ExamKind, ExamResult, YearMark
from people.models import User
from school.models import Membership, SchoolClass

PASSED = frozenset({"3", "4", "5", "зач"})
FAILED = frozenset({"2", "нзч"})
ATTEMPTS = 2
BAD = Q(status="not_assessed") | Q(value__in=["1", "2", "нзч"])


@transaction.atomic
def open_debts(*, by: User, school_class: SchoolClass, due_day: date, now: datetime) -> int:
    """Open a debt for every unsatisfactory year's result of the class and every failed interim exam.

    Returns how many were opened; whoever has one keeps it. Raises Forbidden, Invalid.
    """
    require(policy.may_control(by, school_class.school_id))
    today = school_class.school.local_date(now)
    if due_day <= today:
        raise Invalid("Срок ликвидации должен быть впереди.")
    pupils = Membership.objects.filter(
        group__school_class=school_class, group__kind="class"
    ).filter(Q(until__isnull=True) | Q(until__gte=today))
    mine = {"year": school_class.year, "pupil__in": pupils.values("pupil")}
    found = set(
        YearMark.objects.filter(BAD, **mine).values_list("pupil", "course__subject").distinct()
    )
    found |= set(
        ExamResult.objects.filter(BAD, kind=ExamKind.INTERIM, **mine)
        .values_list("pupil", "subject")
        .distinct()
    )
    known = set(AcademicDebt.objects.filter(**mine).values_list("pupil", "subject"))
    made = AcademicDebt.objects.bulk_create(
        AcademicDebt(
            school_id=school_class.school_id, year=school_class.year, pupil_id=pupil, subject_id=subject,
            arisen_on=today, due_day=due_day, set_by=by, set_at=now,
        )
        for pupil, subject in sorted(found - known)
    )  # fmt: skip
    return len(made)


@transaction.atomic
def appoint_attempt(*, by: User, debt: AcademicDebt, held_on: date, now: datetime) -> Attempt:
    """Appoint the next attempt: two at most, the second before a commission.

    Raises Forbidden, DebtSettled, AttemptRefused.
    """
    require(policy.may_control(by, debt.school_id))
    locked = AcademicDebt.objects.select_for_update().get(pk=debt.pk)
    if locked.settled_on:
        raise DebtSettled
    held = list(locked.attempts.order_by("number"))
    if len(held) >= ATTEMPTS:
        raise AttemptRefused("Обе попытки уже назначены.")
    if any(one.passed is None for one in held):
        raise AttemptRefused("Сначала запишите результат первой попытки.")
    if held_on < locked.arisen_on or held_on > locked.due_day:
        raise AttemptRefused("Дата попытки — не раньше задолженности и не позже срока ликвидации.")
    return Attempt.objects.create(
        school_id=locked.school_id, debt=locked, number=len(held) + 1, held_on=held_on, set_by=by, set_at=now,
    )  # fmt: skip


@transaction.atomic
def record_attempt(
    *, by: User, debt: AcademicDebt, number: int, value: str, now: datetime
) -> Attempt:
    """Write the result of an appointed attempt; a passed one settles the debt.

    Raises Forbidden, DebtSettled, AttemptRefused (not appointed, not held yet, no such mark).
    """
    require(policy.may_control(by, debt.school_id))
    locked = AcademicDebt.objects.select_for_update().select_related("school").get(pk=debt.pk)
    if locked.settled_on:
        raise DebtSettled
    attempt = locked.attempts.filter(number=number, passed__isnull=True).first()
    if attempt is None:
        raise AttemptRefused("Эта попытка не назначена, или её результат уже записан.")
    if attempt.held_on > locked.school.local_date(now):
        raise AttemptRefused("День попытки ещё не наступил.")
    if value not in PASSED | FAILED:
        raise AttemptRefused("Отметка — от 2 до 5, «зач» или «нзч».")
    attempt.value, attempt.passed = value, value in PASSED
    attempt.set_by, attempt.set_at = by, now
    attempt.save()
    if attempt.passed:
        locked.settled_on = attempt.held_on
        locked.save()
    return attempt
