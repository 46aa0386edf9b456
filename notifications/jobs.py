from datetime import datetime, time, timedelta

from common.jobs import Report, job, minutes
from notifications import actions, queries
from notifications.channels import channels
from people.models import School
from people.scope import all_schools, scope

BATCH = 50
# A run ends before the next, so that an evening's letters do not hold the job for hours.
MOST = 1000
EVENING = time(19, 0)


@job("send_outbox", every=timedelta(seconds=15))
def send_outbox(now: datetime) -> Report:
    """Send what is due. Marks and planning never wait for it, nor for the broker."""
    schools = all_schools()
    report = {"sent": 0, "failed": 0, "expired": actions.expire(schools=schools, now=now)}
    adapters = channels()
    try:
        for _ in range(MOST // BATCH):
            claims = actions.claim(schools=schools, limit=BATCH, now=now)
            if not claims:
                break
            for claimed in claims:
                state = actions.deliver(claimed=claimed, channels=adapters, now=now)
                if state in report:
                    report[state] += 1
    finally:
        for adapter in adapters.values():
            adapter.close()
    with scope(schools):
        waiting, oldest = queries.backlog(now=now)
    return report | {"waiting": waiting, "oldest_seconds": oldest}


@job("evening_digest", every=minutes(5))
def evening_digest(now: datetime) -> Report:
    """Plan the digest of every school where it is seven in the evening or later and none is planned."""
    report = {"schools": 0, "planned": 0}
    for school_id in all_schools():
        with scope([school_id], reason="вечерняя сводка"):
            school = School.objects.get(pk=school_id)
            if now.astimezone(school.zone).time() < EVENING:
                continue
            planned = actions.plan_digest(school=school, now=now)
            if planned is not None:
                report["schools"] += 1
                report["planned"] += planned
    return report


@job("forget_messages", at="03:50")
def forget_messages(now: datetime) -> Report:
    return {"forgotten": actions.forget(schools=all_schools(), now=now)}
