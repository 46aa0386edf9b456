"""What is proposed for the marks of a period: exact at every border; worked by hand from domain.md §2.

The worked example of the page quoted in domain.md §2.2 (5 of weight 3, 5 of weight 1, 4 of weight 5 called
4,33) is wrong: the arithmetic is 40/9 = 4,44. It is here with its right value only.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.proposals import (
    NOTHING,
    PeriodResult,
    Proposal,
    Sums,
    Table,
    YearRule,
    asks_reason,
    propose,
    propose_year,
    shown_average,
    table_of,
)

FIVE = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "зач": None}
ONE = Decimal(1)


def table(disputed: str = "0.15", **more: object) -> Table:
    """The table of Новосибирск (domain.md §2.3): 5 from 4,65, 4 from 3,65, 3 from 2,65."""
    bounds = {"5": 4.65, "4": "3.65", "3": 2.65}
    made = table_of(bounds=bounds, scale=FIVE, disputed=Decimal(disputed), **more)  # type: ignore[arg-type]
    assert made
    return made


def sums(*marks: tuple[int, str] | int) -> Sums:
    pairs = [(Decimal(m), ONE) if isinstance(m, int) else (Decimal(m[0]), Decimal(m[1])) for m in marks]  # fmt: skip
    return Sums(
        len(pairs),
        sum((s for s, _ in pairs), Decimal(0)),
        sum((s * w for s, w in pairs), Decimal(0)),
        sum((w for _, w in pairs), Decimal(0)),
    )


def of(total: str, count: int) -> Sums:
    """Marks that add up to `total`."""
    return Sums(count, Decimal(total), Decimal(total), Decimal(count))


@pytest.mark.parametrize(
    ("total", "count", "values"),
    [
        ("93", 20, ("5",)),  # 4,65 exactly
        ("4649", 1000, ("5", "4")),  # 4,649: under the bound, in the zone
        ("90", 20, ("5", "4")),  # 4,50: the zone's own border
        ("4499", 1000, ("4",)),  # 4,499: under the zone
        ("73", 20, ("4",)),  # 3,65
        ("72.98", 20, ("4", "3")),
        ("53", 20, ("3",)),  # 2,65
        ("52", 20, ("3", "2")),  # 2,60
        ("49", 20, ("2",)),  # 2,45
        ("100", 20, ("5",)),
        ("20", 20, ("2",)),  # all ones: the worst that the table knows is the next below «3»
    ],
)
def test_the_borders_of_the_table_are_exact(
    total: str, count: int, values: tuple[str, ...]
) -> None:
    proposal = propose(of(total, count), table(), hours=ONE)
    assert proposal.values == values
    assert proposal.state == ("sure" if len(values) == 1 else "disputed")


def test_a_weighted_average_by_hand() -> None:
    marks = sums((5, "3"), (5, "1"), (4, "5"))
    assert (
        shown_average(marks, table()) == "4,44"
    )  # 40/9; the page in domain.md says 4,33 and is wrong
    assert shown_average(marks, table(weighted=False)) == "4,67"  # 14/3
    assert propose(marks, table("0"), hours=ONE).values == ("4",)
    assert propose(marks, table("0", weighted=False), hours=ONE).values == ("5",)


def test_an_average_is_never_shown_over_a_bound_it_did_not_reach() -> None:
    assert shown_average(of("4649", 1000), table("0")) == "4,649"
    assert shown_average(of("464999", 100000), table("0")) == "4,64999"
    assert shown_average(of("93", 20), table("0")) == "4,65"
    assert shown_average(of("13", 3), table("0")) == "4,33"
    assert shown_average(Sums(), table()) == ""


def test_without_a_table_nothing_is_proposed() -> None:
    assert propose(of("50", 10), None, hours=ONE) == NOTHING
    assert table_of(bounds={}, scale=FIVE) is None
    assert not asks_reason(NOTHING, "2")


@pytest.mark.parametrize(
    ("hours", "least"), [("0.5", 3), ("1", 3), ("2", 3), ("2.5", 5), ("5", 7), ("9", 7)]
)
def test_the_fewest_marks_follow_the_hours_a_week(hours: str, least: int) -> None:
    rule = table(minimum=[[2, 3], [3, 5], [5, 7]])
    assert rule.fewest(Decimal(hours)) == least
    few = propose(of(str(5 * (least - 1)), least - 1), rule, hours=Decimal(hours))
    assert (few.state, few.values, few.count, few.fewest) == ("few", (), least - 1, least)
    assert propose(of(str(5 * least), least), rule, hours=Decimal(hours)).values == ("5",)


def test_no_marks_at_all_are_too_few_whatever_the_rule() -> None:
    assert propose(Sums(), table(), hours=ONE) == Proposal("few", (), "", 0, 1)


def test_other_scales_go_by_their_own_tables() -> None:
    ten = {str(n): n for n in range(11)}
    rule = table_of(bounds={str(n): n - 0.5 for n in range(2, 11)}, scale=ten)
    assert rule
    assert propose(of("15", 2), rule, hours=ONE).values == ("8",)  # 7,5: half up
    assert propose(of("2", 2), rule, hours=ONE).values == ("1",)
    passed = table_of(bounds={"зач": "0.5"}, scale={"зач": None, "нзч": None})
    assert passed
    assert propose(of("3", 5), passed, hours=ONE).values == ("зач",)
    assert propose(of("2", 5), passed, hours=ONE).values == ("нзч",)


@given(
    marks=st.lists(
        st.tuples(st.integers(1, 5), st.sampled_from(["0.5", "1", "1.5", "2"])), min_size=1
    ),
    zone=st.sampled_from(["0", "0.05", "0.15", "0.3"]),
)
def test_the_table_agrees_with_fractions(marks: list[tuple[int, str]], zone: str) -> None:
    """The same by Python's rational numbers, another way: which bounds are reached, which nearly."""
    rule = table(zone)
    proposal = propose(sums(*marks), rule, hours=ONE)
    average = Fraction(sum(Fraction(m) * Fraction(w) for m, w in marks)) / sum(Fraction(w) for _, w in marks)  # fmt: skip
    bounds = [("5", Fraction(465, 100)), ("4", Fraction(365, 100)), ("3", Fraction(265, 100))]
    reached = [mark for mark, bound in bounds if average >= bound]
    nearly = [mark for mark, bound in bounds if bound - Fraction(zone) <= average < bound]
    assert proposal.values == (*nearly[:1], (reached or ["2"])[0])
    assert (proposal.state == "disputed") == bool(nearly)


