"""Forecasts of a whole school: every pupil, every course, the period and the year.

`python -m ediary.bench.forecasting` is the process that makes them, in the school that the bench has
seeded: it tells what they took.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection

from ediary.bench import seeding
from ediary.bench.figures import Figure
from ediary.bench.measure import spent
from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.postgres import Cluster
from ediary.launcher.setup import PYTHON
from journal.queries.forecasts import forecasts
from people.scope import all_schools, scope
from school.models import Course

DAY = date(2026, 11, 22)  # of the demo school, of 550 pupils
FEWEST = 450  # pupils with a forecast: the first grade has no marks
TIMES = 5


@dataclass(frozen=True, slots=True)
class Took:
    """What one school took; the floor is its statements alone, their rows read and left."""

    pupils: int
    forecasts: int
    statements: int
    cpu: float  # seconds of the process and of its database backend, median
    floor: float


def forecast_school(cluster: Cluster) -> Iterator[Figure]:
    """Yield what the forecasts of the seeded school cost."""
    cluster.psql("-c", "ANALYZE", database=seeding.DATABASE, capture_output=True)
    done = subprocess.run(
        [str(PYTHON), "-m", "ediary.bench.forecasting"],
        cwd=BASE,
        env={**os.environ, **seeding.addresses(cluster), "PROCESS": "worker"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise CannotStart("The school was not forecast.")
    took = Took(**json.loads(done.stdout.splitlines()[-1]))
    if took.pupils < FEWEST:
        raise CannotStart(f"Only {took.pupils} pupils have a forecast.")
    yield Figure("forecast_school.cpu", took.cpu, "s", budget=5, floor=took.floor)
    yield Figure("forecast_school.statements", took.statements, "statements", budget=7)
    yield Figure("forecast_school.forecasts", took.forecasts, "forecasts")


def measure() -> Took:
    """Forecast the largest school of the database."""
    with scope(all_schools()):
        every = list(Course.objects.values_list("school", "pk"))
    schools = [school for school, _ in every]
    largest = max(sorted(set(schools)), key=schools.count)
    courses = [course for school, course in every if school == largest]
    asked: list[tuple[str, Any]] = []

    def record(
        execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with scope([largest]):
        with connection.execute_wrapper(record):
            found = forecasts(courses, today=DAY)
        told = {one.pupil_id for course in found for one in course.pupils.values() if one.period}
        return Took(
            pupils=len(told),
            forecasts=sum(len(course.pupils) for course in found),
            statements=len(asked),
            cpu=processor(lambda: forecasts(courses, today=DAY)),
            floor=processor(lambda: read(asked)),
        )


def read(asked: list[tuple[str, Any]]) -> None:
    with connection.cursor() as cursor:
        for sql, values in asked:
            cursor.execute(sql, values)
            cursor.fetchall()


def processor(run: Callable[[], object]) -> float:
    """Return the median processor time of some runs, in seconds, ours and the database backend's."""
    backend = connection.connection.info.backend_pid
    found = []
    for _ in range(TIMES):
        before = time.process_time() + spent(backend) / 1e9
        run()
        time.sleep(0.05)  # the kernel books the backend's time when it sleeps
        found.append(time.process_time() + spent(backend) / 1e9 - before)
    return statistics.median(found)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure())) + "\n")
