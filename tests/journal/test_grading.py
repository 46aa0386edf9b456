"""The arithmetic of marks: hand-worked oracles and properties."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import grading
from journal.grading import CellText, Scored, Unreadable

SCORES = st.sampled_from([Decimal(n) for n in range(1, 6)])
WEIGHTS = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2), Decimal(3)])
SCORED = st.builds(Scored, score=st.none() | SCORES, weight=WEIGHTS, counts=st.booleans())
MARKS = st.lists(st.sampled_from(["1", "2", "3", "4", "5", "10", "зач", "нзч", "осв"]), max_size=3)


def marks(*values: int | None) -> list[Scored]:
    return [Scored(None if v is None else Decimal(v)) for v in values]


@pytest.mark.parametrize(
    ("given_marks", "expected"),
    [
        (marks(5, 4, 3), "4.00"),  # 12 / 3
        (marks(4, 4, 3), "3.67"),  # 11 / 3 = 3,666…
        (marks(5, 4, 4), "4.33"),  # 13 / 3 = 4,333…
        (marks(5, 4), "4.50"),
        (marks(*[4] * 7, 3), "3.88"),  # 31 / 8 = 3,875: half up
        (marks(*[4] * 5, *[3] * 3), "3.63"),  # 29 / 8 = 3,625: half up, not to even
        (marks(5, None, None), "5.00"),  # «зач» and «осв» are not counted
    ],
)
def test_the_average_by_hand(given_marks: list[Scored], expected: str) -> None:
    assert grading.average(given_marks) == Decimal(expected)


def test_the_weighted_average_by_hand() -> None:
    # 5 of weight 3, 5 of weight 1, 4 of weight 5: (15 + 5 + 20) / 9 = 4,444…
    trio = [Scored(Decimal(5), Decimal(3)), Scored(Decimal(5)), Scored(Decimal(4), Decimal(5))]
    assert grading.weighted_average(trio) == Decimal("4.44")
    # 2 of weight 1,5 and 5 of weight 0,5: (3 + 2,5) / 2 = 2,75
    pair = [Scored(Decimal(2), Decimal("1.5")), Scored(Decimal(5), Decimal("0.5"))]
    assert grading.weighted_average(pair) == Decimal("2.75")


def test_a_double_mark_is_two_marks_and_an_uncounted_work_is_none() -> None:
    diagnostic = Scored(Decimal(2), counts=False)
    assert grading.average([*marks(4, 5), diagnostic]) == Decimal("4.50")
    assert grading.weighted_average([diagnostic]) is None
    assert grading.average([]) is None


@given(st.lists(SCORED, max_size=40))
def test_averages_equal_exact_fractions_rounded_half_up(given_marks: list[Scored]) -> None:
    counted = [m for m in given_marks if m.score is not None and m.counts]
    if not counted:
        assert grading.average(given_marks) is None
        assert grading.weighted_average(given_marks) is None
        return
    plain = Fraction(sum(int(m.score) for m in counted), len(counted))
    heavy = sum(Fraction(m.score) * Fraction(m.weight) for m in counted)
    weighted = heavy / sum(Fraction(m.weight) for m in counted)
    assert grading.average(given_marks) == half_up(plain)
    assert grading.weighted_average(given_marks) == half_up(weighted)


def half_up(value: Fraction) -> Decimal:
    thousand = Decimal(value.numerator * 10**9 // value.denominator) / 10**9
    exact_half = (value * 1000).denominator == 1
    number = Decimal(int(value * 1000)) / 1000 if exact_half else thousand
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(st.lists(SCORES, min_size=1, max_size=40), WEIGHTS)
def test_equal_weights_make_both_averages_equal(scores: list[Decimal], weight: Decimal) -> None:
    same = [Scored(score, weight) for score in scores]
    assert grading.weighted_average(same) == grading.average(same)


@given(st.lists(SCORED, max_size=20), st.randoms())
def test_the_order_of_marks_does_not_matter_and_the_average_lies_between_them(
    given_marks: list[Scored],
    random: object,
) -> None:
    shuffled = list(given_marks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = grading.weighted_average(given_marks)
    assert grading.weighted_average(shuffled) == found
    counted = [m.score for m in given_marks if m.score is not None and m.counts]
    if found is not None:
        assert min(counted) <= found <= max(counted)


@given(st.sampled_from(["", "н", "б", "у", "о"]), MARKS)
def test_what_is_shown_is_read_back_the_same(absence: str, values: list[str]) -> None:
    cell = CellText(absence, tuple(values))
    assert grading.parse(str(cell)) == cell


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_reading_is_stable(text: str) -> None:
    try:
        cell = grading.parse(text)
    except Unreadable:
        return
    assert grading.parse(str(cell)) == cell


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("5", CellText("", ("5",))),
        (" 5 ", CellText("", ("5",))),
        ("5,0", CellText("", ("5",))),
        ("5.0", CellText("", ("5",))),
        ("4/5", CellText("", ("4", "5"))),
        ("4 \\ 5", CellText("", ("4", "5"))),
        ("Н", CellText("н")),
        ("H", CellText("н")),  # Latin H looks like Н
        ("o", CellText("о")),  # Latin o
        ("y", CellText("у")),
        ("о5", CellText("о", ("5",))),
        ("O 4/5", CellText("о", ("4", "5"))),
        ("б 5", CellText("б", ("5",))),
        ("ЗАЧЁТ", CellText("", ("зач",))),
        ("незачёт", CellText("", ("нзч",))),
        ("зaч", CellText("", ("зач",))),  # Latin a inside
        ("о зач", CellText("о", ("зач",))),
        ("осв", CellText("", ("осв",))),
        ("освобождён", CellText("", ("осв",))),
        ("н/а", CellText("", ("н/а",))),
        ("«4»", CellText("", ("4",))),
        ("опоздал", CellText("о")),
        ("", CellText()),
        ("\u00a0", CellText()),
    ],
)
def test_the_grammar_of_a_cell(typed: str, expected: CellText) -> None:
    assert grading.parse(typed) == expected


@pytest.mark.parametrize("typed", ["4//5", "/5", "5/", "5 4", "5 " * 30])
def test_what_no_cell_can_hold(typed: str) -> None:
    with pytest.raises(Unreadable):
        grading.parse(typed)


def test_a_scale_names_the_first_mark_that_it_lacks_and_offers_the_best_first() -> None:
    five = {"зач": None, "3": 3, "осв": None, "5": 5, "нзч": None, "4": 4.0, "2": 2, "1": 1}
    assert grading.outside(CellText("о", ("5", "7", "8")), five) == "7"
    assert grading.outside(CellText("н"), five) == ""
    assert grading.in_order(five) == ("5", "4", "3", "2", "1", "зач", "нзч", "осв")


def test_numbers_on_the_screen() -> None:
    assert grading.shown(1093, 3) == "3,64"  # 364,33 hundredths
    assert grading.shown(0, 0) == ""
    assert grading.shown_number(Decimal("2.00")) == "2"
    assert grading.shown_number(Decimal("1.50")) == "1,5"
    assert grading.shown_number(Decimal("10.00")) == "10"
