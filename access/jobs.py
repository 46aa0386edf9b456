"""Every hour: access of those who left is closed, accounts whose term ends are removed."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from access.actions import removal, results, returning
from access.actions.destruction import remove_old_acts
from common.jobs import Report, hours, job
from people.models import School
from people.scope import all_schools, scope

Find = Callable[[School], Iterable[UUID]]
Do = Callable[..., bool]

logger = logging.getLogger(__name__)


class SomeFailed(Exception):
    """The run did all it could; what failed is in the log and is tried again in an hour."""


@job("remove_accounts", every=hours(1))
def remove_accounts(now: datetime) -> Report:
    """Take every step in a transaction of its own; the scope is all schools, as accounts are.

    What fails holds up nobody else. Raises SomeFailed at the end.
    """
    schools = all_schools()
    counts: Counter[str] = Counter(schools=len(schools), closed=0, acts_deleted=0, failed=0)
    for school_id in schools:
        with scope(schools):
            school = School.objects.get(pk=school_id)
        today = school.local_date(now)
        _close(schools, school, today, now, counts)
        for name, find, do in _steps(today, now):
            with scope(schools):
                found = list(find(school))
            for each in found:
                _attempt(schools, partial(do, removal_id=each, now=now), counts, name)
            counts[name] += 0
        delete = partial(remove_old_acts, school=school, today=today)
        _attempt(schools, delete, counts, "acts_deleted")
    if counts["failed"]:
        raise SomeFailed(", ".join(f"{name}: {number}" for name, number in sorted(counts.items())))
    return dict(counts)


def _close(
    schools: list[UUID], school: School, today: date, now: datetime, counts: Counter[str]
) -> None:
    with scope(schools):
        left = removal.left_pupils(school, today)
    for pupil, day in left:
        close = partial(removal.close, pupil_id=pupil, ended_on=day, now=now)
        _attempt(schools, close, counts, "closed")


def _attempt(schools: list[UUID], step: Callable[[], int], counts: Counter[str], name: str) -> None:
    """Count what the step did; its failure is logged, and the database took its changes back."""
    try:
        with scope(schools):
            counts[name] += step()
    except Exception:  # the next person's term runs too
        counts["failed"] += 1
        logger.exception("A step of the removal failed", extra={"job": "remove_accounts"})


def _steps(today: date, now: datetime) -> tuple[tuple[str, Find, Do], ...]:
    """What is done to removals, in this order: who returned is never removed."""
    return (
        ("cancelled", partial(returning.returned, today=today), returning.cancel),
        ("given_back", partial(returning.returned_late, today=today), returning.give_back),
        ("removed", partial(removal.due, now=now), removal.remove),
        ("forgotten", partial(results.results_over, today=today), results.forget_results_contact),
    )
