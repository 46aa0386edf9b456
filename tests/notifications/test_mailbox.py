"""/dev/outbox/: letters of the demo's mail server."""

from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notifications.mailbox import kept_letters


def keep(folder: Path, number: int, subject: str) -> None:
    message = EmailMessage()
    message["Subject"], message["To"] = subject, "mother@example.org"
    message["Date"] = "Wed, 18 Nov 2026 16:00:00 +0000"
    message.set_content("Алгебра: 5\n")
    message.add_alternative("<p>Алгебра: <b>5</b></p>", subtype="html")
    (folder / f"17000000000{number}-00001.eml").write_bytes(bytes(message))


def test_the_newest_letter_stands_first(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DEMO_MAIL_DIR = True, tmp_path
    keep(tmp_path, 1, "Первое")
    keep(tmp_path, 2, "Второе <b>")
    page = Client().get(reverse("outbox:list")).content.decode()
    assert page.index("Второе &lt;b&gt;") < page.index("Первое")
    assert page.count("Алгебра: 5") == 2
    assert "mother@example.org, 18\u00a0ноября в\u00a019:00" in page


def test_an_empty_box_is_said(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DEMO_MAIL_DIR = True, tmp_path / "nowhere"
    assert "Писем ещё нет" in Client().get(reverse("outbox:list")).content.decode()


@pytest.mark.parametrize(
    ("demo", "debug", "status"), [(False, False, 404), (True, False, 200), (False, True, 200)]
)
def test_only_a_demo_or_a_developer_sees_it(
    db: None, settings: Any, tmp_path: Path, demo: bool, debug: bool, status: int
) -> None:
    settings.DEMO, settings.DEBUG, settings.DEMO_MAIL_DIR = demo, debug, tmp_path
    assert Client().get(reverse("outbox:list")).status_code == status


def test_a_broken_letter_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "1-1.eml").write_bytes(b"\xff\xfe no headers at all")
    (letter,) = kept_letters(tmp_path, UTC)
    assert letter.subject == "(без темы)"
