"""The forecast's arithmetic: hand-worked oracles and properties."""

import math
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.forecast import (
    CALIBRATED,
    NOTHING,
    Chance,
    Forecast,
    Needed,
    Rest,
    Rule,
    Scale,
    Step,
    Sums,
    needed,
    of_period,
    of_year,
)
from journal.grading import Scored
from journal.proposals import Sums as Total
from journal.proposals import Table, propose, table_of

FIVE = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "зач": None}
BOUNDS = {"5": "4.65", "4": "3.65", "3": "2.65"}


def ruled(bounds: dict[str, str], scale: Scale = FIVE, **more: Any) -> Rule:
    table = table_of(bounds=bounds, scale=scale, **more)
    assert table
    return Rule.of(table, scale, hours=Decimal(3))


STRICT = ruled(BOUNDS)
DISPUTED = ruled(BOUNDS, disputed=Decimal("0.15"))
ROUNDING = Rule.rounding(FIVE)
RULES = st.sampled_from([STRICT, DISPUTED, ROUNDING])
WEIGHTS = st.sampled_from([Decimal(1), Decimal("1.5"), Decimal(2)])
SCORED = st.builds(Scored, score=st.integers(2, 5).map(Decimal), weight=WEIGHTS)
MARKS = st.lists(SCORED, max_size=12)
RESTS = st.builds(
    Rest,
    lessons=st.integers(0, 20),
    held=st.integers(0, 30),
    works=st.lists(WEIGHTS, max_size=2).map(tuple),
    owed=st.lists(WEIGHTS, max_size=2).map(tuple),
)
OVER = Rest()
PATIENT = settings(deadline=None)  # a busy machine is no fault of the arithmetic
PEERS = st.none() | st.floats(2, 5)
PAST = st.lists(st.lists(SCORED, min_size=1, max_size=6).map(Sums.of), max_size=3)


def marks(*values: int | tuple[int, str]) -> Sums:
    pairs = [one if isinstance(one, tuple) else (one, "1") for one in values]
    return Sums.of(Scored(Decimal(score), Decimal(weight)) for score, weight in pairs)


def made(found: Forecast | None) -> Forecast:
    assert found is not None
    return found


def said(found: Forecast) -> dict[str, float]:
    return {one.value: one.probability for one in found.chances}


def at_least(found: Forecast) -> list[float]:
    """The chance of the best mark, of the two best, …."""
    return list(accumulate(one.probability for one in found.chances))


# --- oracles by hand ---


def test_sums_by_hand() -> None:
    # 5 of weight 1 and 3 of weight 2: (5 + 6) / 3 = 3,67; noise 0,5 · (1 + 4) / 9.
    found = marks(5, (3, "2"))
    assert (found.count, found.average) == (2, 367)
    assert found.noise == pytest.approx(0.5 * 5 / 9)
    assert marks(5, (3, "2")) + NOTHING == found


def test_words_and_uncounted_works_are_nothing() -> None:
    assert Sums.of([Scored(None), Scored(Decimal(5), Decimal(1), counts=False)]) == NOTHING


def averaging(hundredths: int, marks: int = 1) -> Sums:
    return Sums(marks, hundredths * 100 * marks, 100 * marks, 10_000 * marks)


@pytest.mark.parametrize(
    ("average", "expected"),
    [(500, "5"), (465, "5"), (464, "4"), (365, "4"), (364, "3"), (265, "3"), (264, "2")],
)
def test_a_table_without_a_disputed_zone(average: int, expected: str) -> None:
    # domain.md §2.3: 5 = 4,65-5; 4 = 3,65-4,64; 3 = 2,65-3,64.
    assert STRICT.results(averaging(average)) == (expected,)


def test_an_average_is_not_rounded_up_to_a_bound() -> None:
    # 4,6486… is shown as 4,65 elsewhere; the bound wants 4,65.
    assert STRICT.results(marks(*[5] * 24, *[4] * 13)) == ("4",)


def test_in_the_disputed_zone_the_teacher_has_two() -> None:
    assert DISPUTED.results(averaging(450)) == ("5", "4")
    assert DISPUTED.results(averaging(449)) == ("4",)
    assert DISPUTED.results(averaging(260)) == ("3", "2")
    assert DISPUTED.results(NOTHING) == ()


