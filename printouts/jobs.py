from datetime import datetime, timedelta

from common.jobs import Report, job, minutes
from people.scope import all_schools, scope
from printouts import making, queries
from printouts.models import JobState

# Younger jobs are on their way through the broker.
YOUNG = timedelta(seconds=30)
AT_ONCE = 10


@job("run_waiting_prints", every=minutes(1))
def run_waiting_prints(now: datetime) -> Report:
    """Make what nobody has taken: the broker was away, or a worker died."""
    schools = all_schools()
    with scope(schools):
        waiting = queries.abandoned(schools, before=now - YOUNG)
    states = [
        making.make(job_id=job_id, school_id=school_id, now=now)
        for job_id, school_id in waiting[:AT_ONCE]
    ]
    return {"found": len(waiting), "made": states.count(JobState.DONE)}


@job("remove_old_printouts", at="03:40")
def remove_old_printouts(now: datetime) -> Report:
    return {"removed": making.remove_old_files(schools=all_schools(), now=now)}
