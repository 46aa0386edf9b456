from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.template import TemplateSyntaxError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.templatetags import words

NBSP = "\u00a0"
PUPILS = "ученик,ученика,учеников"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "учеников"),
        (1, "ученик"),
        (2, "ученика"),
        (4, "ученика"),
        (5, "учеников"),
        (11, "учеников"),
        (12, "учеников"),
        (14, "учеников"),
        (21, "ученик"),
        (22, "ученика"),
        (111, "учеников"),
        (101, "ученик"),
        (-1, "ученик"),
        ("3", "ученика"),
        (1.5, "ученика"),
        (None, ""),
    ],
)
def test_the_word_agrees_with_the_number(number, word):
    assert words.plural_ru(number, PUPILS) == word


@given(st.integers(min_value=0, max_value=10**6))
def test_only_the_last_two_digits_decide_the_form(number):
    assert words.plural_ru(number, PUPILS) == words.plural_ru(number % 100, PUPILS)


def test_two_forms_are_refused():
    with pytest.raises(TemplateSyntaxError, match="three forms"):
        words.plural_ru(1, "ученик,ученики")


def test_a_count_does_not_leave_its_word_at_a_line_end():
    assert words.count_ru(5, PUPILS) == f"5{NBSP}учеников"


def test_dates_are_written_as_in_a_diary():
    day = date(2026, 11, 16)
    assert words.day_month(day) == f"16{NBSP}ноября"
    assert words.day_month_year(day) == f"16{NBSP}ноября 2026"
    assert words.day_digits(day) == "16.11.2026"
    assert words.weekday(day) == "понедельник"
    assert words.weekday_title(day) == "Понедельник"
    assert words.weekday_short(day) == "Пн"
    assert words.month_title(day) == "Ноябрь"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 16), f"16–21{NBSP}ноября"),
        (date(2026, 11, 22), f"16–21{NBSP}ноября"),
        (date(2026, 12, 1), f"30{NBSP}ноября – 5{NBSP}декабря"),
        (date(2026, 12, 31), f"28{NBSP}декабря – 2{NBSP}января"),
    ],
)
def test_a_week_runs_from_monday_to_saturday(day, text):
    assert words.week_range(day) == text


def test_a_range_of_one_day_is_that_day():
    assert words.date_range(date(2026, 5, 9), date(2026, 5, 9)) == f"9{NBSP}мая"


def test_the_same_days_of_two_years_are_not_one_month():
    assert words.date_range(date(2026, 1, 9), date(2027, 1, 9)) == f"9{NBSP}января – 9{NBSP}января"


def test_a_moment_is_told_in_the_time_of_the_school():
    moment = datetime(2026, 11, 18, 22, 42, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Yekaterinburg")):
        assert words.at_moment(moment) == f"19{NBSP}ноября в{NBSP}3:42"
        assert words.weekday_short(moment) == "Чт"
    with timezone.override(ZoneInfo("Europe/Kaliningrad")):
        assert words.at_moment(moment) == f"19{NBSP}ноября в{NBSP}0:42"


def test_a_bell_has_no_zone():
    assert words.time_hm(time(8, 30)) == "8:30"
    assert words.time_hm(time(12, 5)) == "12:05"
    assert words.time_hm(time(0, 5)) == "0:05"


@pytest.mark.parametrize(
    "name", ["day_month", "day_month_year", "day_digits", "weekday", "time_hm", "at_moment"]
)
def test_no_date_is_no_text(name):
    assert getattr(words, name)(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.642, "3,64"), (4, "4,00"), ("3.645", "3,65"), (None, "—"), ("", "—"), ("нет", "—")],
)
def test_an_average_has_a_comma_and_two_places(value, text):
    assert words.decimal_comma(value) == text


def test_an_average_may_have_one_place():
    assert words.decimal_comma(3.66, 1) == "3,7"


@pytest.mark.parametrize(
    ("size", "text"),
    [(820, f"820{NBSP}Б"), (12_300, f"12{NBSP}КБ"), (3_600_000, f"3,4{NBSP}МБ")],
)
def test_a_file_size_is_short(size, text):
    assert words.file_size(size) == text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Петрова Ольга Викторовна", f"Петрова{NBSP}О.{NBSP}В."),
        ("Гусейнов Али", f"Гусейнов{NBSP}А."),
        ("Петрова", "Петрова"),
        ("", ""),
    ],
)
def test_initials_follow_the_surname(name, short):
    assert words.initials(name) == short


def test_a_narrow_column_has_one_initial():
    assert words.surname_initial("Гончаренко Дарья Игоревна") == f"Гончаренко{NBSP}Д."


@pytest.mark.parametrize(
    ("text", "tone"),
    [("5", "5"), ("1", "2"), ("н", "absent"), ("о", "late"), ("зач", "plain"), ("10", "plain")],
)
def test_a_mark_has_a_tone(text, tone):
    assert words.mark_tone(text) == tone


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["алгебра"], "алгебра"),
        (["алгебра", "физика", "химия"], "алгебра, физика и химия"),
    ],
)
def test_words_are_joined_as_people_say_them(items, text):
    assert words.joined(items) == text


@pytest.mark.parametrize(
    ("number", "last", "pages"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (7, 20, [1, None, 6, 7, 8, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_far_pages_are_left_out(number, last, pages):
    assert words.page_window(number, last) == pages


def test_a_known_device_is_recognised():
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0 Safari/537.36"
    assert words.browser_name(chrome) == "Chrome, Windows"
    assert words.browser_name("curl/8") == "Браузер"
