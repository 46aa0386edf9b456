"""Indicators of results by the exact formulas of domain.md §2.4: pure arithmetic, no Django, no clock.

успеваемость = (n5 + n4 + n3) · 100 / N        качество = (n5 + n4) · 100 / N
СОУ = (n5·100 + n4·64 + n3·36 + n2·16 + n_н/а·7) / N, the coefficients are the school's
N = those who were assessed or should have been: «н/а» is in it; «осв», a deferral and no mark are not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from journal.norms import Levels

HUNDREDTH = Decimal("0.01")


class Level(StrEnum):
    """What a result counts as, whatever its scale."""

    FIVE = "five"
    FOUR = "four"
    THREE = "three"
    TWO = "two"
    NOT_ASSESSED = "not_assessed"


ASSESSED = (Level.FIVE, Level.FOUR, Level.THREE, Level.TWO)
# The lowest score of each level. Scales that are not here (зачёт, 100 points) have no levels.
BOUNDS: Mapping[str, Sequence[tuple[Decimal, Level]]] = {
    "five": ((Decimal(5), Level.FIVE), (Decimal(4), Level.FOUR), (Decimal(3), Level.THREE)),
    "ten": ((Decimal(9), Level.FIVE), (Decimal(7), Level.FOUR), (Decimal(5), Level.THREE)),
    "twelve": ((Decimal(10), Level.FIVE), (Decimal(7), Level.FOUR), (Decimal(4), Level.THREE)),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A pupil's result: its status («mark», «not_assessed», «exempt», «deferred»), number and scale."""

    status: str = "mark"
    score: Decimal | None = None
    scale: str = "five"


def level_of(outcome: Outcome) -> Level | None:
    """Return the level of a result, or None for one that is outside of N."""
    if outcome.status == "not_assessed":
        return Level.NOT_ASSESSED
    bounds = BOUNDS.get(outcome.scale)
    if outcome.status != "mark" or outcome.score is None or bounds is None:
        return None
    return next((level for least, level in bounds if outcome.score >= least), Level.TWO)


@dataclass(frozen=True, slots=True)
class Indicators:
    """Of the results of a subject, class, teacher or grade; None where there is nothing to divide by."""

    counts: Mapping[Level, int]
    success: Decimal | None  # успеваемость, %
    quality: Decimal | None  # качество, %
    degree: Decimal | None  # СОУ
    average: Decimal | None  # of the marks that are numbers of levels

    @property
    def size(self) -> int:
        """N of the formulas."""
        return sum(self.counts.values())

    def count(self, level: str) -> int:
        return self.counts.get(Level(level), 0)


def indicators(outcomes: Iterable[Outcome], levels: Levels) -> Indicators:
    """Work out the indicators of results."""
    counts: Counter[Level] = Counter()
    scores: list[Decimal] = []
    for outcome in outcomes:
        level = level_of(outcome)
        if level is None:
            continue
        counts[level] += 1
        if level in ASSESSED and outcome.score is not None:
            scores.append(outcome.score)
    size = sum(counts.values())
    good = counts[Level.FIVE] + counts[Level.FOUR]
    weighed = sum(
        (Fraction(counts[level]) * Fraction(getattr(levels, level.value)) for level in counts),
        Fraction(0),
    )
    return Indicators(
        counts=counts,
        success=percent(good + counts[Level.THREE], size),
        quality=percent(good, size),
        degree=_ratio(weighed, size),
        average=_ratio(sum(map(Fraction, scores), Fraction(0)), len(scores)),
    )


def percent(part: int, whole: int) -> Decimal | None:
    """Return part · 100 / whole to two places."""
    return _ratio(Fraction(part * 100), whole)


def saturation(marks: int, places: int) -> Decimal | None:
    """Return накопляемость: marks / (pupils × lessons); `places` counts each pupil's lessons."""
    return _ratio(Fraction(marks), places)


def attendance(missed: int, places: int) -> Decimal | None:
    """Return посещаемость: 100 - missed lessons · 100 / (pupils × lessons)."""
    gone = percent(missed, places)
    return None if gone is None else 100 - gone


def _ratio(total: Fraction, parts: int) -> Decimal | None:
    if not parts:
        return None
    exact = total / parts
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    return quotient.quantize(HUNDREDTH, ROUND_HALF_UP)


class Standing(StrEnum):
    """What a class teacher's report counts a pupil as, by all subjects of the period."""

    EXCELLENT = "excellent"  # отличник: fives only
    ONE_FOUR = "one_four"  # fives and one four: a хорошист too
    GOOD = "good"  # хорошист: fives and fours
    ONE_THREE = "one_three"  # no two, and one three only
    PLAIN = "plain"  # threes
    FAILING = "failing"  # a two
    NOT_ASSESSED = "not_assessed"  # «н/а» in a subject, and no two
    NONE = "none"  # no marks: first grade, «осв» in all


def standing_of(levels: Iterable[Level | None]) -> Standing:
    """Return the one line of the report on which the pupil is counted."""
    counts = Counter(level for level in levels if level is not None)
    if not counts:
        return Standing.NONE
    if counts[Level.TWO]:
        return Standing.FAILING
    if counts[Level.NOT_ASSESSED]:
        return Standing.NOT_ASSESSED
    if counts[Level.THREE]:
        return Standing.ONE_THREE if counts[Level.THREE] == 1 else Standing.PLAIN
    if not counts[Level.FOUR]:
        return Standing.EXCELLENT
    only_one = counts[Level.FOUR] == 1 and counts[Level.FIVE]
    return Standing.ONE_FOUR if only_one else Standing.GOOD