def test_ordinary_rounding_is_for_schools_without_a_table() -> None:
    assert ROUNDING.steps == (Step("5", 450), Step("4", 350), Step("3", 250))
    assert (ROUNDING.floor, ROUNDING.is_of_school) == ("2", False)
    ten = Rule.rounding({str(n): n for n in range(1, 11)})
    assert (ten.results(averaging(850)), ten.results(averaging(849))) == (("9",), ("8",))
    assert ten.unit == 2.0


def test_a_rule_that_does_not_fit_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the scale"):
        ruled({"6": "5.5"})
    with pytest.raises(ValueError, match="fewer than two numbers"):
        Rule.rounding({"зач": None})


def test_a_period_by_hand() -> None:
    # Marks 4, 4, 5 of weight 1, one planned work of weight 1, the group's average 4.
    # Level: 4 ± 0,915, so 0,837225; noise 0,5 / 3 = 0,166667; pull = 0,837225 / 1,003892 = 0,833979;
    # mean 4 + 0,833979 / 3 = 4,277993, variance 0,837225 · 0,166021 = 0,138997.
    # Later: 4,397993 and 0,138997 + 0,525² = 0,414622; one mark adds 0,5: 0,914622.
    # Final average: 0,75 · 4,333333 + 0,25 · 4,397993 = 4,349498 ± 0,25 · 0,956359 = 0,239090.
    # P(≥ 4,5) = Φ(-0,629478) = 0,264519; «3» is out of reach: (13 + 1) / 4 = 3,5.
    rest = Rest(lessons=1, works=(Decimal(1),))
    found = made(of_period(marks(4, 4, 5), rest, ROUNDING, peers=4.0))
    assert found.why.share_left == pytest.approx(0.25)
    assert at_least(found) == pytest.approx([0.264518, 1, 1, 1], abs=1e-5)


def test_a_mark_that_cannot_be_reached_has_no_chance() -> None:
    # (4 + 4 + 4 + 5 + 5) / 5 = 4,4 at best.
    rest = Rest(lessons=1, works=(Decimal(1),))
    assert said(made(of_period(marks(4, 4, 4, 5), rest, ROUNDING)))["5"] == 0


def test_a_year_by_hand() -> None:
    # Periods 4 and 4, one of three left; eight marks of the average 4 in a group of 4.
    # Noise 0,0625, variance 0,837225 · 0,0625 / 0,899725 = 0,058158; later 4,12, 0,333783.
    # The coming period stands for six marks: + 0,5 / 6 = 0,417117; ± √ / 3 = 0,215282.
    # Mean 8/3 + 4,12/3 = 4,04; P(≥ 4,5) = Φ(-2,136732) = 0,016310: but (4 + 4 + 5) / 3 = 4,33 at best.
    shown = marks(4, 4, 4, 4, 4, 4, 4, 4)
    judged = made(of_year([4, 4], shown, ROUNDING, periods_left=1, peers=4.0, is_mean=False))
    assert said(judged)["5"] == pytest.approx(0.016310, abs=1e-5)
    mean = made(of_year([4, 4], shown, ROUNDING, periods_left=1, peers=4.0))
    assert said(mean)["5"] == 0


def test_a_year_with_all_its_periods_is_their_mean_rounded() -> None:
    found = made(of_year([3, 4, 4, 3], marks(3, 4), ROUNDING, periods_left=0))
    assert said(found) == {"5": 0, "4": 1, "3": 0, "2": 0}  # 3,5 → 4
    assert found.is_settled
    assert of_year([], NOTHING, ROUNDING, periods_left=0) is None


def test_nothing_known_and_nothing_to_come_is_no_forecast() -> None:
    assert of_period(NOTHING, OVER, STRICT) is None


