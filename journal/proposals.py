"""What the school's own table proposes for the marks of a period or a year: exact, no Django, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

NOT_ASSESSED, EXEMPT, DEFERRED = "н/а", "осв", "отсрочка"
# nothing: the school has no table with a local act, or the scale has no numbers
State = Literal["sure", "disputed", "few", "nothing"]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the marks of a pupil add up to; works that don't count are left out, two marks are two."""

    count: int = 0
    total: Decimal = Decimal(0)  # Σ scores
    heavy: Decimal = Decimal(0)  # Σ score × weight
    weight: Decimal = Decimal(0)  # Σ weights


@dataclass(frozen=True, slots=True)
class Table:
    """The school's table: the least average of each mark, the disputed zone under it, the fewest marks."""

    steps: tuple[tuple[Decimal, str], ...]  # the best first
    below: str  # the mark under the last bound
    disputed: Decimal = Decimal(0)
    weighted: bool = True
    minimum: tuple[tuple[Decimal, int], ...] = ()  # up to so many hours a week: at least so many
    edges: tuple[Decimal, ...] = field(init=False, default=())  # bounds and the borders of zones

    def __post_init__(self) -> None:
        edges = {edge for least, _ in self.steps for edge in (least, least - self.disputed)}
        object.__setattr__(self, "edges", tuple(edges))

    def fewest(self, hours: Decimal) -> int:
        """Return how many marks a result rests on at least; above the last step the last one holds."""
        for up_to, marks in self.minimum:
            if hours <= up_to:
                return max(marks, 1)
        return max(self.minimum[-1][1], 1) if self.minimum else 1

    def ratio(self, sums: Sums) -> tuple[Decimal, Decimal]:
        """Return the average as a fraction that nobody has rounded."""
        if self.weighted:
            return sums.heavy, sums.weight
        return sums.total, Decimal(sums.count)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One mark where it is sure, the better and the worse where it is disputed, else none."""

    state: State = "nothing"
    values: tuple[str, ...] = ()
    average: str = ""
    count: int = 0
    fewest: int = 0


NOTHING = Proposal()


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """The result of a period as the year sees it."""

    status: str = ""  # of ResultStatus; empty: not there yet
    value: str = ""
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class YearRule:
    """How the results of periods make the year's: by rounding, half up, or by the school's table."""

    table: Table
    by_table: bool = False
    numbers: Mapping[str, Decimal | None] = field(default_factory=dict)  # the scale


def table_of(
    *,
    bounds: Mapping[str, Any],
    scale: Mapping[str, float | None],
    disputed: Decimal = Decimal(0),
    weighted: bool = True,
    minimum: Sequence[Sequence[Any]] = (),
) -> Table | None:
    """Read a stored table; None if it has no bounds. Numbers come by their text, never by a float."""
    steps = sorted(((Decimal(str(bound)), mark) for mark, bound in bounds.items()), reverse=True)
    if not steps:
        return None
    return Table(
        steps=tuple(steps),
        below=_next_below(steps[-1][1], scale),
        disputed=Decimal(str(disputed)),
        weighted=weighted,
        minimum=tuple(sorted((Decimal(str(hours)), int(marks)) for hours, marks in minimum)),
    )


def _next_below(mark: str, scale: Mapping[str, float | None]) -> str:
    """Return the best mark of the scale that is worse than the table's last one."""
    last = scale.get(mark)
    if last is None:
        return next((word for word in ("нзч",) if word in scale), "")
    worse = [(score, value) for value, score in scale.items() if score is not None and score < last]
    return max(worse)[1] if worse else mark


def propose(sums: Sums, table: Table | None, *, hours: Decimal) -> Proposal:
    """Propose the result of a period by its marks."""
    if table is None:
        return NOTHING
    fewest = table.fewest(hours)
    average = shown_average(sums, table)
    if sums.count < fewest:
        return Proposal("few", (), average, sums.count, fewest)
    top, bottom = table.ratio(sums)
    firm = next((mark for least, mark in table.steps if top >= least * bottom), table.below)
    for least, mark in table.steps:
        if top >= least * bottom:
            break
        if top >= (least - table.disputed) * bottom:
            return Proposal("disputed", (mark, firm), average, sums.count, fewest)
    return Proposal("sure", (firm,) if firm else (), average, sums.count, fewest)


def shown_average(sums: Sums, table: Table) -> str:
    """Return the average as the table sees it: two decimals, more where two would cross a bound.

    4,649 is not enough for a bound of 4,65 and is not shown as 4,65.
    """
    top, bottom = table.ratio(sums)
    if not bottom:
        return ""
    edges = table.edges
    for places in range(2, 9):
        unit = 10**places
        near = (2 * top * unit + bottom) // (2 * bottom) / unit
        if all((top >= edge * bottom) == (near >= edge) for edge in edges):
            return _comma(near, places)
    return _comma((top * unit) // bottom / unit, places)


def _comma(number: Decimal, places: int) -> str:
    return f"{number:.{places}f}".replace(".", ",")


def propose_year(results: Sequence[PeriodResult], rule: YearRule | None) -> Proposal:
    """Propose the year's result by those of its periods, in their order.

    Exempt periods are left out. With a period that was not assessed the teacher decides: the mark of
    the others, or «н/а». A period without a result, or put off, makes none.
    """
    if rule is None:
        return NOTHING
    there = [one for one in results if one.status not in {"", "deferred"}]
    if len(there) < len(results) or not results:
        return Proposal("few", (), "", len(there), len(results))
    if all(one.status == "exempt" for one in there):
        return Proposal("sure", (EXEMPT,), "", len(there), len(results))
    marks = [one for one in there if one.status == "mark"]
    if not marks:
        return Proposal("sure", (NOT_ASSESSED,), "", 0, len(results))
    found = _of_words(marks) if any(one.score is None for one in marks) else _of_marks(marks, rule)
    if any(one.status == "not_assessed" for one in there):
        return Proposal(
            "disputed", (*found.values, NOT_ASSESSED), found.average, found.count, found.fewest
        )
    return found


def _of_words(marks: Sequence[PeriodResult]) -> Proposal:
    """«зач» in every period is «зач» for the year; otherwise the last word and the first differ."""
    values = tuple(dict.fromkeys(one.value for one in reversed(marks)))
    state: State = "sure" if len(values) == 1 else "disputed"
    return Proposal(state, values, "", len(marks), len(marks))


def _of_marks(marks: Sequence[PeriodResult], rule: YearRule) -> Proposal:
    total, count = sum((one.score or Decimal(0) for one in marks), Decimal(0)), len(marks)
    sums = Sums(count, total, total, Decimal(count))
    if rule.by_table:
        return propose(sums, Table(rule.table.steps, rule.table.below, rule.table.disputed), hours=Decimal(0))  # fmt: skip
    whole = (2 * total + count) // (2 * count)
    mark = next((value for value, score in rule.numbers.items() if score == whole), "")
    average = _comma((2 * total * 100 + count) // (2 * count) / Decimal(100), 2)
    return Proposal("sure" if mark else "nothing", (mark,) if mark else (), average, count, count)


def asks_reason(proposal: Proposal, value: str) -> bool:
    """Say whether the result departs from the school's table, so that the teacher says why.

    With too few marks the table expects «н/а» or a deferral; an exemption rests on an order of its own.
    """
    if proposal.state == "nothing" or value in {EXEMPT, DEFERRED, ""}:
        return False
    if proposal.state == "few":
        return value != NOT_ASSESSED
    return value not in proposal.values
