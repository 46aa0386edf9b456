"""What a forecast says in Russian: the data that speak, and no promise."""

from dataclasses import replace
from decimal import Decimal

import pytest

from journal.forecast import Forecast, Needed, Rest, of_period, of_year
from journal.forecast_words import about, needed_words, tell
from tests.journal.test_forecast import DISPUTED, OVER, ROUNDING, STRICT, made, marks

AHEAD = Rest(lessons=9, held=9, works=(Decimal(2),))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def reasons(found: Forecast) -> list[str]:
    return [plain(reason) for reason in tell(found).reasons]


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "больше 95 %"),
        (0.98, "больше 95 %"),
        (0.96, "около 95 %"),
        (0.77, "около 75 %"),
        (0.78, "около 80 %"),
        (0.02, "меньше 5 %"),
    ],
)
def test_chances_are_told_in_steps_of_five_and_never_as_certain(
    probability: float, words: str
) -> None:
    assert plain(about(probability)) == words


def test_a_forecast_names_the_mark_and_what_it_rests_on() -> None:
    found = made(of_period(marks(4, 4, 4, (5, "2")), AHEAD, STRICT, past=[marks(4, 4, 3)]))
    told = tell(found)
    assert told.value == "4"
    assert told.average == "4,40"
    assert told.same == "Если ничего не изменится — «4»; решает учитель."
    assert plain(told.needed) == "до «5» — ещё 4 пятёрки подряд"  # (22 + 20) / (5 + 4) = 4,67
    said = reasons(found)
    assert said[:3] == [
        "Средний балл сейчас 4,40: 4 отметки, с весом работ.",
        "По шкале школы — это «4».",
        "В прошлых периодах средний балл: 3,67.",
    ]
    assert said[3].startswith("Впереди 9 уроков, из них 1 контрольная: на них придётся около ")
    assert said[4].startswith("С вероятностью не меньше 80 %: ")


def test_under_three_marks_none_is_named() -> None:
    told = tell(of_period(marks(5, 5), AHEAD, STRICT))
    assert (told.value, told.chance, told.note, told.short) == ("", "", "мало отметок", "мало")
    assert not any("80" in reason for reason in told.reasons)
    none = tell(of_period(marks(), AHEAD, STRICT))
    assert (none.value, none.note, none.same) == ("", "отметок нет", "")
    assert tell(None).note == "отметок нет"


def test_a_result_that_stands_comes_before_the_forecast() -> None:
    told = tell(of_period(marks(4, 4, 4), AHEAD, STRICT), settled="осв")
    assert (told.value, told.note, told.short, told.reasons) == ("осв", "выставлено", "итог", ())


def test_with_nothing_to_come_the_average_is_told_and_the_teacher_decides() -> None:
    told = tell(of_period(marks(5, 5, 5, 4, 4), OVER, DISPUTED))
    assert told.value == "5 или 4"
    assert told.same == "Отметок больше не будет: по среднему — «5» или «4»; решает учитель."


def test_a_threat_of_the_lowest_mark_is_told() -> None:
    weak = made(of_period(marks(3, 2, 3), AHEAD, ROUNDING))
    assert weak.likeliest.value == "3"
    assert plain(tell(weak).risk).startswith("«2» — около ")
    assert tell(of_period(marks(4, 4, 4), AHEAD, ROUNDING)).risk == ""


def test_debts_and_missing_marks_are_told() -> None:
    rest = Rest(lessons=5, held=9, owed=(Decimal(2),))
    said = reasons(made(of_period(marks(4, 4, 4), rest, replace(STRICT, fewest=5))))
    assert "Не сдано: 1 работа, отметка за это тоже войдёт." in said
    assert "До наименьшего числа отметок не хватает: 2." in said


def test_a_school_without_a_table_is_told_so() -> None:
    said = reasons(made(of_period(marks(4, 4, 4), AHEAD, ROUNDING)))
    assert "По обычному округлению — это «4»: своей шкалы с локальным актом школа не ввела." in said


def test_needed_marks_that_no_longer_fit() -> None:
    why = made(of_period(marks(4, 4, 4), AHEAD, STRICT)).why
    words = needed_words(Needed("5", "5", 12, fits=False), why)
    assert plain(words) == "до «5» уроков не хватит: нужно 12 пятёрок подряд, впереди 9 уроков"
    assert plain(needed_words(Needed("5", "5", 1, fits=True), why)) == "до «5» — ещё 1 пятёрка"
    ten = needed_words(Needed("9", "10", 2, fits=True), why)
    assert plain(ten) == "до «9» — ещё 2 отметки «10» подряд"
    assert needed_words(None, why) == ""


def test_a_year_tells_its_periods() -> None:
    found = made(of_year([4, 5], marks(4, 4, 5, 5), ROUNDING, periods_left=2))
    said = reasons(found)
    assert said[0] == "Средний балл отметок за периоды: 4,50."
    assert said[1] == "По обычному округлению — это «5»."
    assert said[2] == "Впереди 2 периода: на них придётся около 50 % итогового балла."
