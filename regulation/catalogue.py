"""The clauses that a school's regulation may ask for, read from the data file."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "clauses.toml"


class Force(StrEnum):
    MUST = "must"
    MAY = "may"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class Clause:
    """One obligation: who answers for it, towards whom, with what force, and which regulations ask."""

    id: str
    section: str
    statement: str
    apps: tuple[str, ...]
    force: Force
    responsible: str
    recipient: str
    profiles: frozenset[str]


@cache
def clauses() -> dict[str, Clause]:
    """Return every clause by its id, in the file's order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["clause"]
    return {
        row["id"]: Clause(
            id=row["id"],
            section=row["section"],
            statement=row["statement"],
            apps=tuple(row["apps"]),
            force=Force(row["force"]),
            responsible=row["responsible"],
            recipient=row["recipient"],
            profiles=frozenset(row["profiles"]),
        )
        for row in rows
    }