def test_in_the_disputed_zone_both_marks_have_their_chance() -> None:
    # 4,60 lies 0,10 above the zone's beginning 4,50 of 0,15: two thirds for «5».
    found = made(of_period(marks(5, 5, 5, 4, 4), OVER, DISPUTED))
    assert found.why.now == ("5", "4")
    assert said(found) == pytest.approx({"5": 2 / 3, "4": 1 / 3, "3": 0, "2": 0})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        # (13 + 5n) / (4 + n) ≥ 3,65, by fives: (13 + 10) / 6 = 3,83 suffices, 18 / 5 = 3,60 does not.
        (marks(3, 3, 3, 4), Needed("4", "5", 2, fits=True)),
        # 4,25 → 4,65: (17 + 5n) / (4 + n): n = 5 gives 42 / 9 = 4,67, n = 4 gives 37 / 8 = 4,63.
        (marks(4, 4, 4, 5), Needed("5", "5", 5, fits=True)),
        # 2 → 2,65 by fours: (4 + 4n) / (2 + n): n = 1 gives 2,67.
        (marks(2, 2), Needed("3", "4", 1, fits=True)),
        # (24 + 5n) / (6 + n) ≥ 4,65: n = 11 gives 79 / 17 = 4,647, n = 12 gives 84 / 18 = 4,667.
        (marks(*[4] * 6), Needed("5", "5", 12, fits=False)),
        (marks(5, 5), None),  # the best already
        (NOTHING, None),
    ],
)
def test_marks_needed_by_hand(known: Sums, expected: Needed | None) -> None:
    assert needed(known, STRICT, lessons=10) == expected


def test_on_a_fine_scale_the_best_marks_are_counted() -> None:
    hundred = ruled({str(n): str(n) for n in range(1, 101)}, {str(n): n for n in range(101)})
    assert needed(marks(50), hundred, lessons=3) == Needed("51", "100", 1, fits=True)


def test_a_bound_that_is_the_best_mark_can_be_out_of_reach_of_any_lower_one() -> None:
    perfect = ruled({"5": "5", "4": "4", "3": "3"})
    assert needed(marks(4), perfect, lessons=5) is None


def test_a_debt_is_a_mark_to_come() -> None:
    found = made(of_period(marks(4), Rest(owed=(Decimal(2),)), ROUNDING))
    assert found.why.owed == 1
    assert found.why.share_left == pytest.approx(2 / 3)
    assert said(made(of_period(marks(4), OVER, ROUNDING)))["4"] == 1


def test_few_marks_are_said_to_be_few() -> None:
    rest = Rest(lessons=10, held=10)
    assert made(of_period(marks(4, 4), rest, STRICT)).has_few_marks
    assert not made(of_period(marks(4, 4, 4), rest, STRICT)).has_few_marks
    assert not made(of_period(marks(4, 4), OVER, STRICT)).has_few_marks
    short = ruled(BOUNDS, minimum=[[2, 3], [40, 5]])
    assert made(of_period(marks(4, 4), rest, short)).why.marks_missing == 3


def test_an_80_per_cent_statement_takes_the_fewest_marks() -> None:
    chances = (Chance("5", 0.15), Chance("4", 0.7), Chance("3", 0.15), Chance("2", 0.0))
    found = made(of_period(marks(4), OVER, STRICT))
    found = Forecast(chances, found.why)
    assert [one.value for one in found.likely()] == ["4", "5"]
    assert [one.value for one in found.likely(0.7)] == ["4"]
    even = Forecast((Chance("5", 0.5), Chance("4", 0.5)), found.why)
    assert even.likeliest.value == "4"  # of two equal ones the lower: nothing is promised


# --- properties ---


@PATIENT
@given(MARKS, RESTS, RULES, PEERS, PAST)
def test_chances_sum_to_one(
    known: list[Scored], rest: Rest, rule: Rule, peers: float | None, past: list[Sums]
) -> None:
    found = of_period(Sums.of(known), rest, rule, peers=peers, past=past)
    if found is None:
        assert not known
        assert rest.lessons == 0
        return
    assert math.fsum(one.probability for one in found.chances) == pytest.approx(1)
    assert all(0 <= one.probability <= 1 for one in found.chances)
    assert [one.value for one in found.chances] == ["5", "4", "3", "2"]
    assert math.fsum(one.probability for one in found.likely()) >= 0.8 - 1e-9


@PATIENT
@given(MARKS.filter(bool), st.data(), RESTS, RULES, PEERS, PAST)
def test_a_better_mark_never_makes_the_outlook_worse(
    known: list[Scored],
    data: st.DataObject,
    rest: Rest,
    rule: Rule,
    peers: float | None,
    past: list[Sums],
) -> None:
    place = data.draw(st.integers(0, len(known) - 1))
    before = known[place]
    assert before.score is not None
    score = data.draw(st.integers(int(before.score), 5))
    better = [*known[:place], Scored(Decimal(score), before.weight), *known[place + 1 :]]
    worse_found = made(of_period(Sums.of(known), rest, rule, peers=peers, past=past))
    better_found = made(of_period(Sums.of(better), rest, rule, peers=peers, past=past))
    for less, more in zip(at_least(worse_found), at_least(better_found), strict=True):
        assert more >= less - 1e-9


