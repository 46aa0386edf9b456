"""Pages about a whole school, measured in one process on a seeded school of its own.

`python -m ediary.bench.school PAGE` is that process: it tells statements, processor time of itself and
of its database backend, and wall time of a page, as one JSON line. The parent makes the school once a run.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ediary.bench import seeding
from ediary.bench.figures import Figure
from ediary.bench.measure import spent
from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.postgres import Cluster
from ediary.launcher.setup import PYTHON
from people.models import User

DATABASE = "large_school"
PUPILS, CLASSES = 1000, 40
TIMES = 15
BUDGETS = {"deputy_board": (12, 150.0)}
PATHS = {"deputy_board": "/journal/control/"}
WHO = {"deputy_board": "deputy"}


@dataclass(frozen=True, slots=True)
class Cost:
    statements: int
    cpu: float  # milliseconds, median
    wall: float
    floor: (
        float  # milliseconds of the sign-in page's session alone: an empty answer of the same stack
    )


def whole_school(names: list[str], cluster: Cluster) -> Iterator[Figure]:
    """Yield the figures of the named pages."""
    if not names:
        return
    addresses = made(cluster)
    for name in names:
        command = [str(PYTHON), "-m", "ediary.bench.school", name]
        done = subprocess.run(
            command, cwd=BASE, env={**os.environ, **addresses}, stdout=subprocess.PIPE, check=False
        )
        if done.returncode != 0:
            raise CannotStart(f"{name} was not measured.")
        cost = Cost(**json.loads(done.stdout.splitlines()[-1]))
        statements, cpu = BUDGETS[name]
        yield Figure(f"{name}.statements", cost.statements, "statements", budget=statements)
        yield Figure(f"{name}.cpu", cost.cpu, "ms", budget=cpu, floor=cost.floor)
        yield Figure(f"{name}.wall", cost.wall, "ms")


def made(cluster: Cluster) -> Mapping[str, str]:
    """Seed a school of a thousand pupils into its own copy of the database; return its addresses."""
    addresses = seeding.addresses(cluster, DATABASE)
    command = [str(PYTHON), "manage.py", "seed_school", "--fresh"]
    command += ["--classes", str(CLASSES), "--pupils", str(PUPILS)]
    seeded = subprocess.run(
        command, cwd=BASE, env={**os.environ, **addresses}, stdout=sys.stderr, check=False
    )
    if seeded.returncode != 0:
        raise CannotStart("The large school was not made.")
    cluster.psql("-c", "ANALYZE", database=DATABASE, capture_output=True)
    return addresses


def measured(page: Callable[[], None]) -> tuple[float, float]:
    """Return the median processor time (ours and the backend's) and wall time of a page, in ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    cpu, wall = [], []
    for _ in range(TIMES):
        before, started = spent(backend) / 1e6, time.perf_counter()
        own = time.process_time()
        page()
        cpu.append((time.process_time() - own) * 1000 + spent(backend) / 1e6 - before)
        wall.append((time.perf_counter() - started) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def cost_of(name: str) -> Cost:
    client = Client()
    client.force_login(User.objects.get(login=WHO[name]))

    def page() -> None:
        _fetch(client, PATHS[name])

    page()
    with CaptureQueriesContext(connection) as found:
        page()
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    statements = sum(not str(query["sql"]).startswith(frame) for query in found.captured_queries)
    cpu, wall = measured(page)
    floor, _ = measured(lambda: _fetch(client, "/accounts/password/change/"))
    return Cost(statements, cpu, wall, floor)


def _fetch(client: Client, path: str) -> None:
    answer = client.get(path, secure=True, headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise CannotStart(f"{path} answered {answer.status_code}.")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(cost_of(sys.argv[1]))) + "\n")
