"""Letters that the demo's mail server kept as files."""

import email
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """One letter as its recipient would see it."""

    subject: str
    to: str
    at: datetime | None  # on the clock of the reader
    text: str


def kept_letters(folder: Path, zone: tzinfo) -> tuple[KeptLetter, ...]:
    """Return the last letters, newest first, by the clock of `zone`; a missing folder holds none."""
    files = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)
    return tuple(read(path.read_bytes(), zone) for path in files[:SHOWN])


def read(content: bytes, zone: tzinfo) -> KeptLetter:
    message = email.message_from_bytes(content, _class=EmailMessage, policy=default)
    part = message.get_body(preferencelist=("plain", "html"))
    date = message["Date"]
    return KeptLetter(
        subject=str(message["Subject"] or "(без темы)"),
        to=str(message["To"] or message["X-Envelope-To"] or ""),
        at=parsedate_to_datetime(str(date)).astimezone(zone).replace(tzinfo=None) if date else None,
        text=part.get_content() if part is not None else "",
    )
