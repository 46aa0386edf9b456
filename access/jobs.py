"""Every hour: access of those who left is closed, accounts whose term ends are removed."""

from collections import Counter
from datetime import datetime

from access.actions import removal
from common.jobs import Report, hours, job
from people.models import School
from people.scope import all_schools, scope


@job("remove_accounts", every=hours(1))
def remove_accounts(now: datetime) -> Report:
    """Take every step in a transaction of its own; the scope is all schools, as accounts are."""
    schools = all_schools()
    counts = Counter(schools=len(schools), closed=0, removed=0, cancelled=0)
    for school_id in schools:
        with scope(schools):
            school = School.objects.get(pk=school_id)
            today = school.local_date(now)
            returned = list(removal.returned(school, today))
        for each in returned:
            with scope(schools):
                counts["cancelled"] += removal.cancel(removal_id=each, now=now)
        with scope(schools):
            left = removal.left_pupils(school, today)
        for pupil, day in left:
            with scope(schools):
                counts["closed"] += removal.close(pupil_id=pupil, ended_on=day, now=now)
        with scope(schools):
            due = list(removal.due(school, now))
        for each in due:
            with scope(schools):
                counts["removed"] += removal.remove(removal_id=each, now=now)
    return dict(counts)
