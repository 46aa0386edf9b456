"""Forecasts in the middle of finished periods against what the journal says now: a check of sense.

A demo school's marks are made up, so this proves nothing about pupils; it shows that the forecast of a
period runs on a whole school and does not contradict itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from journal.forecast_evaluation import MARKS, Said, Score, score
from journal.models import PeriodMark, ResultStatus
from journal.queries.forecasts import forecasts
from school.models import Period


@dataclass(frozen=True, slots=True)
class PeriodSanity:
    """How the forecasts of the period's middle day did, over all courses with marks of 5 to 2."""

    school_name: str
    period_name: str
    score: Score


def sanity() -> Iterator[PeriodSanity]:
    """Judge every finished period of the schools in scope."""
    done: dict[UUID, dict[tuple[UUID, UUID], str]] = defaultdict(dict)
    rows = PeriodMark.objects.filter(status=ResultStatus.MARK, value__in=MARKS)
    columns = ("period", "course", "pupil", "value")
    for period_id, course, pupil, value in rows.values_list(*columns):
        done[period_id][course, pupil] = value
    for period in (
        Period.objects.filter(pk__in=done).select_related("school").order_by("starts", "pk")
    ):
        said = list(_said(period, done[period.pk]))
        if said:
            yield PeriodSanity(period.school.short_name, period.name, score(said))


def _said(period: Period, truth: dict[tuple[UUID, UUID], str]) -> Iterator[Said]:
    middle = period.starts + (period.ends - period.starts) / 2
    for course in forecasts({course for course, _ in truth}, today=middle):
        for pupil, found in course.pupils.items():
            value = truth.get((course.course_id, pupil))
            if value and found.period:
                given = {one.value: one.probability for one in found.period.chances}
                if set(given) <= set(MARKS):
                    least = {mark: max(1e-4, given.get(mark, 0.0)) for mark in MARKS}
                    total = sum(least.values())
                    chances = {mark: chance / total for mark, chance in least.items()}
                    yield Said(period.school.short_name, 1, chances, value)
