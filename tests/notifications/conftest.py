"""A mail server on this machine, and a day of the journal."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from notifications import jobs
from people.models import School
from people.scope import scope
from tests.cast import ALL_SCHOOLS, SCHOOL_ID, Cast, zone_of_evening


@dataclass
class Postman:
    """Takes every letter; `answer` says what it replies, `drops` that it hangs up after taking one."""

    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    drops: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        if self.answer.startswith("250"):
            self.letters.append(message_from_bytes(content, _class=EmailMessage, policy=default))
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            server.transport.abort()
        return self.answer

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content()).replace("\u00a0", " ")


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    """A real SMTP server; the application sends to it as it would in production."""
    handler = Postman()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 10
    settings.DEFAULT_FROM_EMAIL = "Школа <diary@school.example>"
    yield handler
    controller.stop()


@pytest.fixture
def evening(request: pytest.FixtureRequest) -> datetime:
    """Later than every change of the test: history keeps the database's own clock.

    The school lies where it is evening now: at night nobody would be told.
    """
    committed = "committed_cast" in request.fixturenames
    cast: Cast = request.getfixturevalue("committed_cast" if committed else "cast")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone() or (None,)
    at += timedelta(minutes=10)
    cast.school.time_zone = zone_of_evening(at)
    with scope([SCHOOL_ID]):
        School.objects.filter(pk=SCHOOL_ID).update(time_zone=cast.school.time_zone)
    return at


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, datetime], Any]:
    """Run a job of this app over the cast's schools, as the worker does over all."""
    monkeypatch.setattr(jobs, "all_schools", lambda: list(ALL_SCHOOLS))
    return lambda name, now: getattr(jobs, name)(now)
