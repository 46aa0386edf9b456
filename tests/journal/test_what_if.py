"""«Что если получить 5?»: the same arithmetic as the forecast, by hand and for any marks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.forecast import NOTHING, Rest, Rule, Sums
from journal.grading import Scored
from journal.what_if import MOST, Basis

FIVE = {"5": 5.0, "4": 4.0, "3": 3.0, "2": 2.0}
RULE = Rule.rounding(FIVE)
PLAIN = Rule(RULE.steps, RULE.floor, RULE.scores, weighted=False)
REST = Rest(lessons=10, held=6, works=(Decimal(2),))


def of(*scores: int) -> Sums:
    return Sums.of([Scored(Decimal(score)) for score in scores])


def test_the_average_with_the_marks_is_the_one_that_anybody_can_work_out() -> None:
    """By hand: (4 + 4 + 3 + 5 + 5) / 5 = 4,20; with weight 2 for the fives (11 + 20) / 7 = 4,43."""
    basis = Basis(of(4, 4, 3), REST, RULE)
    tried = basis.with_marks({"5": 2})
    assert (tried.known.average, tried.known.count) == (420, 5)
    assert RULE.results(tried.known) == ("4",)
    assert basis.with_marks({"5": 2}, weight=200).known.average == 443
    assert RULE.results(basis.with_marks({"5": 5}).known) == ("5",)


def test_marks_take_the_lessons_that_are_left() -> None:
    basis = Basis(of(4, 4, 3), REST, RULE)
    tried = basis.with_marks({"5": 3, "4": 2})
    assert (tried.rest.lessons, tried.rest.held, tried.rest.works) == (5, 11, (Decimal(2),))
    everything = basis.with_marks({"5": 9, "4": 9})
    assert (everything.rest.lessons, everything.rest.works) == (0, ())
    settled = everything.forecast()
    assert settled is not None
    assert settled.is_settled


def test_nothing_tried_is_the_forecast_itself() -> None:
    basis = Basis(of(5, 4, 4), REST, RULE, peers=3.9, past=(of(4, 4),))
    assert basis.with_marks({}) == basis
    assert basis.with_marks({"5": 0, "н": 3, "4": -2}) == basis


def test_no_more_than_nine_of_a_value_are_tried() -> None:
    assert Basis(NOTHING, REST, RULE).with_marks({"5": 10_000}).known.count == MOST


def test_where_the_school_does_not_weigh_the_weight_does_nothing() -> None:
    plain = Basis(of(4, 4, 3), REST, PLAIN)
    assert plain.with_marks({"5": 1}, weight=300) == plain.with_marks({"5": 1})


@pytest.mark.slow
@given(
    marks=st.lists(st.sampled_from([2, 3, 4, 5]), min_size=1, max_size=12),
    lessons=st.integers(0, 20),
    tried=st.integers(1, 9),
)
def test_fives_never_make_what_the_average_gives_worse_nor_twos_better(
    marks: list[int], lessons: int, tried: int
) -> None:
    basis = Basis(of(*marks), Rest(lessons=lessons, held=len(marks)), RULE)
    before = int(RULE.results(basis.known)[0])
    assert int(RULE.results(basis.with_marks({"5": tried}).known)[0]) >= before
    assert int(RULE.results(basis.with_marks({"2": tried}).known)[0]) <= before
