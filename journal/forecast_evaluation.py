"""Does a forecast come true? Measured on real pupils, out of sample; pure, no Django, no clock.

Each row is a pupil with two period grades and the final one on 0-20. Five folds: what is fitted is
fitted on four of them and judged on the fifth.
"""

import csv
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import fmean, pstdev
from typing import Literal

from journal.forecast import (
    CALIBRATED,
    MARK_STANDS_FOR,
    PERIOD_STANDS_FOR,
    Habits,
    Rule,
    Sums,
    of_year,
)

FOLDS, SEED = 5, 2026
LEVEL = 0.8
MARKS = ("5", "4", "3", "2")
SCALE: Mapping[str, float | None] = {mark: float(mark) for mark in MARKS}
RULE = Rule.rounding(SCALE)
# The school's own table: 17-20 → 5, 14-16 → 4, 10-13 → 3, below → 2.
TABLE = ((17, "5"), (14, "4"), (10, "3"))
LEAST = 1e-4  # no contestant may say less of any mark: one logarithm must not decide alone
BINS = (0.0, 0.55, 0.65, 0.75, 0.85, 0.95, 1.0001)
PERIODS = 3
Stage = Literal[1, 2]  # period grades known
STAGES: tuple[Stage, ...] = (1, 2)
Chances = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pupil:
    school: str
    first: int
    second: int
    final: int

    @property
    def truth(self) -> str:
        return mark(self.final)

    def known(self, stage: Stage) -> int:
        return self.first if stage == 1 else self.second


def read(lines: Iterable[str]) -> list[Pupil]:
    """Read rows with the columns school, G1, G2, G3. Raises ValueError for anything else."""
    try:
        return [
            Pupil(row["school"], int(row["G1"]), int(row["G2"]), int(row["G3"]))
            for row in csv.DictReader(lines)
        ]
    except (KeyError, TypeError) as error:
        raise ValueError("not a table with the columns school, G1, G2, G3") from error


def mark(grade: float) -> str:
    return next((value for least, value in TABLE if grade >= least), "2")


def five_point(grade: int) -> float:
    """Put a grade of 0-20 on the five-point scale, so that the table's bounds fall on 2.5, 3.5, 4.5."""
    value = 2.5 + (grade - 9.5) / 4 if grade < 14 else 3.5 + (grade - 13.5) / 3
    return max(1.0, value)


# --- the forecast ---


def spread(pupils: Sequence[Pupil]) -> float:
    """How far pupils' averages lie apart, over both stages."""
    return fmean(pstdev(five_point(one.known(stage)) for one in pupils) for stage in STAGES)


def chances(known: int, stage: Stage, peers: float, habits: Habits, *, marks_only: bool) -> Chances:
    """Ask the journal's own forecast of a year in which `stage` of three periods are over.

    The second period's grade stands for both periods: given it, the first says almost nothing of the
    final (docs/forecast.md).
    """
    shown = float(mark(known)) if marks_only else five_point(known)
    evidence = MARK_STANDS_FOR if marks_only else PERIOD_STANDS_FOR
    forecast = of_year(
        [shown] * stage,
        Sums.standing_for(shown, evidence * stage),
        RULE,
        periods_left=PERIODS - stage,
        peers=peers,
        is_mean=False,
        habits=habits,
    )
    if forecast is None:
        raise ValueError("no period is left")
    return {chance.value: chance.probability for chance in forecast.chances}


def peers_of(pupils: Sequence[Pupil], stage: Stage, *, marks_only: bool) -> float:
    if marks_only:
        return fmean(float(mark(one.known(stage))) for one in pupils)
    return fmean(five_point(one.known(stage)) for one in pupils)


