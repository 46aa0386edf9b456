"""The main job, walked by five people in real browsers: nothing on the way is faked.

The mark typed in the teacher's browser is read in the guardian's, her acknowledgement in the class
teacher's; a real Celery worker makes the PDF, a real SMTP server receives the digest.
"""

import email
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.cast import MOSCOW, PASSWORD, Cast
from tests.e2e.grid import Grid

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
OLYA = 0  # first in the order of names


class Mailbox:
    """Keeps what a real SMTP server received."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        letter["X-To"] = ",".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def environment(port: int) -> dict[str, str]:
    """The same settings for a process of its own, in the test database, as the worker's role."""
    name = str(connections["default"].settings_dict["NAME"])

    worker = os.environ.get("DATABASE_WORKER_URL", os.environ["DATABASE_URL"])
    return os.environ | {
        "PROCESS": "worker",
        "DATABASE_URL": _to(worker, name),
        "DATABASE_WORKER_URL": _to(worker, name),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


def _to(url: str, database: str) -> str:
    base, _, query = url.partition("?")
    return base.rpartition("/")[0] + f"/{database}" + (f"?{query}" if query else "")


@pytest.fixture
def worker(mailbox: tuple[Mailbox, int], committed_cast: Cast) -> Iterator[None]:
    """A real Celery worker on the test's broker and database."""
    command = [sys.executable, "-m", "celery", "-A", "ediary", "worker", "-c", "1", "-P", "solo", "-l", "WARNING",
               "--without-gossip", "--without-mingle"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment(mailbox[1]))
    yield
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()


def run_job(name: str, at: datetime, port: int) -> None:
    command = [sys.executable, "manage.py", "run_job", name, "--at", at.isoformat()]
    subprocess.run(command, cwd=ROOT, env=environment(port), check=True, timeout=120)


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_load_state()


def teacher_marks(page: Page) -> None:
    sign_in(page, "maria")
    expect(page).to_have_url(re.compile(r"/journal/$"))
    expect(page.get_by_text("Алгебра").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Алгебра")).first.click()
    if "/lessons/" in page.url:
        page.goto(page.url.split("lessons/")[0])
    grid = Grid(page)
    grid.go(OLYA)
    grid.press("5")
    expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    assert grid.text(OLYA) == "5"


def guardian_acknowledges(page: Page) -> None:
    sign_in(page, "olya_mother")
    page.goto("/diary/children/")
    page.get_by_role("link", name=re.compile("Оля")).first.click()
    chip = page.locator(".mark", has_text=re.compile(r"^\s*5\s*$")).first
    expect(chip).to_be_visible()
    page.get_by_role("button", name="С дневником ознакомлен").click()
    expect(page.get_by_text(re.compile("Ознакомлен")).first).to_be_visible()
    expect(page.get_by_role("button", name="С дневником ознакомлен")).to_have_count(0)


def class_teacher_sees(page: Page) -> None:
    sign_in(page, "ivan")
    page.goto("/class/")
    row = page.get_by_role("row").filter(has_text="Ёлкина О. В.").first
    expect(row).to_contain_text("18 ноября")
    other = page.get_by_role("row").filter(has_text="Петров С. И.").first
    expect(other).to_contain_text("нет")


def class_teacher_prints(page: Page) -> str:
    """Return the text of the PDF that the worker made."""
    page.get_by_label(re.compile("всему классу")).check()
    page.get_by_role("button", name="Напечатать выписки").click()
    link = page.get_by_role("link", name="Открыть PDF")
    expect(link).to_be_visible(timeout=90_000)
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.body()))
    assert len(reader.pages) == 4
    return "\n".join(each.extract_text() for each in reader.pages)


def class_teacher_enters_paper(page: Page) -> None:
    page.goto("/class/")
    row = page.get_by_role("row").filter(has_text="Сидорова Р. З.").first
    row.get_by_role("link", name=re.compile("Внести")).click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label(re.compile("Подтверждение|Чем подтверждено")).fill("Талон от 18 ноября")
    page.get_by_role("button", name="Внести ознакомление").click()
    row = page.get_by_role("row").filter(has_text="Сидорова Р. З.").first
    expect(row).to_contain_text("на бумаге")


def administrator_lets_in(page: Page, newcomer: Page) -> None:
    sign_in(page, "admin")
    page.goto("/access/?q=тихон+вер")
    page.get_by_role("link", name=re.compile("Тихонова Вера")).click()
    page.get_by_label("Роль").select_option("secretary")
    page.get_by_role("button", name="Дать роль").click()
    expect(page.get_by_role("row").filter(has_text="Делопроизводитель")).to_be_visible()
    page.get_by_role("button", name=re.compile("Выдать")).click()
    code = page.locator(".slip-code").inner_text().strip()
    login = page.locator(".slip .code").first.inner_text().strip()
    newcomer.goto("/entry/")
    newcomer.get_by_label("Логин").fill(login)
    newcomer.get_by_label(re.compile("Код")).fill(code)
    newcomer.get_by_role("button", name="Дальше").click()
    newcomer.get_by_label("Новый пароль").fill("совсем новый пароль 7")
    newcomer.get_by_label(re.compile("ещё раз|Повтор", re.IGNORECASE)).fill("совсем новый пароль 7")
    newcomer.get_by_role("button", name="Сохранить и войти").click()
    newcomer.goto("/consent/")
    expect(newcomer.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.clause("S4", "K4a", "T2d", "K1b", "S2", "G2.1")
def test_a_school_week_end_to_end(
    page_of: Callable[..., Page], worker: None, mailbox: tuple[Mailbox, int], committed_cast: Cast
) -> None:
    box, port = mailbox
    teacher_marks(page_of(None))
    guardian_acknowledges(page_of(None, viewport={"width": 390, "height": 844}))
    leader = page_of(None)
    class_teacher_sees(leader)
    text = class_teacher_prints(leader)
    assert "Ёлкина Оля" in text
    assert re.search(r"Алгебра.*?\b5\b", text, re.DOTALL)
    assert "ознакомлен" in text.lower()
    class_teacher_enters_paper(leader)
    # History carries the database's own clock: tonight is the real tonight.
    tonight = real_now().astimezone(MOSCOW).replace(hour=23, minute=58)
    run_job("evening_digest", tonight, port)
    run_job("send_outbox", tonight + timedelta(minutes=1), port)
    letters = [letter for letter in box.letters if "olya_mother" in str(letter["X-To"])]
    assert len(letters) == 1
    body = letters[0].get_body(("plain",))
    assert body is not None
    assert "Алгебра" in body.get_content()
    assert "5" in body.get_content()
    administrator_lets_in(page_of(None), page_of(None))


def real_now() -> datetime:
    """The database's clock: nobody froze it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
