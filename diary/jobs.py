"""Reminders of weeks that nobody of a family has acknowledged (K4a, G2.10.3)."""

from collections import Counter
from datetime import datetime, time, timedelta

from common.jobs import Report, hours, job
from diary.actions.changes import forget_changes
from diary.actions.reminders import remind_due
from people.models import School
from people.scope import all_schools, scope

# In the evening, when families are at home and before anybody's quiet hours begin.
FROM, UNTIL = time(17, 0), time(20, 0)


@job("remind_of_weeks", every=hours(1))
def remind_of_weeks(now: datetime) -> Report:
    """Remind by the regulation of each school, in its own evening; a second run finds nobody left."""
    counts = Counter(schools=0, reminded=0)
    for school_id in all_schools():
        with scope([school_id], reason="напоминание об ознакомлении"):
            school = School.objects.get(pk=school_id)
            if not FROM <= now.astimezone(school.zone).time() < UNTIL:
                continue
            counts["schools"] += 1
            counts["reminded"] += remind_due(school=school, now=now)
    return dict(counts)


# No browser's copy of a page outlives its day.
KEPT = timedelta(days=2)


@job("forget_changes", at="03:50")
def forget_old_changes(now: datetime) -> Report:
    """Forget which pages changed before yesterday."""
    forgotten = 0
    for school_id in all_schools():
        with scope([school_id]):
            forgotten += forget_changes(before=now - KEPT)
    return {"forgotten": forgotten}
