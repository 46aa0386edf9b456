"""Processes that a test starts for itself: a broker, a Celery worker, a mail server."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connections

from ediary.celery import app
from ediary.launcher.broker import Broker
from ediary.launcher.places import BASE, VAR
from ediary.launcher.processes import Crew
from tests.notifications.conftest import Postman

CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "ediary.celery"]
LIGHT = ["--without-gossip", "--without-mingle", "--concurrency", "1", "--pool", "solo"]


@contextmanager
def own_broker() -> Iterator[Broker]:
    """A broker that the test may kill; this process publishes to it."""
    folder = VAR / "tests" / secrets.token_hex(4)
    broker = Broker(folder)
    broker.start()
    usual = app.conf.broker_url
    publish_to(broker.url())
    try:
        yield broker
    finally:
        publish_to(usual)
        broker.stop()
        shutil.rmtree(broker.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def publish_to(url: str) -> None:
    """Let the Celery of this process forget its connections: it reads the address once."""
    app.conf.broker_url = url
    app._pool = None
    app.amqp._producer_pool = None


@contextmanager
def post_office() -> Iterator[tuple[Postman, int]]:
    """A real SMTP server and its port."""
    postman = Postman()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    yield postman, port
    controller.stop()


def environment(broker: Broker, mail_port: int) -> dict[str, str]:
    """The settings of a worker's process, in the database of this test."""
    return {
        "PROCESS": "worker",
        "DATABASE_WORKER_URL": here(os.environ["DATABASE_WORKER_URL"]),
        "DATABASE_OWNER_URL": here(os.environ["DATABASE_OWNER_URL"]),
        "REDIS_URL": broker.url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "MEDIA_ROOT": str(settings.STORAGES["default"]["OPTIONS"]["location"]),
    }


def here(url: str) -> str:
    """Return the address with the name of this test's database."""
    base, _, query = url.partition("?")
    address = f"{base.rpartition('/')[0]}/{connections['default'].settings_dict['NAME']}"
    return f"{address}?{query}" if query else address


@contextmanager
def worker(given: Mapping[str, str], logs: Path) -> Iterator[Crew]:
    """A Celery worker as production starts it."""
    with Crew(logs) as crew:
        crew.start("worker", [*CELERY, "worker", *LIGHT], given)
        yield crew
    let_go()


def let_go() -> None:
    """Wait until the database has noticed that the worker is gone: only then it can be dropped."""
    for _ in range(100):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = 'ediary_worker'"
            )
            if not cursor.fetchall():
                return
        time.sleep(0.05)


def run_job(name: str, at: datetime, given: Mapping[str, str]) -> None:
    """Run a periodic job by its command, at the given moment."""
    command = [sys.executable, "manage.py", "run_job", name, "--at", at.isoformat()]
    subprocess.run(command, cwd=BASE, env={**os.environ, **given}, check=True, timeout=120)