def fit(pupils: Sequence[Pupil], *, marks_only: bool = False) -> Habits:
    """Find drift and lift of the greatest likelihood over both stages, by halving steps."""
    seen = [Counter((one.known(stage), one.truth) for one in pupils) for stage in STAGES]
    peers = [peers_of(pupils, stage, marks_only=marks_only) for stage in STAGES]
    width = spread(pupils)

    def loss(drift: float, lift: float) -> float:
        habits = Habits(drift=drift, lift=lift, spread=width)
        total = 0.0
        for stage, rows, mean in zip(STAGES, seen, peers, strict=True):
            said = {
                known: chances(known, stage, mean, habits, marks_only=marks_only)
                for known in {known for known, _ in rows}
            }
            total += sum(
                -times * math.log(max(LEAST, said[known][truth]))
                for (known, truth), times in sorted(rows.items())
            )
        return total

    best, step = (0.5, 0.0), 0.16
    least = loss(*best)
    while step > 0.004:
        tries = [
            (min(2.0, max(0.05, best[0] + step * x)), min(1.0, max(-1.0, best[1] + step * y)))
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
        found, where = min((loss(*one), one) for one in tries)
        if found < least - 1e-9:
            least, best = found, where
        else:
            step /= 2
    return Habits(drift=best[0], lift=best[1], spread=width)


# --- the contestants ---

Predict = Callable[[Pupil, Stage], Chances]
Train = Callable[[Sequence[Pupil]], Predict]


def forecaster(*, marks_only: bool = False) -> Train:
    def train(pupils: Sequence[Pupil]) -> Predict:
        habits = fit(pupils, marks_only=marks_only)
        peers = {stage: peers_of(pupils, stage, marks_only=marks_only) for stage in STAGES}
        return lambda one, stage: chances(
            one.known(stage), stage, peers[stage], habits, marks_only=marks_only
        )

    return train


Guess = Callable[[Pupil, Stage], str]


def last_mark(one: Pupil, stage: Stage) -> str:
    return mark(one.known(stage))


def rounded_average(one: Pupil, stage: Stage) -> str:
    """The mean of the period grades so far, rounded half up."""
    grades = (one.first, one.second)[:stage]
    return mark(math.floor(sum(grades) / len(grades) + 0.5))


def plain(guess: Guess) -> Train:
    """Say the guess as surely as it was right in training; the rest goes to the other marks alike."""

    def train(pupils: Sequence[Pupil]) -> Predict:
        missed = {
            stage: (sum(guess(one, stage) != one.truth for one in pupils) + 1) / (len(pupils) + 2)
            for stage in STAGES
        }

        def predict(one: Pupil, stage: Stage) -> Chances:
            other = missed[stage] / (len(MARKS) - 1)
            return {m: 1 - missed[stage] if m == guess(one, stage) else other for m in MARKS}

        return predict

    return train


def smoothed(guess: Guess) -> Train:
    """Say how often each final followed the guess in training, one pupil added to each (Laplace)."""

    def train(pupils: Sequence[Pupil]) -> Predict:
        counted = {
            stage: Counter((guess(one, stage), one.truth) for one in pupils) for stage in STAGES
        }

        def predict(one: Pupil, stage: Stage) -> Chances:
            row = [counted[stage][guess(one, stage), truth] + 1 for truth in MARKS]
            return {truth: times / sum(row) for truth, times in zip(MARKS, row, strict=True)}

        return predict

    return train


FORECAST = "прогноз журнала"
MARKS_ONLY = "прогноз журнала, известны только отметки"
CONTESTANTS: Mapping[str, Train] = {
    FORECAST: forecaster(),
    MARKS_ONLY: forecaster(marks_only=True),
    "средний балл, округлённый: как есть": plain(rounded_average),
    "средний балл, округлённый: по частотам": smoothed(rounded_average),
    "отметка прошлого периода: как есть": plain(last_mark),
    "отметка прошлого периода: по частотам": smoothed(last_mark),
}
BASELINES = tuple(name for name in CONTESTANTS if name not in {FORECAST, MARKS_ONLY})


# --- judging ---


@dataclass(frozen=True, slots=True)
class Said:
    """One forecast, made without its pupil, and what came."""

    school: str
    stage: Stage
    chances: Chances
    truth: str

    @property
    def top(self) -> tuple[str, float]:
        best = max(self.ranked, key=lambda value: self.chances[value])
        return best, self.chances[best]

    @property
    def ranked(self) -> list[str]:
        return sorted(MARKS, key=lambda value: (-self.chances[value], value))


@dataclass(frozen=True, slots=True)
class Score:
    """How a contestant did."""

    pupils: int
    log_loss: float
    right: float  # share of pupils whose final was the likeliest mark
    came_true: float  # of the 80 % statements
    whole_sets: float  # the same for the whole smallest sets of marks
    whole_said: float  # and what those sets promised together
    size: float  # marks in such a set


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements about the likeliest mark with a probability from `low` to below `high`."""

    low: float
    high: float
    count: int
    said: float
    came_true: float


def cross_validated(pupils: Sequence[Pupil], train: Train) -> list[Said]:
    """Forecast every pupil from a fit on the four folds she is not in."""
    order = list(range(len(pupils)))
    Random(SEED).shuffle(order)  # noqa: S311 - folds, not secrets
    found: dict[int, list[Said]] = {}
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        hidden = set(held_out)
        predict = train([one for place, one in enumerate(pupils) if place not in hidden])
        for place in held_out:
            one = pupils[place]
            found[place] = [
                Said(one.school, stage, _floored(predict(one, stage)), one.truth)
                for stage in STAGES
            ]
    return [said for place in range(len(pupils)) for said in found[place]]


def _floored(said: Chances) -> Chances:
    raised = {value: max(LEAST, chance) for value, chance in said.items()}
    total = sum(raised.values())
    return {value: chance / total for value, chance in raised.items()}


def score(said: Sequence[Said]) -> Score:
    sets = [_statement(one) for one in said]
    return Score(
        pupils=len(said),
        log_loss=fmean(-math.log(one.chances[one.truth]) for one in said),
        right=fmean(one.top[0] == one.truth for one in said),
        came_true=fmean(held for held, *_ in sets),
        whole_sets=fmean(whole for _, whole, *_ in sets),
        whole_said=fmean(promised for _, _, promised, _ in sets),
        size=fmean(size for *_, size in sets),
    )


def _statement(one: Said) -> tuple[float, bool, float, int]:
    """Return how far the 80 % statement held, whether the whole set did, what it promised, its size.

    The likeliest marks are taken until they hold 80 %. Whole marks overshoot, so of the last one only
    the part that is needed counts: a set of 70 % and 20 % says 80 % with half of the second mark.
    """
    held = promised = 0.0
    for size, value in enumerate(one.ranked, start=1):
        part = min(1.0, (LEVEL - promised) / one.chances[value])
        promised += one.chances[value]
        held += part * (value == one.truth)
        if promised >= LEVEL - 1e-12:
            return held, one.truth in one.ranked[:size], promised, size
    return held, True, promised, len(MARKS)


def reliability(said: Sequence[Said]) -> Iterator[Bin]:
    for low, high in pairwise(BINS):
        inside = [one for one in said if low <= one.top[1] < high]
        if inside:
            yield Bin(
                low,
                min(1.0, high),
                len(inside),
                fmean(one.top[1] for one in inside),
                fmean(one.top[0] == one.truth for one in inside),
            )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that the command prints."""

    pupils: int
    fitted: Habits  # on all rows
    scores: Mapping[tuple[str, Stage], Score]
    by_school: Mapping[tuple[str, Stage], Score]
    bins: Mapping[Stage, tuple[Bin, ...]]
    together: tuple[Bin, ...]

    @property
    def comes_true(self) -> bool:
        """80 % statements of both stages, and the likeliest marks said with about 80 %, hold 75-85 %."""
        near = next((one for one in self.together if one.low == 0.75), None)
        said = [self.scores[FORECAST, stage].came_true for stage in STAGES]
        return all(0.75 <= one <= 0.85 for one in [*said, near.came_true if near else 0.8])

    @property
    def beats_all(self) -> bool:
        """The forecast's log-loss is below every baseline's, after one and after two period grades."""
        return all(
            self.scores[FORECAST, stage].log_loss < self.scores[name, stage].log_loss
            for stage in STAGES
            for name in BASELINES
        )


def evaluate(pupils: Sequence[Pupil]) -> Evaluation:
    """Judge all contestants on the same folds."""
    scores: dict[tuple[str, Stage], Score] = {}
    mine: list[Said] = []
    for name, train in CONTESTANTS.items():
        said = cross_validated(pupils, train)
        mine = said if name == FORECAST else mine
        for stage in STAGES:
            scores[name, stage] = score([one for one in said if one.stage == stage])
    schools = sorted({one.school for one in pupils})
    return Evaluation(
        pupils=len(pupils),
        fitted=fit(pupils),
        scores=scores,
        by_school={
            (school, stage): score([s for s in mine if (s.school, s.stage) == (school, stage)])
            for school in schools
            for stage in STAGES
        },
        bins={stage: tuple(reliability([s for s in mine if s.stage == stage])) for stage in STAGES},
        together=tuple(reliability(mine)),
    )


def is_current(found: Habits) -> bool:
    """Whether the constants of journal.forecast are what the data say."""
    return all(
        abs(getattr(found, name) - getattr(CALIBRATED, name)) < 0.01
        for name in ("drift", "lift", "spread")
    )
