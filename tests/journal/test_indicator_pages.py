"""Indicators of real rows by class, grade, subject and teacher; the comparison; the class teacher's report."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from journal.queries.indicators import IndicatorPage, IndicatorRow, compared, indicator_page
from journal.queries.report import class_report
from people.models import Setting
from school.models import Course, Lesson, Membership
from tests.cast import MONDAY, SEPTEMBER, TODAY, YEAR, Cast
from tests.journal.test_saving import one
from tests.journal.test_sheet import statements
from tests.journal.test_summary import absent, result
from tests.journal.world import settle

QUARTER = "quarter:2"


def read(cast: Cast, way: str = "class", period: str = QUARTER, who: str = "nina") -> IndicatorPage:
    courses = Course.objects.visible_to(cast.user(who)).order_by("pk")
    return indicator_page(courses, way, period, year=YEAR, today=TODAY)


def rows(page: IndicatorPage) -> dict[str, IndicatorRow]:
    return {row.name: row for row in page.rows}


def held(cast: Cast) -> None:
    """Monday's lessons of 7А were held: four pupils, three lessons."""
    Lesson.objects.filter(day=MONDAY).exclude(course=cast.courses["maths5"]).update(status="held")
    settle()


def test_each_way_of_counting_has_its_lines(cast: Cast) -> None:
    for pupil, course, value in (("olya", "algebra", "5"), ("olya", "physics", "3"), ("petya", "algebra", "2"),
                                 ("kolya", "maths5", "4")):  # fmt: skip
        result(cast, pupil, value, course)
    classes = rows(read(cast))
    assert [row.name for row in read(cast).rows] == ["5Б", "7А"]
    seventh = classes["7А"].found  # 5, 3, 2: 2/3; 1/3; (100 + 36 + 16) / 3
    assert (seventh.success, seventh.quality, seventh.degree, seventh.average) == (
        Decimal("66.67"), Decimal("33.33"), Decimal("50.67"), Decimal("3.33"),
    )  # fmt: skip
    assert set(rows(read(cast, "grade"))) == {"5 классы", "7 классы"}
    subjects = rows(read(cast, "subject"))
    assert (subjects["Алгебра"].found.average, subjects["Физика"].found.size) == (
        Decimal("3.50"),
        1,
    )
    teachers = rows(read(cast, "teacher"))
    assert teachers["Кузнецова М. П."].found.size == 3
    total = read(cast).total
    assert total is not None
    assert (total.found.size, total.pupils) == (4, 3)


def test_accumulation_and_attendance_count_the_lessons_of_each_pupil(cast: Cast) -> None:
    held(cast)
    one(cast, "maria", "5", day=MONDAY)
    absent(cast, "olya", MONDAY, "physics", "absent")
    absent(cast, "petya", MONDAY, "physics", "late")
    row = rows(read(cast))["7А"]
    # 4 pupils × 3 lessons = 12 places, one mark, one missed lesson
    assert (row.saturation, row.attendance) == (Decimal("0.08"), Decimal("91.67"))
    Membership.objects.filter(pupil=cast.pupils["timur"]).update(since=TODAY)
    row = rows(read(cast))["7А"]
    assert (row.saturation, row.attendance) == (Decimal("0.11"), Decimal("88.89"))  # of 9 places


def test_who_left_does_not_count_and_the_coefficients_are_the_schools(cast: Cast) -> None:
    result(cast, "olya", "2")
    result(cast, "petya", "5")
    Membership.objects.filter(pupil=cast.pupils["petya"]).update(until=TODAY - timedelta(days=1))
    assert rows(read(cast))["7А"].found.degree == Decimal(16)
    levels = {"five": 100, "four": 64, "three": 36, "two": 14, "not_assessed": 8}
    Setting.objects.create(school=cast.school, key="levels", value=levels, since=SEPTEMBER)
    assert rows(read(cast))["7А"].found.degree == Decimal(14)


def test_a_teacher_counts_her_own_courses_only(client_of: Any, cast: Cast) -> None:
    result(cast, "olya", "5", "physics")
    result(cast, "olya", "4", "algebra")
    result(cast, "olya", "3", "russian")
    page = BeautifulSoup(
        client_of("maria").get(f"/journal/indicators/?by=subject&period={QUARTER}").content,
        "html.parser",
    )
    names = [
        row.th.get_text(" ", strip=True).partition(" Школа")[0]
        for row in page.select("table.indicators tbody tr")
    ]
    assert "Алгебра" in names
    assert not {"Физика", "Русский язык"} & set(names)


