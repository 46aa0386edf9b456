"""Profiles: the data files from which a school's regulation begins."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from regulation.parameters import checked

_FOLDER = Path(__file__).parent / "profiles"
OWN = "own"


@dataclass(frozen=True, slots=True)
class Profile:
    """A regulation as data: its letters say which clauses it asks for; absent keys take defaults."""

    code: str
    name: str
    title: str
    letters: frozenset[str]
    legal_basis: str
    parameters: Mapping[str, Any]
    document: Mapping[str, Any] = field(default_factory=dict)


@cache
def profiles() -> dict[str, Profile]:
    """Return every profile by its code, the strictest first."""
    codes = sorted(
        (path.stem for path in _FOLDER.glob("*.toml")), key=lambda code: (len(code) == 1, code)
    )
    return {code: _read(code) for code in codes}


def letters_of(code: str) -> frozenset[str]:
    """Return the letters of a version's profile; a regulation of the school's own asks for everything."""
    found = profiles().get(code)
    return found.letters if found else frozenset("tkgsu")


def _read(code: str) -> Profile:
    row = tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    for key, raw in row["parameters"].items():
        checked(key, raw)
    return Profile(
        code=code,
        name=row["name"],
        title=row["title"],
        letters=frozenset(row["letters"]),
        legal_basis=row["legal_basis"],
        parameters=row["parameters"],
        document=row.get("document", {}),
    )
