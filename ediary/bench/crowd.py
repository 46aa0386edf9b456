"""Families at their diaries: one cheap process, each answer looked into.

As many requests are under way at once as there are hands; each begins when the one before is answered.
"""

import asyncio
import gzip
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

# How an evening's looks are shared out after the first one, which is always at the week.
SHARES = {"week": 6, "tasks": 2, "marks": 2}
PATIENCE = 20.0


@dataclass(slots=True)
class Reader:
    """A signed-in browser of a family: her pages, and what it keeps of them."""

    user: str
    session: str
    pages: dict[str, str]  # address by section
    tags: dict[str, str] = field(default_factory=dict)
    has_looked: bool = False

    def forget(self) -> None:
        """Be a browser that has not been here yet."""
        self.tags.clear()
        self.has_looked = False

    def wish(self, rng: random.Random) -> str:
        if not self.has_looked:
            self.has_looked = True
            return "week"
        return rng.choices(list(SHARES), weights=[*SHARES.values()])[0]


@dataclass(slots=True)
class Told:
    """What the crowd saw."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)  # milliseconds
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        return sum(self.wrong.values())

    @property
    def rate(self) -> float:
        return (len(self.waits) - self.errors) / self.seconds


@dataclass(slots=True)
class Crowd:
    """Asks one server; `sign` says what the page must hold to be this reader's."""

    port: int
    readers: Sequence[Reader]
    rng: random.Random
    told: Told = field(default_factory=Told)
    token: str = "0123456789abcdef0123456789abcdef"  # noqa: S105 - a CSRF cookie of nobody

    def go(self, seconds: float, hands: int) -> Told:
        asyncio.run(self.crowd(seconds, hands))
        return self.told

    async def crowd(self, seconds: float, hands: int) -> None:
        started = time.perf_counter()
        queue = asyncio.Queue[Reader]()
        for reader in self.rng.sample(self.readers, len(self.readers)):
            queue.put_nowait(reader)
        await asyncio.gather(*(self.hand(queue, started + seconds) for _ in range(hands)))
        self.told.seconds = time.perf_counter() - started

    async def hand(self, queue: asyncio.Queue[Reader], until: float) -> None:
        """Let one reader after another look; nobody has two looks under way."""
        while time.perf_counter() < until:
            reader = queue.get_nowait()
            section = reader.wish(self.rng)
            started = time.perf_counter()
            try:
                await asyncio.wait_for(self.look(reader, section), PATIENCE)
            except (OSError, TimeoutError, ValueError) as error:
                self.told.wrong[f"{type(error).__name__} {error}"] += 1
            self.told.waits.append((time.perf_counter() - started) * 1000)
            queue.put_nowait(reader)

    async def look(self, reader: Reader, section: str) -> None:
        head, body = await self.ask(reader.pages[section], reader, reader.tags.get(section, ""))
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        fields = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
        }
        self.told.statuses[status] += 1
        if status == 304:
            refuse(reader.tags.get(section, "") == "" or body != b"", "a 304 that nobody asked for")
            return
        refuse(status != 200, f"status {status} of {section}")
        if fields.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        refuse(f'data-ed-user="{reader.user}"'.encode() not in body, f"{section} of somebody else")
        refuse(not body.rstrip().endswith(b"</html>"), f"half of {section}")
        reader.tags[section] = fields.get("etag", "")

    async def ask(self, path: str, reader: Reader, tag: str) -> tuple[bytes, bytes]:
        link, out = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            known = f"If-None-Match: {tag}\r\n" if tag else ""
            out.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nX-Forwarded-Proto: https\r\n"
                f"Accept: text/html\r\nAccept-Encoding: gzip\r\n{known}Connection: close\r\n"
                f"Cookie: sessionid={reader.session}; csrftoken={self.token}\r\n\r\n".encode()
            )
            whole = await link.read()
        finally:
            out.close()
        head, _, body = whole.partition(b"\r\n\r\n")
        refuse(not head, "no answer")
        return head, body


def refuse(is_wrong: bool, what: str) -> None:
    if is_wrong:
        raise ValueError(what)
