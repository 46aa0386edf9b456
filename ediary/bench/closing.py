"""Closing a period: the page of a class with proposals in all subjects.

`python -m ediary.bench.closing` is the process that opens it as the deputy head, in the school that the
bench has seeded: it tells what it took. The floor is its statements alone, their rows read and left.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ediary.bench import seeding
from ediary.bench.figures import Figure
from ediary.bench.forecasting import processor, read
from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.postgres import Cluster
from ediary.launcher.setup import PYTHON
from journal.closing import Chosen
from journal.queries.proposals import closing
from people.models import User
from people.scope import scope_of_user
from school.calendar import school_year
from school.models import SchoolClass

LOGIN = "deputy"
FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
FEWEST = 300  # proposals for a class of 25 in 13 subjects


@dataclass(frozen=True, slots=True)
class Took:
    proposals: int
    statements: int  # of the whole page, sign-in and scope included
    page: float  # milliseconds of the process and of its database backend, median
    all_cells: float  # the same with «Показать все»
    proposed: float  # the proposals without their page
    floor: float


def closing_class(cluster: Cluster) -> Iterator[Figure]:
    """Yield what the page of a class costs."""
    cluster.psql("-c", "ANALYZE", database=seeding.DATABASE, capture_output=True)
    done = subprocess.run(
        [str(PYTHON), "-m", "ediary.bench.closing"],
        cwd=BASE, env={**os.environ, **seeding.addresses(cluster)}, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotStart("Closing was not measured.")
    took = Took(**json.loads(done.stdout.splitlines()[-1]))
    if took.proposals < FEWEST:
        raise CannotStart(f"Only {took.proposals} results are proposed.")
    yield Figure("closing_class.statements", took.statements, "statements", budget=6)
    yield Figure("closing_class.cpu", took.page, "ms", budget=60, floor=took.floor)
    yield Figure("closing_class.ratio", took.page / took.floor, "×")
    yield Figure("closing_class.all_cells", took.all_cells, "ms", floor=took.floor)
    yield Figure("closing_class.proposals", took.proposed, "ms", floor=took.floor)


def measure() -> Took:
    """Open the page of the demo's 7А."""
    user = User.objects.get(login=LOGIN)
    asked: list[tuple[str, Any]] = []

    def record(
        execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with scope_of_user(user):
        seen = SchoolClass.objects.visible_to(user).filter(
            grade_level=7, letter="А", school__parent=None, year=school_year(user.today)
        )
        chosen = Chosen(class_id=seen.values_list("pk", flat=True)[0])
        with connection.execute_wrapper(record):
            found = closing(user, chosen, today=user.today)
        proposed = processor(lambda: closing(user, chosen, today=user.today))
        floor = processor(lambda: read(asked))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    path = reverse("journal:closing_class", args=[chosen.class_id])
    statements = _statements(client, path)
    return Took(
        proposals=sum(place.proposal.count > 0 for place in found.places.values()),
        statements=statements,
        page=processor(lambda: _open(client, path)) * 1000,
        all_cells=processor(lambda: _open(client, f"{path}?show=all")) * 1000,
        proposed=proposed * 1000,
        floor=floor * 1000,
    )


def _statements(client: Client, path: str) -> int:
    _open(client, path)
    with CaptureQueriesContext(connection) as captured:
        _open(client, path)
    return sum(not (query["sql"] or "").startswith(FRAME) for query in captured.captured_queries)


def _open(client: Client, path: str) -> None:
    answer = client.get(path, secure=True, headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise CannotStart(f"{path} answered {answer.status_code}.")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure())) + "\n")
