"""What mark a period or a year may end with: pure arithmetic, no Django, no clock.

A pupil's future marks scatter around her level; the level is known from her marks so far, drawn a
little to her group's, and it may still move. The final average is what she has plus what is to come,
each by its weight; the school's rule cuts it into marks. How far levels move was measured on real
pupils (`docs/forecast.md`, `manage.py evaluate_forecast`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Self

from journal.grading import Scored, hundredths, ratio
from journal.proposals import Table, table_of

# Assumed: the real data hold no single marks.
SCATTER = 0.5  # the variance of one mark around the pupil's level: 0.7²
PERIOD_STANDS_FOR = 6  # marks that a period's average rests on, if they are not known one by one
MARK_STANDS_FOR = 3  # the same for a period known only by its mark: rounding loses the rest
# One mark in three lessons, until the course itself shows how often it marks.
USUAL_MARKS, USUAL_LESSONS = 1, 3
FINE_SCALE = 8  # a scale with so many results is counted in its best marks
ANYTHING = 10_000  # a weight under which what stands disappears
HEAVIEST = 2.0  # the weight that a lesson without a planned work may bring at most
FEW = 3  # with fewer marks we say «мало отметок» and name no mark


@dataclass(frozen=True, slots=True)
class Habits:
    """How pupils' levels differ and move, in points of the five-point scale."""

    drift: float  # the standard deviation between what was shown and what comes after
    lift: float  # by how much what comes after is better on the average
    spread: float  # the standard deviation of pupils' averages


# 395 real pupils (Cortez and Silva, UCI, CC BY 4.0): `spread` is measured, the others are fitted by
# maximum likelihood over all rows (journal.forecast_evaluation.fit); a test repeats both.
CALIBRATED = Habits(drift=0.525, lift=0.12, spread=0.915)


@dataclass(frozen=True, slots=True)
class Sums:
    """Marks as an average needs them, in hundredths, so that their order cannot matter."""

    count: int = 0
    total: int = 0  # Σ score × weight, in ten-thousandths
    parts: int = 0  # Σ weight, in hundredths
    squares: int = 0  # Σ weight², in ten-thousandths

    @classmethod
    def of(cls, marks: Iterable[Scored], *, weighted: bool = True) -> Self:
        """Add the marks that count; words («зач») and uncounted works are none."""
        pairs = [
            (hundredths(one.score), hundredths(one.weight) if weighted else 100)
            for one in marks
            if one.score is not None and one.counts
        ]
        return cls(
            count=len(pairs),
            total=sum(score * weight for score, weight in pairs),
            parts=sum(weight for _, weight in pairs),
            squares=sum(weight * weight for _, weight in pairs),
        )

    @classmethod
    def standing_for(cls, score: Decimal | float, marks: int) -> Self:
        """Return a period's result as so many equal marks."""
        return cls(marks, hundredths(score) * 100 * marks, 100 * marks, 10_000 * marks)

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.count + other.count,
            self.total + other.total,
            self.parts + other.parts,
            self.squares + other.squares,
        )

    @property
    def average(self) -> int | None:
        """The average in hundredths, rounded half up, as the journal shows it."""
        return ratio(self.total, self.parts)

    def reaches(self, bound: int) -> bool:
        """Whether the average, unrounded, is at least so many hundredths."""
        return self.total >= bound * self.parts

    def with_more(self, score: int, weight: int) -> "Sums":
        """Return the sums with marks of one score added, both in hundredths."""
        return replace(self, total=self.total + score * weight, parts=self.parts + weight)

    @property
    def mean(self) -> float:
        return self.total / self.parts / 100

    @property
    def noise(self) -> float:
        """The variance of the average around the pupil's level: less for many marks."""
        return SCATTER * self.squares / self.parts**2

    @property
    def weight(self) -> float:
        return self.parts / 100


NOTHING = Sums()
Reach = tuple[Sums, Sums]  # the lowest and the highest final average that is possible
Scale = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Step:
    """A mark and the least average that gives it, in hundredths."""

    value: str
    bound: int


