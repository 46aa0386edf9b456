"""A week's timetable without clashes: pure arithmetic, no Django.

A unit is what stands in one place of the week: one or several courses at once (subgroups, a stream,
a joint form) with all their forms and teachers. Every form's day is filled without windows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

DAYS = 5
ATTEMPTS = 4
Place = tuple[int, int]  # day 0-4, position in the day from 0


class NoTimetable(Exception):
    """The search ended without a timetable: the teachers' load does not fit."""


@dataclass(slots=True)
class Unit:
    """A lesson that repeats `hours` times a week."""

    forms: tuple[int, ...]
    teachers: tuple[int, ...]
    hours: int
    subject: str
    last_only: bool = False  # stands after all other lessons of the form's day


@dataclass(slots=True)
class _Board:
    lengths: list[list[int]]
    form_at: dict[tuple[int, Place], int] = field(default_factory=dict)
    teacher_at: dict[tuple[int, Place], int] = field(default_factory=dict)
    placed: dict[int, Place] = field(default_factory=dict)


def day_lengths(hours: int, longest: int, rng: Random) -> list[int]:
    """Return the lessons of each day: even, the longer days by chance, Friday not the longest."""
    base, more = divmod(hours, DAYS)
    if base + (more > 0) > longest:
        raise NoTimetable(f"{hours} hours do not fit days of {longest} lessons")
    longer = set(rng.sample(range(DAYS - 1), min(more, DAYS - 1)))
    return [base + (day in longer) for day in range(DAYS)]


def solve(units: Sequence[Unit], lengths: list[list[int]], rng: Random) -> list[list[Place]]:
    """Return the places of each unit. Raises NoTimetable when the attempts fail."""
    items = [(number, unit) for number, unit in enumerate(units) for _ in range(unit.hours)]
    for _ in range(ATTEMPTS):
        board = _attempt([unit for _, unit in items], lengths, rng)
        if board is not None:
            places: list[list[Place]] = [[] for _ in units]
            for item, place in board.placed.items():
                places[items[item][0]].append(place)
            return [sorted(found) for found in places]
    raise NoTimetable("no timetable was found in the attempts made")


def _attempt(items: list[Unit], lengths: list[list[int]], rng: Random) -> _Board | None:
    board = _Board(lengths)
    order = sorted(range(len(items)), key=lambda item: (_ease(items[item]), rng.random()))
    waiting = order[::-1]
    weight: dict[int, int] = {}
    choices = [_places(item, lengths) for item in items]
    for _ in range(len(items) * 30):
        if not waiting:
            return board
        item = waiting.pop()
        place = _best(item, items, choices[item], board, weight, rng)
        if place is None:
            return None
        for evicted in _clashes(items[item], place, board):
            weight[evicted] = weight.get(evicted, 0) + 1
            _lift(evicted, items[evicted], board)
            waiting.insert(0, evicted)
        _put(item, items[item], place, board)
    return None


def _ease(unit: Unit) -> tuple[int, int]:
    return (-len(unit.forms) - len(unit.teachers), -unit.hours)


def _places(unit: Unit, lengths: list[list[int]]) -> list[Place]:
    found: list[Place] = []
    for day in range(DAYS):
        most = min(lengths[form][day] for form in unit.forms)
        first = most - 1 if unit.last_only else 0
        found.extend((day, position) for position in range(max(first, 0), most))
    return found


def _clashes(unit: Unit, place: Place, board: _Board) -> set[int]:
    """What stands in the way of the unit at the place."""
    found = {board.form_at.get((form, place), -1) for form in unit.forms}
    found.update(board.teacher_at.get((teacher, place), -1) for teacher in unit.teachers)
    found.discard(-1)
    return found


def _best(
    item: int,
    items: list[Unit],
    choices: list[Place],
    board: _Board,
    weight: dict[int, int],
    rng: Random,
) -> Place | None:
    best, best_cost = None, 1e9
    unit = items[item]
    busy = _days_of(unit, board, items)
    for place in choices:
        cost = rng.random() * 0.9
        for other in _clashes(unit, place, board):
            cost += 2 + weight.get(other, 0) * 0.7 + len(items[other].forms) - 1
        cost += 3 * busy.get(place[0], 0)
        if cost < best_cost:
            best, best_cost = place, cost
    return best


def _days_of(unit: Unit, board: _Board, items: list[Unit]) -> dict[int, int]:
    """How many times a day the subject already stands in the unit's first form."""
    form, found = unit.forms[0], dict[int, int]()
    for day in range(DAYS):
        for position in range(board.lengths[form][day]):
            other = board.form_at.get((form, (day, position)))
            if other is not None and items[other].subject == unit.subject:
                found[day] = found.get(day, 0) + 1
    return found


def _put(item: int, unit: Unit, place: Place, board: _Board) -> None:
    board.placed[item] = place
    for form in unit.forms:
        board.form_at[form, place] = item
    for teacher in unit.teachers:
        board.teacher_at[teacher, place] = item


def _lift(item: int, unit: Unit, board: _Board) -> None:
    place = board.placed.pop(item)
    for form in unit.forms:
        del board.form_at[form, place]
    for teacher in unit.teachers:
        del board.teacher_at[teacher, place]
