"""Runs programs one after another, shows how long each takes, and lets go of them when stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from ediary.launcher.places import BASE, CannotStart

PATIENCE = 10.0
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what goes on and how long it took."""
    sys.stdout.write(f"· {title} … ")
    sys.stdout.flush()
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("interrupted")
        raise
    say(f"{time.monotonic() - started:.1f} s")


def run(title: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a program to its end; its output is shown only if it fails."""
    with step(title), started(command, environment) as program:
        output = watched(program)
    if program.returncode != 0:
        raise CannotStart(f"{output}\n{title}: failed (exit code {program.returncode}).")


def watched(program: "subprocess.Popen[str]") -> str:
    """Read the program's output to its end, with a dot every five seconds."""
    last_dot = time.monotonic()
    lines = []
    for line in program.stdout or ():
        lines.append(line)
        if time.monotonic() - last_dot > 5:
            last_dot = time.monotonic()
            sys.stdout.write(". ")
            sys.stdout.flush()
    program.wait()
    return "".join(lines[-200:])


@contextmanager
def started(
    command: list[str], environment: Mapping[str, str] | None = None, **options: Any
) -> Iterator["subprocess.Popen[str]"]:
    """Start a program in a group of its own and end the whole group if we are interrupted."""
    program = subprocess.Popen(
        command,
        cwd=BASE,
        env={**os.environ, **(environment or {})},
        text=True,
        errors="replace",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509  no threads run here
        **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | options,
    )
    try:
        yield program
    finally:
        end(program)


def die_with_parent() -> None:
    """Ask the kernel (Linux) for SIGTERM when we ourselves are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(program: "subprocess.Popen[Any]") -> None:
    """Ask the program's group to stop, wait, then force it; its orphans too."""
    if program.poll() is None:
        signal_group(program.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            program.wait(PATIENCE)
    signal_group(program.pid, signal.SIGKILL)
    program.wait()
    if program.stdout:
        program.stdout.close()


def signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def stop_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into the way out that Ctrl-C takes."""

    def leave(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    # A shell without job control starts background commands with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
