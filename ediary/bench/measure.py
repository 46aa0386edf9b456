"""What a request costs the server: processor time of its processes, statements, wall time.

Processor time comes from /proc/<pid>/schedstat in nanoseconds: the sum over all web workers and
all database backends of our database, read when they sleep again.
"""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from ediary.bench.site import Answer, Site
from ediary.launcher.places import CannotStart
from ediary.launcher.postgres import Cluster

DATABASE = "ediary"
REQUESTS = 40
COUNTED = 5
# The frame of a transaction is not a statement, nor is a foreign key that the database checks itself.
FRAME = re.compile(
    r"\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START TRANSACTION|SELECT 1 FROM ONLY)\b",
    re.IGNORECASE,
)

Request = Callable[[int], Answer]


@dataclass(frozen=True, slots=True)
class Sample:
    cpu: float  # milliseconds
    wall: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Cost:
    """The median of the samples."""

    cpu: float
    wall: float
    last: Answer

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Cost":
        return cls(
            cpu=statistics.median(sample.cpu for sample in samples),
            wall=statistics.median(sample.wall for sample in samples),
            last=samples[-1].answer,
        )


class Meter:
    """Watches the server's processes from a connection to another database."""

    def __init__(self, cluster: Cluster, site: Site) -> None:
        self.cluster = cluster
        self.site = site
        self.link: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            host="127.0.0.1",
            port=cluster.running_port(),
            user="postgres",
            password=cluster.passwords()["postgres"],
            dbname="postgres",
            autocommit=True,
        )

    def close(self) -> None:
        self.link.close()

    def processes(self) -> list[int]:
        rows = self.link.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            [DATABASE],
        ).fetchall()
        return [*self.site.workers(), *(row[0] for row in rows)]

    def sample(self, request: Request, number: int) -> Sample:
        """Make one request and return what it cost."""
        pids = self.processes()
        before = spent_when_asleep(pids)
        started = time.perf_counter()
        answer = request(number)
        wall = time.perf_counter() - started
        after = spent_when_asleep(pids)
        refuse_failure(answer)
        return Sample(cpu=(after - before) / 1e6, wall=wall * 1000, answer=answer)

    def compare(self, page: Request, floor: Request) -> tuple[Cost, Cost]:
        """Return the medians of page and floor, asked in turn by one client."""
        pages, floors = [], []
        for number in range(REQUESTS):
            pages.append(self.sample(page, number))
            floors.append(self.sample(floor, number))
        return Cost.of(pages), Cost.of(floors)

    def statements(self, request: Request) -> tuple[float, list[str]]:
        """Return the statements a request, as the database itself counts them."""
        self.track("top")
        try:
            self.link.execute("SELECT pg_stat_statements_reset()")
            for number in range(COUNTED):
                refuse_failure(request(number))
            rows = self.link.execute(
                "SELECT query, calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                " WHERE d.datname = %s AND calls > 0 ORDER BY calls DESC, query",
                [DATABASE],
            ).fetchall()
        finally:
            self.track("none")
        counted = [(query, calls) for query, calls in rows if not FRAME.match(query)]
        lines = [
            f"{calls / COUNTED:g} × {' '.join(query.split())[:110]}" for query, calls in counted
        ]
        return sum(calls for _, calls in counted) / COUNTED, lines

    def track(self, what: str) -> None:
        """Switch the counting of statements; backends learn of it before their next statement."""
        self.link.execute(f"ALTER SYSTEM SET pg_stat_statements.track = {what}".encode())
        self.link.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)


def refuse_failure(answer: Answer) -> None:
    if answer.status != 200:
        raise CannotStart(f"The server answered {answer.status}: {answer.body[:500]!r}")


def spent_when_asleep(pids: Sequence[int]) -> int:
    """Return the processor time of the processes in nanoseconds, once all of them sleep."""
    deadline = time.monotonic() + 5
    quiet = 0
    while quiet < 2 and time.monotonic() < deadline:
        time.sleep(0.003)
        quiet = quiet + 1 if all(state(pid) in "SX" for pid in pids) else 0
    return sum(spent(pid) for pid in pids)


def state(pid: int) -> str:
    """Return S for a sleeping process, R for one that wants a processor, X for one that is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "X"
    return text.rpartition(")")[2].split()[0]


def spent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0


def warm_up(request: Request, times: int = 30) -> None:
    """Ask until every worker has its connection, its templates and its prepared statements."""
    for number in range(times):
        refuse_failure(request(number))
