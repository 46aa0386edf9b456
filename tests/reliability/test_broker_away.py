"""The broker is killed: marking goes on, orders and letters wait, and nothing is lost when it is back.

The worker is the same process all the time: it must find the new broker by itself.
"""

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from common.ids import uuid7
from ediary.celery import app
from ediary.launcher.broker import Broker
from notifications import actions
from notifications.models import MessageStatus, OutboxMessage
from people.models import User
from people.scope import scope
from printouts.models import JobState, PrintJob
from tests.cast import ALL_SCHOOLS, SCHOOL_ID, Cast, zone_of_evening
from tests.e2e import servers
from tests.notifications.conftest import Postman, text_of

pytestmark = pytest.mark.slow
TOKEN = "t" * 32
AT_ONCE = 2.0  # seconds: a person waits, and never for the broker
PATIENT = 4.0  # ordering may try to hand the order over
MOTHER = "olya_mother@example.org"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    seconds: float
    place: str

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in browser: every request is a connection of its own to the running server."""

    address: str
    session: str

    def ask(self, method: str, path: str, body: str = "", kind: str = "") -> Answer:
        link = http.client.HTTPConnection(self.address, timeout=30)
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
        }
        started = time.monotonic()
        link.request(method, path, body.encode(), headers)
        answer = link.getresponse()
        content = answer.read()
        seconds = time.monotonic() - started
        link.close()
        return Answer(answer.status, content, seconds, answer.headers.get("Location", ""))


@pytest.fixture
def visitor(live_server: Any, committed_cast: Cast) -> Callable[[str], Visitor]:
    def signed_in(name: str) -> Visitor:
        client = Client()
        user: User = committed_cast.user(name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        address = live_server.url.removeprefix("http://")
        return Visitor(address, client.cookies[settings.SESSION_COOKIE_NAME].value)

    return signed_in


@pytest.fixture
def office(committed_cast: Cast, media: None, tmp_path: Path) -> Iterator[tuple[Broker, Postman]]:
    with (
        servers.own_broker() as broker,
        servers.post_office() as (postman, port),
        servers.worker(servers.environment(broker, port), tmp_path),
    ):
        wait_for(lambda: worker_listens(broker))
        yield broker, postman


def test_nothing_is_lost_while_the_broker_is_away(
    committed_cast: Cast, visitor: Callable[[str], Visitor], office: tuple[Broker, Postman]
) -> None:
    cast, (broker, postman) = committed_cast, office
    os.kill(broker.server_pid(), signal.SIGKILL)
    wait_for(lambda: not broker.is_ready())
    maria, ivan = visitor("maria"), visitor("ivan")
    for name in ("olya", "petya", "vitya"):
        marked = mark(maria, cast, name)
        assert marked.seconds < AT_ONCE
    plan_letters(cast)
    job = order_extracts(ivan, cast)
    assert (job.state, waiting_letters()) == (JobState.WAITING, 3)
    assert postman.letters == []
    broker.start()
    wait_for(lambda: worker_listens(broker))
    # What the scheduler sends every fifteen seconds and every minute.
    for name in ("send_outbox", "run_waiting_prints"):
        app.send_task("ediary.run_job", args=[name])
    wait_for(lambda: len(postman.letters) == 3 and state_of(job) == JobState.DONE)
    (letter,) = postman.to(MOTHER)
    assert "Алгебра, 18 ноября: 5 (" in text_of(letter)
    assert waiting_letters() == 0
    paper = ivan.ask("GET", f"/printouts/jobs/{job.pk}/file/")
    assert (paper.status, paper.body[:4]) == (200, b"%PDF")


def test_a_broker_that_takes_calls_and_never_answers_holds_nobody(
    committed_cast: Cast, visitor: Callable[[str], Visitor]
) -> None:
    with servers.own_broker() as broker:
        pid = broker.server_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            assert mark(visitor("maria"), committed_cast, "olya").seconds < AT_ONCE
            assert order_extracts(visitor("ivan"), committed_cast).state == JobState.WAITING
        finally:
            os.kill(pid, signal.SIGCONT)


def mark(visitor: Visitor, cast: Cast, name: str) -> Answer:
    cell = {
        "pupil": str(cast.pupils[name].pk),
        "lesson": str(cast.lesson("algebra").pk),
        "value": "5",
        "rev": 0,
    }
    body = json.dumps({"op": str(uuid7()), "user": str(cast.users["maria"].pk), "cells": [cell]})
    course = cast.courses["algebra"].pk
    answer = visitor.ask("POST", f"/journal/{course}/cells", body, "application/json")
    assert answer.status == 200, answer.text
    assert json.loads(answer.text)["cells"][0]["state"] == "ok"
    return answer


def order_extracts(visitor: Visitor, cast: Cast) -> PrintJob:
    """The order is kept and said to wait; a minute passes."""
    asked = {"school_class": cast.classes["7А"].pk, "week": "2026-W47", "who": "all"}
    kind = "application/x-www-form-urlencoded"
    answer = visitor.ask("POST", "/printouts/extracts/", urlencode(asked), kind)
    assert (answer.status, answer.text) == (302, "")
    assert answer.seconds < PATIENT
    page = visitor.ask("GET", answer.place)
    assert page.status == 200
    assert "Задание в очереди" in page.text
    with scope(ALL_SCHOOLS):
        PrintJob.objects.update(ordered_at=real_now() - timedelta(minutes=1))
        return PrintJob.objects.get()


def plan_letters(cast: Cast) -> None:
    """The evening's letters are written in the database alone."""
    now = real_now() + timedelta(seconds=1)
    with scope([SCHOOL_ID]):
        cast.school.time_zone = zone_of_evening(now)
        cast.school.save(update_fields=["time_zone"])
        actions.plan_digest(school=cast.school, now=now)


def waiting_letters() -> int:
    with scope(ALL_SCHOOLS):
        return OutboxMessage.objects.filter(status=MessageStatus.NEW).count()


def state_of(job: PrintJob) -> str:
    with scope(ALL_SCHOOLS):
        return str(PrintJob.objects.get(pk=job.pk).state)


def worker_listens(broker: Broker) -> bool:
    return b"cmd=brpop" in broker.ask("CLIENT LIST").lower()


def wait_for(condition: Callable[[], bool], patience: float = 20) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def real_now() -> datetime:
    """The clock of history and of the worker: nobody froze the database's."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
