"""The demo's mail server: a real SMTP conversation that ends in a file."""

import email
import smtplib
import socket
import sys
import time
from email import policy
from email.message import EmailMessage

import pytest

from ediary.launcher.processes import Crew

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "mail"
    with Crew(tmp_path) as crew:
        command = [sys.executable, "-m", "ediary.launcher.mailbox", str(port), str(folder)]
        crew.start("mail", command, {})
        for _ in range(200):
            with socket.socket() as link:
                if link.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, folder


def letter(subject, text):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "diary@localhost", "a@localhost"
    message["Message-ID"] = "<outbox-42@localhost>"
    message.set_content(text)
    return message


def test_a_letter_becomes_a_file_with_all_its_words(mailbox):
    port, folder = mailbox
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        server.send_message(letter("Дневник Оли", "Отметка 5.\n.\nТочка в начале строки."))
        server.send_message(
            letter("Вторая", "…"), to_addrs=["б@localhost"], mail_options=["SMTPUTF8"]
        )
    first, second = sorted(folder.glob("*.eml"))
    read = email.message_from_bytes(first.read_bytes(), policy=policy.default)
    assert read["Subject"] == "Дневник Оли"
    assert read["Message-ID"] == "<outbox-42@localhost>"
    assert read["X-Envelope-To"] == "a@localhost"
    assert read.get_content().splitlines()[:3] == ["Отметка 5.", ".", "Точка в начале строки."]
    assert "X-Envelope-To: б@localhost" in second.read_text(encoding="utf-8")


def test_it_listens_here_only(mailbox):
    port, _ = mailbox
    listening = open_sockets(port)
    assert listening == {"0100007F"}


def open_sockets(port):
    """Return the addresses, as the kernel writes them, on which somebody listens on the port."""
    with open("/proc/net/tcp", encoding="ascii") as table:  # noqa: PTH123
        rows = [line.split() for line in list(table)[1:]]
    return {
        row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"
    }
