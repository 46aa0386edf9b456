"""From the history of a day to what is news: pure arithmetic over rows, no database, no clock.

A row that was changed five times is told once: how it was before the window, how it is after.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = Mapping[str, Any]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded change of a row: None before an insert, None after a delete."""

    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Change(Generic[K]):
    """What became of one thing over the window."""

    key: K
    before: Row | None
    after: Row | None


def merged(events: Iterable[Event], key: Callable[[Row], K]) -> list[Change[K]]:
    """Return the change of every thing, in the order in which each was first touched.

    A row may move from one key to another: it leaves the first and enters the second.
    """
    first: dict[K, Row | None] = {}
    last: dict[K, Row | None] = {}
    for event in events:
        left = key(event.before) if event.before is not None else None
        entered = key(event.after) if event.after is not None else None
        if left is not None:
            first.setdefault(left, event.before)
            last[left] = None
        if entered is not None:
            first.setdefault(entered, None)
            last[entered] = event.after
    return [
        Change(found, first[found], last[found]) for found in first if first[found] or last[found]
    ]


@dataclass(frozen=True, slots=True)
class Given:
    """A mark that is news: `was` is the mark that it replaces, empty for a new one."""

    row: Row
    was: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is news in one cell of the journal."""

    given: tuple[Given, ...]
    taken: tuple[Row, ...]


def compared(changes: Iterable[Change[Any]]) -> Cell:
    """Compare the marks that one cell held before with those that it holds now.

    Marks that only changed places are no news; one that gave way to one other was corrected.
    """
    found = list(changes)
    before = [change.before for change in found if change.before is not None]
    after = [change.after for change in found if change.after is not None]
    removed, added = _without(before, after), _without(after, before)
    if len(removed) == len(added) == 1:
        was, now = removed[0], added[0]
        return Cell(
            given=(Given(now, "" if was["value"] == now["value"] else was["value"]),), taken=()
        )
    return Cell(given=tuple(Given(row) for row in added), taken=tuple(removed))


def _without(rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """Return the rows that have no equal among the others."""
    spare = Counter(_said(row) for row in others)
    left = []
    for row in rows:
        if spare[_said(row)]:
            spare[_said(row)] -= 1
        else:
            left.append(row)
    return left


def _said(row: Row) -> tuple[str, str]:
    return str(row["value"]), str(row.get("comment", ""))
