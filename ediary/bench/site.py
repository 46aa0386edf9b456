"""The web server as production starts it, and the requests of one client."""

import gzip
import http.client
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from ediary.launcher import accounts, places, setup
from ediary.launcher.processes import Crew

WSGI = "ediary.bench.wsgi"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass(slots=True)
class Visitor:
    """A signed-in browser behind the proxy that ends TLS: one connection a request."""

    port: int
    session: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def headers(self) -> dict[str, str]:
        return {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": f"https://127.0.0.1:{self.port}",
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "gzip, br",
            "Cookie": f"sessionid={self.session}; csrftoken={self.token}",
        }

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, None, {"Accept": "text/html"})

    def post(self, path: str, body: str, *, timeout: float = 30) -> Answer:
        more = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
        }
        return self.ask("POST", path, body.encode(), more, timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        more: Mapping[str, str],
        *,
        timeout: float = 30,
    ) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            link.request(method, path, body, self.headers() | dict(more))
            response = link.getresponse()
            content = response.read()
        finally:
            link.close()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, content)


class Site:
    """Gunicorn with production's settings; use it as a context manager."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        wsgi: str = WSGI,
        workers: int = 2,
    ) -> None:
        self.folder = folder
        self.port = accounts.own_port(self.made(folder / "web"))
        self.environment = dict(environment) | {
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": str(workers),
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        }
        self.wsgi = wsgi
        self.crew = Crew(self.made(folder / "log"))

    @staticmethod
    def made(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def __enter__(self) -> Self:
        command = [str(setup.PYTHON), "-m", "gunicorn", "-c", "gunicorn.conf.py", self.wsgi]
        try:
            self.crew.start("web", command, self.environment)
            self.wait()
        except BaseException:
            self.crew.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.crew.stop()

    def wait(self) -> None:
        """Wait until a worker answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.crew.refuse_if_ended("web")
            try:
                if self.visitor().get("/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise places.CannotStart(f"The web server does not answer; see {self.folder / 'log'}.")

    def visitor(self, session: str = "") -> Visitor:
        return Visitor(self.port, session)

    def workers(self) -> list[int]:
        """Return the process ids of gunicorn's workers."""
        master = self.crew.members[0].process.pid
        return [pid for pid, parent in parents() if parent == master]


def parents() -> Iterator[tuple[int, int]]:
    """Yield every living process with its parent, as Linux tells it."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            yield int(folder.name), int(parent)


def production(cluster_environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a production web server over these databases."""
    return {
        "DJANGO_SETTINGS_MODULE": "ediary.settings",
        "DEBUG": "0",
        "DEMO": "0",
        "BEHIND_TLS": "1",
        "LOG_LEVEL": "INFO",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROCESS": "web",
        "TEST_DATABASE_NAME": "test_ediary",
    } | dict(cluster_environment)
