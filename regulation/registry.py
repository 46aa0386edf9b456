"""The register of checks: each app's `clauses.py` says how to judge the clauses that it fulfils."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.db.models import QuerySet
from django.urls import reverse

from people.models import Person, School
from regulation.catalogue import clauses

SHOWN = 20  # rows of a finding's evidence; one more counts the rest


class State(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    NOT_YET_DUE = "not_yet_due"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a finding rests on, with the page where it can be seen."""

    label: str
    url: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a clause is kept at a school: the state, one sentence, and the facts."""

    state: State
    summary: str
    evidence: tuple[Evidence, ...] = ()


class Check(Protocol):
    """Judges a clause at a school; runs in the scope of the user who asks, at most a few statements."""

    def __call__(self, school: School, *, now: datetime) -> Finding: ...


_checks: dict[str, Check] = {}


def clause(*ids: str) -> Callable[[Check], Check]:
    """Register a check for clauses: `@clause("K4a", "S4")` over `(school, *, now) -> Finding`."""
    for clause_id in ids:
        if clause_id not in clauses():
            raise ValueError(f"Clause {clause_id} is not in regulation/clauses.toml.")
        if clause_id in _checks:
            raise ValueError(f"Clause {clause_id} has a check already.")

    def register(check: Check) -> Check:
        for clause_id in ids:
            _checks[clause_id] = check
        return check

    return register


def check_of(clause_id: str) -> Check | None:
    """Return the check of a clause, or None while nobody has written one."""
    return _checks.get(clause_id)


def named(persons: QuerySet[Person], detail: str = "") -> list[Evidence]:
    """Name each of the persons, with her own page: whoever reads findings may look there."""
    return [
        Evidence(person.full_name, reverse("access:person", args=[person.pk]), detail)
        for person in persons.order_by("sort_key", "pk")
    ]


def listed(rows: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Show the first rows and count the rest."""
    all_rows = tuple(rows)
    more = len(all_rows) - SHOWN
    return (*all_rows[:SHOWN], Evidence(f"и ещё {more}")) if more > 0 else all_rows


def kept(summary: str, *evidence: Evidence) -> Finding:
    return Finding(State.KEPT, summary, evidence)


def broken(summary: str, *evidence: Evidence) -> Finding:
    return Finding(State.BROKEN, summary, evidence)


def not_yet_due(summary: str, *evidence: Evidence) -> Finding:
    return Finding(State.NOT_YET_DUE, summary, evidence)
