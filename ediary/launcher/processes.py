"""The demo's own processes: started together, started again when one falls, stopped together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ediary.launcher.places import BASE, CannotStart
from ediary.launcher.steps import PATIENCE, die_with_parent, say, signal_group

FALLS_ALLOWED = 5


@dataclass(slots=True)
class Member:
    """One process with what starts it again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes]"
    falls: list[float] = field(default_factory=list)


class Crew:
    """Processes that live together; use it as a context manager."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Start a process in a group of its own; its output goes to a log file."""
        process = self.launch(name, command, environment)
        self.members.append(Member(name, command, environment, process))

    def launch(
        self, name: str, command: list[str], environment: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=BASE,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  no threads run here
            )

    def refuse_if_ended(self, name: str) -> None:
        """Raise CannotStart if the process is gone before it was ready."""
        for member in self.members:
            if member.name == name and member.process.poll() is not None:
                tail = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
                raise CannotStart(
                    f"{tail[-3000:]}\nThe {name} process ended; see var/log/{name}.log."
                )

    def watch(self) -> int:
        """Wait; start again what falls; give up on what keeps falling. Ends by a signal."""
        while True:
            time.sleep(0.5)
            for member in self.members:
                if member.process.poll() is None:
                    continue
                signal_group(member.process.pid, signal.SIGKILL)
                now = time.monotonic()
                member.falls = [moment for moment in member.falls if now - moment < 60] + [now]
                if len(member.falls) > FALLS_ALLOWED:
                    say(f"The {member.name} process keeps ending; see var/log/{member.name}.log.")
                    return 1
                say(
                    f"The {member.name} process ended ({member.process.returncode}); started again."
                )
                member.process = self.launch(member.name, member.command, member.environment)

    def stop(self) -> None:
        """Ask all groups to stop, wait, then force the rest."""
        leaders: list[subprocess.Popen[Any]] = [member.process for member in reversed(self.members)]
        for process in leaders:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in leaders:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self.members.clear()
