"""The demo's mail server: accepts everything on 127.0.0.1 and keeps each message as a file.

Run as `python -m ediary.launcher.mailbox PORT FOLDER`.
"""

import asyncio
import itertools
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Writes each message whole, under a name that sorts by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        content = envelope.content
        body = content.encode() if isinstance(content, str) else content or b""
        name = f"{time.time_ns() // 1_000_000}-{next(self.numbers):05d}.eml"
        unfinished = self.folder / f".{name}"
        recipients = ", ".join(envelope.rcpt_tos).encode()
        head = b"X-Envelope-To: " + recipients + b"\r\n"
        unfinished.write_bytes(head + body)
        unfinished.rename(self.folder / name)
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, is_over.set)
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await is_over.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