@given(marks=st.lists(st.integers(2, 5), min_size=1, max_size=40), better=st.integers(2, 5))
def test_a_better_mark_never_worsens_the_proposal(marks: list[int], better: int) -> None:
    rule, best = table("0"), max(*marks, better)
    before = propose(sums(*marks), rule, hours=ONE).values[0]
    assert propose(sums(*marks, best), rule, hours=ONE).values[0] >= before


@given(marks=st.lists(st.integers(2, 5), min_size=1), weight=st.sampled_from(["0.5", "1", "3"]))
def test_equal_weights_are_no_weights(marks: list[int], weight: str) -> None:
    weighed = sums(*((mark, weight) for mark in marks))
    assert propose(weighed, table(), hours=ONE).values == propose(weighed, table(weighted=False), hours=ONE).values  # fmt: skip


@given(marks=st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_a_shown_average_stands_on_its_side_of_every_bound(marks: list[int]) -> None:
    rule, marked = table(), sums(*marks)
    shown = Decimal(shown_average(marked, rule).replace(",", "."))
    exact = Fraction(sum(marks), len(marks))
    for least, _ in rule.steps:
        assert (Fraction(shown) >= Fraction(least)) == (exact >= Fraction(least))


def results(*values: str) -> Sequence[PeriodResult]:
    words = {"н/а": "not_assessed", "осв": "exempt", "отсрочка": "deferred", "": ""}
    return [
        PeriodResult(words[v]) if v in words
        else PeriodResult("mark", v, Decimal(v) if v.isdigit() else None)
        for v in values
    ]  # fmt: skip


RULE = YearRule(table("0"), numbers={k: Decimal(v) if v else None for k, v in FIVE.items()})


@pytest.mark.parametrize(
    ("values", "state", "proposed"),
    [
        (("5", "4", "5", "4"), "sure", ("5",)),  # 4,5: half up
        (("5", "4", "4", "4"), "sure", ("4",)),
        (("4", "3", "3", "4"), "sure", ("4",)),  # 3,5
        (("4", "3", "3"), "sure", ("3",)),
        (("5", "осв", "4", "4"), "sure", ("4",)),  # 13/3, the exempt one left out
        (("осв", "осв"), "sure", ("осв",)),
        (("н/а", "н/а"), "sure", ("н/а",)),
        (("н/а", "4", "4", "5"), "disputed", ("4", "н/а")),
        (("5", "4", "5", ""), "few", ()),
        (("5", "4", "5", "отсрочка"), "few", ()),
        (("зач", "зач"), "sure", ("зач",)),
        (("зач", "нзч"), "disputed", ("нзч", "зач")),
        ((), "few", ()),
    ],
)
def test_the_years_result_by_its_periods(
    values: tuple[str, ...], state: str, proposed: tuple[str, ...]
) -> None:
    found = propose_year(results(*values), RULE)
    assert (found.state, found.values) == (state, proposed)


def test_a_school_may_judge_the_year_by_its_table() -> None:
    by_table = YearRule(table("0"), by_table=True, numbers=RULE.numbers)
    assert propose_year(results("5", "4", "5", "4"), by_table).values == ("4",)  # 4,50 < 4,65
    assert propose_year(results("5", "4"), None) == NOTHING


@given(marks=st.lists(st.integers(2, 5), min_size=1, max_size=4))
def test_rounding_is_to_the_nearest_half_up(marks: list[int]) -> None:
    found = propose_year(results(*map(str, marks)), RULE)
    exact = Fraction(sum(marks), len(marks))
    assert int(found.values[0]) == int(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("proposal", "value", "asks"),
    [
        (Proposal("sure", ("4",)), "4", False),
        (Proposal("sure", ("4",)), "5", True),
        (Proposal("sure", ("4",)), "н/а", True),
        (Proposal("sure", ("4",)), "осв", False),
        (Proposal("disputed", ("5", "4")), "5", False),
        (Proposal("disputed", ("5", "4")), "4", False),
        (Proposal("disputed", ("5", "4")), "3", True),
        (Proposal("few"), "н/а", False),
        (Proposal("few"), "3", True),
        (Proposal("few"), "осв", False),
    ],
)
def test_a_reason_is_asked_outside_the_disputed_zone(
    proposal: Proposal, value: str, asks: bool
) -> None:
    assert asks_reason(proposal, value) is asks