@dataclass(frozen=True)
class Rule:
    """The school's table from average to result, as `journal.proposals` reads it, with its scale.

    `steps` go from the best down and leave out the lowest mark, which needs nothing. Within `disputed`
    hundredths below a bound the teacher decides between the two marks.
    """

    steps: tuple[Step, ...]
    floor: str
    scores: Mapping[str, int]  # the scale's numbers, in hundredths
    disputed: int = 0
    weighted: bool = True
    fewest: int = 1
    is_of_school: bool = True

    @classmethod
    def of(
        cls, table: Table, scale: Scale, *, hours: Decimal = Decimal(1), is_of_school: bool = True
    ) -> Self:
        """Read a table for a course of so many hours a week. Raises ValueError if the scale lacks a mark."""
        scores = {value: hundredths(score) for value, score in scale.items() if score is not None}
        if unknown := {*(value for _, value in table.steps), table.below} - set(scores):
            raise ValueError(f"not in the scale: {sorted(unknown)}")
        return cls(
            steps=tuple(Step(value, hundredths(bound)) for bound, value in table.steps),
            floor=table.below,
            scores=scores,
            disputed=hundredths(table.disputed),
            weighted=table.weighted,
            fewest=table.fewest(hours),
            is_of_school=is_of_school,
        )

    @classmethod
    def rounding(cls, scale: Scale, *, is_of_school: bool = False) -> Self:
        """Ordinary rounding (3,5 → «4»): of a year, and where the school has no table of its own."""
        numbers = {value: score for value, score in scale.items() if score is not None}
        if max(numbers.values(), default=0) == 5:  # «1» is no result of the five-point scale
            numbers = {value: score for value, score in numbers.items() if score >= 2}
        ranked = sorted(numbers, key=lambda value: numbers[value])
        bounds = {
            upper: (Decimal(str(numbers[lower])) + Decimal(str(numbers[upper]))) / 2
            for lower, upper in pairwise(ranked)
        }
        table = table_of(bounds=bounds, scale=scale)
        if table is None:
            raise ValueError("a scale of fewer than two numbers")
        return cls.of(table, scale, is_of_school=is_of_school)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """All results, the best first."""
        return (*(step.value for step in self.steps), self.floor)

    @cached_property
    def best(self) -> int:
        return max(self.scores.values())

    @cached_property
    def worst(self) -> int:
        return min(self.scores.values())

    @cached_property
    def unit(self) -> float:
        """How many points of this scale one point of the five-point scale is."""
        return self.best / 500

    def results(self, sums: Sums) -> tuple[str, ...]:
        """Return the mark of the average, unrounded, or the two between which the teacher decides."""
        if not sums.parts:
            return ()
        for place, step in enumerate(self.steps):
            if sums.reaches(step.bound):
                return (step.value,)
            if sums.reaches(step.bound - self.disputed):
                return (step.value, self.values[place + 1])
        return (self.floor,)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to come in the period: lessons, works already planned, works owed."""

    lessons: int = 0
    held: int = 0  # lessons of the period that were given: they show how often marks are set
    works: tuple[Decimal, ...] = ()  # weights of the planned works; each takes one of the lessons
    owed: tuple[Decimal, ...] = ()  # weights of works that the pupil still owes


@dataclass(frozen=True, slots=True)
class Coming:
    """Marks to come as the forecast counts them: the likely sums, and the heaviest possible."""

    parts: float
    squares: float
    heaviest: float

    @classmethod
    def of(cls, rest: Rest, known: Sums, *, weighted: bool) -> Self:
        sure = [float(w) if weighted else 1.0 for w in (*rest.works, *rest.owed)]
        free = max(0, rest.lessons - len(rest.works))
        often = (known.count + USUAL_MARKS) / (max(rest.held, known.count) + USUAL_LESSONS)
        usual = known.weight / known.count if known.count else 1.0
        likely = free * often
        return cls(
            parts=sum(sure) + likely * usual,
            squares=sum(w * w for w in sure) + likely * usual * usual,
            heaviest=sum(sure) + free * (HEAVIEST if weighted else 1.0),
        )


@dataclass(frozen=True, slots=True)
class Chance:
    value: str
    probability: float


@dataclass(frozen=True, slots=True)
class Needed:
    """So many marks `by` in a row, of weight 1 and nothing else, give `value`."""

    value: str
    by: str
    count: int
    fits: bool  # there are lessons enough


@dataclass(frozen=True, slots=True)
class Why:
    """The data that speak: `journal.forecast_words` puts them into a sentence."""

    average: int | None  # in hundredths
    count: int
    now: tuple[str, ...]  # what the rule gives today's average: one mark or two disputed
    share_left: float  # of the final average
    lessons_left: int = 0
    works_left: int = 0
    owed: int = 0
    past: tuple[int, ...] = ()  # averages of the finished periods, in hundredths
    marks_missing: int = 0  # to the rule's least number of marks
    by_school_rule: bool = True
    weighted: bool = True
    periods_left: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The chances of every final mark, the best first; they sum to one."""

    chances: tuple[Chance, ...]
    why: Why
    needed: Needed | None = None

    @property
    def likeliest(self) -> Chance:
        """The likeliest mark; of equal ones the lower: a forecast promises nothing."""
        return max(reversed(self.chances), key=lambda chance: chance.probability)

    @property
    def is_settled(self) -> bool:
        """Nothing is to come: the rule's mark, or the teacher's choice of two."""
        return self.why.share_left == 0

    @property
    def has_few_marks(self) -> bool:
        return self.why.count < FEW and not self.is_settled

    def likely(self, level: float = 0.8) -> tuple[Chance, ...]:
        """Return the fewest marks that hold the final one with at least this probability."""
        ranked = sorted(self.chances, key=lambda chance: -chance.probability)
        found: list[Chance] = []
        while sum(one.probability for one in found) < level - 1e-9 and ranked:
            found.append(ranked.pop(0))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Level:
    """What is believed of a pupil's level: mean and variance."""

    mean: float
    variance: float

    unit: float  # points of the scale in one point of the five-point scale
    habits: Habits

    def after(self, known: Sums) -> "Level":
        """Return the belief after these marks: the fewer they are, the more the old one holds."""
        if not known.parts:
            return self
        pull = self.variance / (self.variance + known.noise * self.unit**2)
        return replace(
            self,
            mean=self.mean + pull * (known.mean - self.mean),
            variance=self.variance * (1 - pull),
        )

    def later(self) -> "Level":
        """Return the belief about what comes after: pupils change, a little for the better."""
        return replace(
            self,
            mean=self.mean + self.habits.lift * self.unit,
            variance=self.variance + (self.habits.drift * self.unit) ** 2,
        )


