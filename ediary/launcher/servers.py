"""Database and broker together, and the environment that leads to them."""

import os
import secrets
import shlex
from pathlib import Path

from ediary.launcher.accounts import write_secret
from ediary.launcher.broker import Broker
from ediary.launcher.places import VAR
from ediary.launcher.postgres import THROWAWAY, Cluster


def secret_key() -> str:
    """Return the key of this checkout, made on first use."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def is_given(name: str) -> bool:
    """Answer whether the environment names this setting, itself or as a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


class Servers:
    """The embedded servers, each only where the environment names no other."""

    def __init__(
        self, *, for_tests: bool = False, with_broker: bool = True, folder: Path = VAR
    ) -> None:
        self.cluster: Cluster | None = None
        self.broker: Broker | None = None
        self.started: list[Cluster | Broker] = []
        if not (is_given("DATABASE_URL") or is_given("DATABASE_OWNER_URL")):
            self.cluster = (
                Cluster(folder / "test-pg", settings=THROWAWAY)
                if for_tests
                else Cluster(folder / "pg")
            )
        if with_broker and not is_given("REDIS_URL"):
            name = "test-broker" if for_tests else "broker"
            self.broker = Broker(folder / name, durable=not for_tests)

    def start(self) -> None:
        """Start what does not run yet; remember what was started here."""
        for server in (self.cluster, self.broker):
            if server and server.start():
                self.started.append(server)

    def adopt(self) -> None:
        """Take servers that were found running as started here."""
        found = [server for server in (self.cluster, self.broker) if server]
        self.started = found

    def stop(self) -> None:
        """Stop what `start` started, nothing else."""
        while self.started:
            self.started.pop().stop()

    def stop_all(self) -> None:
        """Stop both, whoever started them."""
        for server in (self.broker, self.cluster):
            if server:
                server.stop()

    def environment(self) -> dict[str, str]:
        """Return the addresses for the application's processes."""
        found = {"SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key()}
        if self.cluster:
            found["DATABASE_URL"] = self.cluster.url("web")
            found["DATABASE_OWNER_URL"] = self.cluster.url("owner")
            found["DATABASE_WORKER_URL"] = self.cluster.url("worker")
        if self.broker:
            found["REDIS_URL"] = self.broker.url()
        return found


def exports(environment: dict[str, str]) -> str:
    """Return shell lines that set the environment."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
