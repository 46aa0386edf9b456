"""The register of periodic jobs: apps put theirs into `jobs.py`, the shell schedules and runs them.

A job is a function of the moment `now`; it answers with what it did, in words and numbers
that a machine can read. A job may run twice: it must then find nothing left to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Report = Mapping[str, object]
Function = Callable[[datetime], Report]


@dataclass(frozen=True, slots=True)
class Job:
    """One periodic job: exactly one of `every` and `at` ("19:00") is set."""

    name: str
    run: Function
    every: timedelta | None
    at: str | None


REGISTER: dict[str, Job] = {}


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def job(
    name: str, *, every: timedelta | None = None, at: str | None = None
) -> Callable[[Function], Function]:
    """Register a function `(now) -> report` to run every so often, or daily at a time of day."""
    if (every is None) == (at is None):
        raise ValueError(f"Job {name} needs exactly one of every= and at=.")

    def register(function: Function) -> Function:
        known = REGISTER.get(name)
        if known and known.run.__module__ != function.__module__:
            raise ValueError(f"Job {name} is registered twice.")
        REGISTER[name] = Job(name, function, every, at)
        return function

    return register