def of_period(
    known: Sums,
    rest: Rest,
    rule: Rule,
    *,
    peers: float | None = None,
    past: Sequence[Sums] = (),
    habits: Habits = CALIBRATED,
) -> Forecast | None:
    """Forecast a period's mark from its marks so far, the finished periods and the group's average.

    None if there is no mark and none will come.
    """
    coming = Coming.of(rest, known, weighted=rule.weighted)
    if not known.parts and not coming.parts:
        return None
    before = sum(past, NOTHING)
    level = _begin(rule, known + before, peers, habits)
    if before.parts:
        level = level.after(before).later()
    level = level.after(known).later()
    share = coming.parts / (known.weight + coming.parts)
    mean, deviation = _outlook(level, known, share, coming)
    return Forecast(
        chances=_chances(rule, mean, deviation, _reach(known, coming.heaviest, rule)),
        needed=needed(known, rule, lessons=rest.lessons + len(rest.owed)),
        why=Why(
            average=known.average,
            count=known.count,
            now=rule.results(known),
            share_left=share,
            lessons_left=rest.lessons,
            works_left=len(rest.works),
            owed=len(rest.owed),
            past=tuple(one.average for one in past if one.average is not None),
            marks_missing=max(0, rule.fewest - known.count),
            by_school_rule=rule.is_of_school,
            weighted=rule.weighted,
        ),
    )