@PATIENT
@given(st.lists(st.integers(2, 5), min_size=1, max_size=4), st.data(), st.integers(0, 3), PEERS)
def test_a_better_period_never_makes_the_year_worse(
    results: list[int], data: st.DataObject, left: int, peers: float | None
) -> None:
    place = data.draw(st.integers(0, len(results) - 1))
    better = list(results)
    better[place] = data.draw(st.integers(results[place], 5))

    def year(of: list[int]) -> Forecast:
        return made(of_year(of, marks(*of), ROUNDING, periods_left=left, peers=peers))

    for less, more in zip(at_least(year(results)), at_least(year(better)), strict=True):
        assert more >= less - 1e-9


@PATIENT
@given(MARKS, st.randoms(use_true_random=False), RESTS, RULES)
def test_the_order_of_marks_does_not_matter(
    known: list[Scored], random: Random, rest: Rest, rule: Rule
) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)
    assert of_period(Sums.of(shuffled), rest, rule) == of_period(Sums.of(known), rest, rule)


@PATIENT
@given(MARKS.filter(bool), RULES, PEERS, PAST)
def test_with_no_marks_left_the_forecast_is_what_closing_proposes(
    known: list[Scored], rule: Rule, peers: float | None, past: list[Sums]
) -> None:
    sums = Sums.of(known)
    found = made(of_period(sums, OVER, rule, peers=peers, past=past))
    assert found.is_settled
    table = Table(
        tuple((Decimal(step.bound) / 100, step.value) for step in rule.steps),
        rule.floor,
        Decimal(rule.disputed) / 100,
    )
    pairs = [(one.score or Decimal(0), one.weight) for one in known]
    total = Total(
        len(pairs),
        sum((score for score, _ in pairs), Decimal(0)),
        sum((score * weight for score, weight in pairs), Decimal(0)),
        sum((weight for _, weight in pairs), Decimal(0)),
    )
    proposed = propose(total, table, hours=Decimal(1)).values
    assert found.why.now == proposed
    if len(proposed) == 1:
        assert said(found) == {mark: float(mark == proposed[0]) for mark in rule.values}
    else:
        assert math.fsum(said(found)[mark] for mark in proposed) == pytest.approx(1)


@PATIENT
@given(MARKS.filter(bool), RULES)
def test_needed_marks_suffice_and_one_fewer_does_not(known: list[Scored], rule: Rule) -> None:
    sums = Sums.of(known)
    found = needed(sums, rule, lessons=30)
    if found is None:
        assert rule.results(sums) == ("5",)
        return
    order = rule.values

    def after(count: int) -> str:
        more = Sums.of([Scored(Decimal(found.by))] * count)
        return rule.results(sums + more)[-1]  # what is sure, not what the teacher may give

    assert order.index(after(found.count)) <= order.index(found.value)
    assert order.index(after(found.count - 1)) > order.index(found.value)
    assert found.fits == (found.count <= 30)


@PATIENT
@given(MARKS.filter(bool), RESTS, PEERS)
def test_another_scale_says_the_same(known: list[Scored], rest: Rest, peers: float | None) -> None:
    """A ten-point scale that doubles every mark and bound forecasts alike."""
    ten = ruled({"10": "9", "8": "7", "6": "5"}, {str(n): n for n in (10, 8, 6, 4, 2)})
    double = [Scored((one.score or 0) * 2, one.weight) for one in known]
    here = made(of_period(Sums.of(known), rest, ROUNDING, peers=peers))
    there = made(of_period(Sums.of(double), rest, ten, peers=None if peers is None else peers * 2))
    assert [one.probability for one in there.chances] == pytest.approx(
        [one.probability for one in here.chances], abs=0.02
    )


def test_more_marks_narrow_the_outlook() -> None:
    """The same average, the same share to come: with more marks behind it the likeliest is surer."""
    rest = Rest(lessons=12, held=12, works=(Decimal(1),) * 3)
    few = made(of_period(marks(4, 4, 4), rest, ROUNDING, peers=3.0))
    many = made(of_period(marks(*[4] * 12), rest, ROUNDING, peers=3.0))
    assert many.likeliest.probability > few.likeliest.probability
    assert CALIBRATED.drift > 0
