"""Dropping root's rights: PostgreSQL refuses root, and the broker does not need it."""

import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ediary.launcher.places import CannotStart


@dataclass(frozen=True, slots=True)
class Account:
    """The account that servers run under."""

    uid: int
    gid: int
    is_other: bool

    @property
    def options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to become this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def owns(self, path: Path) -> None:
        """Give the path to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, path: Path) -> bool:
        """Answer whether this account can reach and enter the folder."""
        test = ["/bin/sh", "-c", 'cd "$0"', str(path)]
        return self.run(test, stderr=subprocess.DEVNULL, cwd="/").returncode == 0

    def run(self, command: list[str], **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run the command as this account, in a clean environment."""
        return subprocess.run(
            command, env=clean_environment(), text=True, check=False, **self.options, **options
        )


def clean_environment() -> dict[str, str]:
    """Return what a server needs and nothing else: no secrets of ours."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def server_account() -> Account:
    """Return the caller's own account, or for root the one to drop to."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, is_other=True)
    raise CannotStart("Servers must not run as root, and there is no account postgres or nobody.")


def home_of(folder: Path, account: Account) -> Path:
    """Return a folder the account can reach: this one, or one elsewhere that it links to.

    A checkout below /root is closed to the account that root drops to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if account.may_enter(folder):
        return folder
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    elsewhere = Path("/var/lib/ediary") / f"{folder.name}-{mark}"
    elsewhere.mkdir(parents=True, exist_ok=True)
    link = folder / "home"
    if not link.is_symlink():
        link.symlink_to(elsewhere)
    return elsewhere


def reachable(source: Path, copies: Path, account: Account) -> Path:
    """Return the folder, or a copy of it beside the data if the account cannot enter it."""
    if account.may_enter(source):
        return source
    copy = copies / source.name
    if not copy.exists():
        unfinished = copies / f"{source.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder: a second start waits for the first, an interrupted one lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_secret(path: Path, content: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def is_free(port: int) -> bool:
    """Answer whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def own_port(folder: Path) -> int:
    """Return the port remembered in the folder if it is still free, else a new one."""
    memory = folder / "port"
    try:
        port = int(memory.read_text(encoding="ascii"))
    except (OSError, ValueError):
        port = 0
    if not (port and is_free(port)):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    memory.write_text(str(port), encoding="ascii")
    return port