def of_year(
    results: Sequence[Decimal | float],
    shown: Sums,
    rule: Rule,
    *,
    periods_left: int,
    peers: float | None = None,
    is_mean: bool = True,
    habits: Habits = CALIBRATED,
) -> Forecast | None:
    """Forecast a year's mark: the mean of the period marks, those to come by the level `shown`.

    `shown` are all marks of the year, or what stands for them. Where the final is the teacher's
    judgement rather than a mean (`is_mean` false), nothing is beyond reach while a period is left.
    None if there is no period at all.
    """
    known = sum((Sums.standing_for(result, 1) for result in results), NOTHING)
    if not known.parts and not periods_left:
        return None
    level = _begin(rule, shown, peers, habits).after(shown).later()
    share = periods_left / (periods_left + len(results))
    marks = periods_left * PERIOD_STANDS_FOR
    mean, deviation = _outlook(level, known, share, Coming(marks, marks, periods_left))
    reach = _reach(known, periods_left if is_mean or not periods_left else ANYTHING, rule)
    return Forecast(
        chances=_chances(rule, mean, deviation, reach),
        why=Why(
            average=known.average,
            count=shown.count,
            now=rule.results(known),
            share_left=share,
            by_school_rule=rule.is_of_school,
            periods_left=periods_left,
        ),
    )


def _begin(rule: Rule, known: Sums, peers: float | None, habits: Habits) -> Level:
    """Return the belief before any mark of hers: the group's average, as wide as pupils differ."""
    if peers is None:
        peers = known.mean if known.parts else (rule.best + rule.worst) / 200
    return Level(peers, (habits.spread * rule.unit) ** 2, rule.unit, habits)


def _outlook(level: Level, known: Sums, share: float, coming: Coming) -> tuple[float, float]:
    """Return mean and standard deviation of the final average."""
    if share == 0:
        return known.mean, 0.0
    chance = SCATTER * level.unit**2 * coming.squares / coming.parts**2
    have = (1 - share) * known.mean if known.parts else 0.0
    return have + share * level.mean, share * math.sqrt(level.variance + chance)


def _reach(known: Sums, heaviest: float, rule: Rule) -> Reach:
    weight = round(heaviest * 100)
    return known.with_more(rule.worst, weight), known.with_more(rule.best, weight)


def _chances(rule: Rule, mean: float, deviation: float, reach: Reach) -> tuple[Chance, ...]:
    """Cut the final average into marks."""
    at_least = [0.0]
    for step in rule.steps:
        at_least.append(max(at_least[-1], _at_least(rule, step, mean, deviation, reach)))
    at_least.append(1.0)
    return tuple(
        Chance(value, so_far - better)
        for value, (better, so_far) in zip(rule.values, pairwise(at_least), strict=True)
    )


def _at_least(rule: Rule, step: Step, mean: float, deviation: float, reach: Reach) -> float:
    """Return the chance of this mark or a better one."""
    low, high = reach
    open_from = step.bound - rule.disputed
    if low.reaches(step.bound):
        return 1.0
    if not high.reaches(open_from):
        return 0.0
    if deviation == 0:
        return (low.mean * 100 - open_from) / rule.disputed
    return _beyond(mean, deviation, open_from / 100, step.bound / 100)


def _beyond(mean: float, deviation: float, first: float, last: float) -> float:
    """Return the chance that the average passes a bound that lies anywhere from `first` to `last`."""
    if first == last:
        return _normal((mean - first) / deviation)
    low, high = (mean - last) / deviation, (mean - first) / deviation
    return min(1.0, max(0.0, (_sum_normal(high) - _sum_normal(low)) / (high - low)))


def _normal(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def _sum_normal(z: float) -> float:
    """Return the integral of the normal distribution function up to z."""
    return z * _normal(z) + math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def needed(known: Sums, rule: Rule, *, lessons: int) -> Needed | None:
    """Return what the next mark needs: so many good marks in a row. None at the top or out of reach."""
    now = rule.results(known)
    if not now or now == rule.values[:1]:
        return None
    place = rule.values.index(now[-1])
    step = rule.steps[place - 1]
    # «4» is reached by fives, «3» by fours; on a fine scale by the best mark.
    by = rule.values[max(0, place - 2)] if len(rule.values) < FINE_SCALE else rule.values[0]
    gain = 100 * (rule.scores[by] - step.bound)
    if gain <= 0:
        return None
    # (total + 100·n·score) / (parts + 100·n) is at least the bound.
    count = -(-(step.bound * known.parts - known.total) // gain)
    return Needed(step.value, by, count, fits=count <= lessons)
