"""A whole installation of its own: database, web server and a school, which tests may break."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connections

from ediary.bench.site import Site, production
from ediary.bench.world import World
from ediary.launcher import backup, setup
from ediary.launcher.places import BASE, VAR
from ediary.launcher.postgres import Cluster

# Nobody listens there: tests that need no broker show that nothing else does.
NO_BROKER = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True)
class Installation:
    """What one test breaks."""

    folder: Path
    cluster: Cluster
    environment: dict[str, str]
    world: World

    @contextmanager
    def site(self, **more: str) -> Iterator[Site]:
        with Site(self.folder, self.environment | more, wsgi="ediary.wsgi") as site:
            yield site

    def restart(self, settings: str) -> None:
        """Start the database again with other settings."""
        self.cluster.stop()
        self.cluster.settings = settings
        self.cluster.start()


@pytest.fixture(scope="module")
def installation(django_db_setup: None) -> Iterator[Installation]:
    folder = VAR / "tests" / secrets.token_hex(4)
    cluster = Cluster(folder / "pg")
    cluster.start()
    try:
        copy_test_database(cluster)
        environment = production(
            {
                "DATABASE_URL": cluster.url("web"),
                "DATABASE_OWNER_URL": cluster.url("owner"),
                "DATABASE_WORKER_URL": cluster.url("worker"),
                "REDIS_URL": NO_BROKER,
                "SECRET_KEY": secrets.token_hex(32),
                "MEDIA_ROOT": str(folder / "media"),
            }
        )
        yield Installation(folder, cluster, environment, new_school(environment))
    finally:
        cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def copy_test_database(cluster: Cluster) -> None:
    """Fill the database: the tests' own is migrated already, copying it is faster."""
    script = backup.client("pg_dump", "--no-comments", url=url_of_test_database())
    command = ["psql", "-XqAt", "-1", "-v", "ON_ERROR_STOP=1", "-f", "-"]
    backup.client(*command, url=cluster.url("owner"), input=backup.PREPARE + script)


def new_school(environment: dict[str, str]) -> World:
    """Make a school of today, by the real clock as the server has it."""
    command = [str(setup.PYTHON), "-m", "ediary.bench.world", "--empty"]
    made = subprocess.run(
        command, cwd=BASE, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )  # fmt: skip
    return World.from_json(made.stdout)


def url_of_test_database() -> str:
    found = connections["owner"].settings_dict
    password = quote(str(found["PASSWORD"]), safe="")
    return (
        f"postgresql://{found['USER']}:{password}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    )
