"""The control of journals: remarks found in the night to Monday, closed when they are corrected.

In the morning teachers are reminded of results that were put off.
"""

from collections import Counter
from datetime import datetime, timedelta

from common.jobs import Report, job, minutes
from journal.actions import remarks
from journal.actions.deferrals import remind
from journal.queries import norms_on
from people.models import School
from people.scope import all_schools, scope

MONDAY = 0
WEEK = timedelta(days=7)


@job("raise_remarks", at="04:30")
def raise_remarks(now: datetime) -> Report:
    """In the night to Monday: what the lessons of the last two weeks lack becomes a remark."""
    counts = Counter(schools=0, raised=0)
    for school_id in all_schools():
        with scope([school_id]):
            today = School.objects.get(pk=school_id).local_date(now)
            if today.weekday() != MONDAY:
                continue
            days = norms_on(school_id, today).marks_overdue_days
            counts["schools"] += 1
            counts["raised"] += remarks.raise_found(
                school_id=school_id, since=today - 2 * WEEK, today=today, overdue_days=days, now=now
            )
    return dict(counts)


@job("close_remarks", every=minutes(10))
def close_remarks(now: datetime) -> Report:
    """Close the remarks that were corrected."""
    counts = Counter(schools=0, closed=0)
    for school_id in all_schools():
        with scope([school_id]):
            today = School.objects.get(pk=school_id).local_date(now)
            counts["schools"] += 1
            counts["closed"] += remarks.close_corrected(school_id=school_id, today=today, now=now)
    return dict(counts)


@job("deferral_reminders", at="07:00")
def deferral_reminders(now: datetime) -> Report:
    """Remind teacher and class teacher of a deferred result, some days before its date and on it (T5c)."""
    counts = Counter(schools=0, reminded=0)
    for school_id in all_schools():
        with scope([school_id], reason="напоминание об отсрочке"):
            today = School.objects.get(pk=school_id).local_date(now)
            counts["schools"] += 1
            counts["reminded"] += remind(now=now, today=today)
    return dict(counts)
