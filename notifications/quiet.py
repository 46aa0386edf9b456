"""Quiet hours: when a person is not to be disturbed. Arithmetic alone."""

from datetime import datetime, time, timedelta, tzinfo

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 0)


def after_quiet(
    moment: datetime, zone: tzinfo, *, since: time = QUIET_FROM, until: time = QUIET_UNTIL
) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into, on the school's clock."""
    local = moment.astimezone(zone)
    clock = local.time()
    over_midnight = since > until
    is_quiet = clock >= since or clock < until if over_midnight else since <= clock < until
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1) if over_midnight and clock >= since else local.date()
    return datetime.combine(day, until, tzinfo=zone)