def test_the_table_goes_to_excel(client_of: Any, cast: Cast) -> None:
    result(cast, "olya", "5")
    answer = client_of("nina").get(f"/journal/indicators/?by=class&period={QUARTER}&as=xlsx")
    assert "spreadsheet" in answer.headers["Content-Type"]
    written = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert written[0][8] == "Успеваемость, %"
    assert next(row for row in written if row[0] == "7А")[3] == 1
    assert written[-1][0] == "Всего"


def test_the_page_costs_the_same_for_any_number_of_results(client_of: Any, cast: Cast) -> None:
    client = client_of("nina")
    address = f"/journal/indicators/?period={QUARTER}"
    held(cast)
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(statements(seen))

    before = cost()
    for pupil in ("olya", "petya", "vitya", "timur"):
        for course in ("algebra", "physics", "russian"):
            result(cast, pupil, "4", course)
    assert cost() == before <= 14


def test_averages_stand_beside_the_result(client_of: Any, cast: Cast) -> None:
    one(cast, "maria", "5", day=MONDAY)
    one(cast, "maria", "4", day=TODAY)
    result(cast, "olya", "5")
    period = cast.quarter
    found = compared(cast.courses["algebra"], period.pk, period.starts, period.ends)
    assert [(row.name, row.average, row.weighted, row.final) for row in found[:2]] == [
        ("Ёлкина Оля", Decimal("4.50"), Decimal("4.50"), "5"), ("Петров Пётр", None, None, ""),
    ]  # fmt: skip
    address = f"/journal/{cast.courses['algebra'].pk}/comparison/"
    page = BeautifulSoup(client_of("maria").get(address).content, "html.parser")
    lines = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]
    assert lines[:2] == [["Ёлкина Оля", "4,50", "4,50", "5"], ["Петров Пётр", "—", "—", "—"]]


def test_the_class_teachers_report_counts_heads_names_and_missed_lessons(cast: Cast) -> None:
    for pupil, marks in (("olya", "555"), ("petya", "554"), ("vitya", "543"), ("timur", "524")):
        for course, value in zip(("algebra", "physics", "russian"), marks, strict=True):
            result(cast, pupil, value, course)
    absent(cast, "olya", MONDAY, "algebra physics", "ill")
    absent(cast, "petya", MONDAY, "algebra", "absent")
    Membership.objects.filter(pupil=cast.pupils["vitya"]).update(since=TODAY - timedelta(days=2))
    found = class_report(cast.classes["7А"], "2", today=TODAY)
    assert (found.heads.start, found.heads.arrived, found.heads.left, found.heads.end) == (
        3,
        1,
        0,
        4,
    )
    assert found.excellent == (("Ёлкина Оля", ""),)
    assert found.good == (("Петров Пётр", ""),)
    assert found.one_four == (("Петров Пётр", "Русский язык"),)
    assert found.one_three == (("Сидоров Виктор", "Русский язык"),)
    assert found.failing == (("Тихонов Тимур", "Физика"),)
    assert found.not_assessed == ()
    assert (found.missed.lessons, found.missed.ill_lessons, found.missed.plain) == (3, 2, 1)
    assert found.total is not None
    assert (found.total.success, found.total.quality) == (Decimal(75), Decimal(50))


def test_the_report_is_the_class_teachers_and_the_heads(client_of: Any, cast: Cast) -> None:
    address = f"/journal/summary/{cast.classes['7А'].pk}/report/?period=2"
    assert "Отчёт классного руководителя, 7А" in client_of("ivan").get(address).content.decode()
    assert client_of("nina").get(address).status_code == 200
    assert client_of("maria").get(address).status_code == 404


@pytest.mark.parametrize("way", ["nothing", "class"])
def test_an_unknown_way_or_period_is_the_usual_one(cast: Cast, way: str) -> None:
    page = read(cast, way, "quarter:9")
    assert page.way == "class"
    assert page.period is not None
    assert page.period.key == "quarter:1"
