"""«Напомнить»: by the class teacher to those whom she chose, and by the job to all whom the regulation names."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from common.errors import require
from diary import policy, queries
from diary.errors_desk import NobodyToRemind
from diary.events import weeks_reminded
from diary.models import Reminder
from diary.pages.reminders import Addressee
from diary.queries.reminders import pending, reminding
from diary.queries.rule import rule_of
from people.models import School, User
from school.models import SchoolClass

Key = tuple[UUID, UUID]  # pupil, guardian


@transaction.atomic
def remind(
    *, by: User, school_class: SchoolClass, week: date, chosen: Collection[Key], now: datetime
) -> list[Reminder]:
    """Send a letter to the chosen guardians; those who may not be told again yet are left out (G2.10.3).

    Raises Forbidden, and NobodyToRemind when none of them is left.
    """
    require(policy.can_keep_desk(by, school_class))
    _one_at_a_time(school_class.school)
    found = reminding(school_class, week, now=now)
    wanted = [one for one in found.reached if (one.pupil_id, one.guardian_id) in chosen]
    if not wanted or not found.is_due:
        raise NobodyToRemind
    return _send(school_class.school, week, wanted, by=by, now=now)


@transaction.atomic
def remind_in_person(
    *, by: User, school_class: SchoolClass, week: date, chosen: Key, now: datetime
) -> Reminder:
    """Record that the class teacher told a guardian whom no letter reaches: by phone, at a meeting.

    Raises Forbidden, NobodyToRemind.
    """
    require(policy.can_keep_desk(by, school_class))
    _one_at_a_time(school_class.school)
    found = reminding(school_class, week, now=now)
    wanted = [one for one in found.unreached if (one.pupil_id, one.guardian_id) == chosen]
    if not wanted or not found.is_due:
        raise NobodyToRemind
    return _record(school_class.school, week, wanted, by=by, now=now)[0]


@transaction.atomic
def remind_due(*, school: School, now: datetime) -> int:
    """Remind all families of the school that the regulation says are to be reminded today.

    Of the week that goes on from the regulation's day on; of the week before while that does not come too near.
    """
    today = school.local_date(now)
    rule = rule_of(school, day=today)
    week = queries.week_to_remind(today, rule) if rule.reminds else None
    if week is None:
        return 0
    _one_at_a_time(school)
    wanted = [one for one in pending(school, week, rule, now=now) if not one.obstacle]
    return len(_send(school, week, wanted, by=None, now=now)) if wanted else 0


def _one_at_a_time(school: School) -> None:
    """Two presses, or a press and the job, come one after the other: the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"remind:{school.pk}"]
        )


def _send(
    school: School, week: date, wanted: Iterable[Addressee], *, by: User | None, now: datetime
) -> list[Reminder]:
    made = _record(school, week, wanted, by=by, now=now)
    weeks_reminded.send(sender=Reminder, school=school, reminders=made, by=by, now=now)
    return made


def _record(
    school: School, week: date, wanted: Iterable[Addressee], *, by: User | None, now: datetime
) -> list[Reminder]:
    return Reminder.objects.bulk_create(
        Reminder(school=school, guardian_id=one.guardian_id, pupil_id=one.pupil_id, week=week, at=now, by=by)
        for one in wanted
    )  # fmt: skip
