"""The demo school from nothing: one command on an empty, migrated database."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from ediary.bench.figures import Figure
from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.postgres import Cluster
from ediary.launcher.setup import PYTHON

DATABASE = "empty_school"


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    """Copy the migrated database while it is still empty and nobody is connected to it."""
    for statement in (
        f"DROP DATABASE IF EXISTS {database}",
        f"CREATE DATABASE {database} TEMPLATE ediary OWNER ediary_owner",
    ):
        done = cluster.psql("-c", statement, capture_output=True)
        if done.returncode != 0:
            raise CannotStart(done.stderr)


def seed(cluster: Cluster) -> Iterator[Figure]:
    before, started = processor(), time.monotonic()
    done = subprocess.run(
        [str(PYTHON), "manage.py", "seed_school"],
        cwd=BASE,
        env={**os.environ, **addresses(cluster)},
        stdout=sys.stderr,
        check=False,
    )
    wall = time.monotonic() - started
    if done.returncode != 0:
        raise CannotStart("The demo school was not made.")
    yield Figure("seed.wall", wall, "s", budget=60)
    yield Figure("seed.cpu", processor() - before, "s")
    counted = cluster.psql(
        "-Atc", "SELECT count(*) FROM journal_mark", database=DATABASE, capture_output=True
    )
    yield Figure("seed.marks", int(counted.stdout), "marks")


def addresses(cluster: Cluster, database: str = DATABASE) -> dict[str, str]:
    """Return the settings that lead to the seeded database."""
    return {
        "DATABASE_URL": cluster.url("web", database),
        "DATABASE_OWNER_URL": cluster.url("owner", database),
        "DATABASE_WORKER_URL": cluster.url("worker", database),
    }


def processor() -> float:
    """Return the seconds that our finished children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
