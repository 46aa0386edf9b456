"""Indicators by the formulas of domain.md §2.4: oracles worked by hand, and properties."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.indicators import (
    Indicators,
    Level,
    Outcome,
    Standing,
    attendance,
    indicators,
    level_of,
    percent,
    saturation,
    standing_of,
)
from journal.norms import Levels

SCHOOL = Levels()
FIVES = st.builds(Outcome, score=st.sampled_from([Decimal(n) for n in range(1, 6)]))
WORDS = st.sampled_from([
    Outcome("exempt"), Outcome("deferred"), Outcome("mark", None, "pass_fail"),
    Outcome("mark", Decimal(87), "hundred"),
])  # fmt: skip
MISSED = st.just(Outcome("not_assessed"))
RESULTS = st.lists(st.one_of(FIVES, MISSED, WORDS), max_size=40)


def five(*scores: int) -> list[Outcome]:
    return [Outcome(score=Decimal(score)) for score in scores]


def told(found: Indicators) -> tuple[Decimal | None, ...]:
    return (found.success, found.quality, found.degree, found.average)


def test_a_class_by_hand() -> None:
    # 5 fives, 10 fours, 8 threes, 1 two, 1 «н/а», 2 «осв»: N = 25
    marks = five(*[5] * 5, *[4] * 10, *[3] * 8, 2)
    found = indicators([*marks, Outcome("not_assessed"), *[Outcome("exempt")] * 2], SCHOOL)
    assert found.size == 25
    # 23/25; 15/25; (500 + 640 + 288 + 16 + 7) / 25 = 1451/25; (25 + 40 + 24 + 2) / 24 = 3,7916…
    assert told(found) == (Decimal(92), Decimal(60), Decimal("58.04"), Decimal("3.79"))


def test_thirds_are_rounded_half_up_to_two_places() -> None:
    found = indicators(five(5, 4, 2), SCHOOL)
    assert told(found) == (Decimal("66.67"), Decimal("66.67"), Decimal(60), Decimal("3.67"))
    assert percent(1, 16) == Decimal("6.25")
    assert percent(1, 32) == Decimal("3.13")  # 3,125: a half goes up


def test_the_coefficients_are_the_schools() -> None:
    own = Levels(two=Decimal(14), not_assessed=Decimal(8))
    assert indicators([*five(2), Outcome("not_assessed")], SCHOOL).degree == Decimal("11.50")
    assert indicators([*five(2), Outcome("not_assessed")], own).degree == Decimal(11)


@pytest.mark.parametrize(
    ("scale", "scores"),
    [("five", (5, 4, 3, 2)), ("ten", (9, 7, 5, 4)), ("twelve", (10, 7, 4, 3))],
)
def test_a_level_takes_several_points_of_a_longer_scale(
    scale: str, scores: tuple[int, ...]
) -> None:
    levels = [level_of(Outcome("mark", Decimal(score), scale)) for score in scores]
    assert levels == [Level.FIVE, Level.FOUR, Level.THREE, Level.TWO]


def test_ten_points_by_hand() -> None:
    marks = [Outcome("mark", Decimal(n), "ten") for n in (10, 9, 8, 7, 6, 5, 4)]
    found = indicators(marks, SCHOOL)
    assert [found.count(level) for level in ("five", "four", "three", "two")] == [2, 2, 2, 1]
    # 6/7; 4/7; (200 + 128 + 72 + 16) / 7 = 416/7; 49/7
    assert told(found) == (Decimal("85.71"), Decimal("57.14"), Decimal("59.43"), Decimal(7))


def test_nothing_is_not_nought() -> None:
    assert told(indicators([], SCHOOL)) == (None,) * 4
    assert told(indicators([Outcome("exempt")], SCHOOL)) == (None,) * 4
    assert (saturation(3, 0), attendance(0, 0)) == (None, None)


def test_accumulation_and_attendance_by_hand() -> None:
    assert saturation(60, 25 * 8) == Decimal("0.30")
    assert attendance(14, 25 * 8) == Decimal(93)


@given(RESULTS)
def test_every_indicator_stays_in_its_bounds(results: list[Outcome]) -> None:
    found = indicators(results, SCHOOL)
    for value in (found.success, found.quality, found.degree):
        assert value is None or 0 <= value <= 100
    if found.success is not None and found.quality is not None:
        assert found.quality <= found.success
    assert found.average is None or 1 <= found.average <= 5


@given(st.integers(1, 60))
def test_all_fives_are_a_hundred_everywhere(pupils: int) -> None:
    found = indicators(five(*[5] * pupils), SCHOOL)
    assert told(found) == (Decimal(100), Decimal(100), Decimal(100), Decimal(5))


@given(RESULTS, st.lists(WORDS, max_size=10))
def test_who_is_outside_of_the_count_changes_nothing(
    results: list[Outcome], outside: list[Outcome]
) -> None:
    assert indicators([*results, *outside], SCHOOL) == indicators(results, SCHOOL)


@given(st.lists(FIVES, min_size=1, max_size=30))
def test_one_not_assessed_only_lowers_the_percentages(results: list[Outcome]) -> None:
    before = indicators(results, SCHOOL)
    after = indicators([*results, Outcome("not_assessed")], SCHOOL)
    assert after.average == before.average
    assert after.success is not None
    assert before.success is not None
    assert after.success <= before.success


@given(RESULTS)
def test_percentages_equal_the_exact_fraction(results: list[Outcome]) -> None:
    found = indicators(results, SCHOOL)
    if found.degree is None:
        return
    weights = {"five": 100, "four": 64, "three": 36, "two": 16, "not_assessed": 7}
    exact = Fraction(sum(weights[level] * n for level, n in found.counts.items()), found.size)
    assert abs(Fraction(found.degree) - exact) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("marks", "standing"),
    [
        ("555", Standing.EXCELLENT), ("554", Standing.ONE_FOUR), ("544", Standing.GOOD), ("444", Standing.GOOD),
        ("4", Standing.GOOD), ("553", Standing.ONE_THREE), ("433", Standing.PLAIN), ("552", Standing.FAILING),
        ("55н", Standing.NOT_ASSESSED), ("52н", Standing.FAILING), ("", Standing.NONE),
    ],
)  # fmt: skip
def test_a_pupil_stands_on_one_line_of_the_report(marks: str, standing: Standing) -> None:
    levels = {"5": Level.FIVE, "4": Level.FOUR, "3": Level.THREE, "2": Level.TWO, "н": Level.NOT_ASSESSED}  # fmt: skip
    assert standing_of([levels[mark] for mark in marks]) is standing
