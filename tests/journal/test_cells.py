import gzip
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from journal.cells import render_table, tone_of
from journal.sheet import (
    EMPTY,
    LOCKED,
    NOTE,
    OUTSIDE,
    Column,
    MonthHead,
    PeriodHead,
    Row,
    Sheet,
)

TODAY = date(2026, 11, 18)
LESSON, PUPIL, PERIOD = UUID(int=1), UUID(int=2), UUID(int=3)
COLUMN = Column(LESSON, TODAY, 3, "К", "k", "Контрольная работа", weight="2", topic="Дроби")
ROW = Row(
    PUPIL, 1, "Ёлкина Оля", "Ёлкина О.", (EMPTY,), average="3,64", weighted="3,70", period_mark="4"
)


def sheet_of(rows=(ROW,), columns=(COLUMN,)):
    period = PeriodHead(PERIOD, "2 четверть", is_shown=True)
    return Sheet(
        course_id=UUID(int=4),
        title="Алгебра, 7А",
        group_name="7А",
        subject_name="Алгебра",
        teacher_name="Кузнецова М. П.",
        period=period,
        periods=(period,),
        months=(MonthHead("Ноябрь", len(columns)),),
        columns=columns,
        rows=rows,
        today=TODAY,
        can_edit=True,
        allowed=("5", "4", "3", "2", "н", "о"),
    )


def table(**parts):
    return BeautifulSoup(f"<table>{render_table(sheet_of(**parts))}</table>", "html.parser")


def cell(state):
    return table(rows=(replace(ROW, cells=(state,)),)).select_one("tbody td.cell")


def test_a_row_names_its_pupil_once_and_ends_with_averages():
    row = table().select_one("tbody tr")
    assert row["data-p"] == str(PUPIL)
    assert row.th.get_text() == "1. Ёлкина ОляЁлкина О."
    assert row.th["scope"] == "row"
    assert [td.get_text() for td in row.select("td.sum")] == ["3,64", "3,70", "4"]


def test_a_pupil_who_left_is_said_to_have_left():
    row = replace(ROW, left="выбыла 12.11.2026")
    assert table(rows=(row,)).select_one(".name-left").get_text() == "выбыла 12.11.2026"


def test_the_head_of_a_column_leads_to_the_lesson_and_names_the_work():
    head = table().select_one("th.head")
    assert head["data-l"] == str(LESSON)
    assert head["data-n"] == "18 ноября, 3-й урок"
    assert head.a["href"] == f"lessons/{LESSON}/"
    assert head.a["title"] == "Контрольная работа, вес 2. Дроби"
    assert " ".join(head.get_text().split()) == "18 ноября, 3-й урок, Контрольная работа: К"


def test_every_row_has_a_cell_for_every_column():
    columns = tuple(replace(COLUMN, lesson_id=UUID(int=n), date=TODAY) for n in range(10, 15))
    rows = tuple(replace(ROW, cells=(EMPTY,) * 5) for _ in range(3))
    page = table(rows=rows, columns=columns)
    assert [len(row.select("td.cell")) for row in page.select("tbody tr")] == [5, 5, 5]
    assert len(page.select("col")) == 7
    assert page.select("th.month")[0]["colspan"] == "5"


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("", ""), ("5", ""), ("4/5", ""), ("2", "2"), ("4/2", "2"), ("о 2", "2"), ("1", "2"),
        ("н", "absence"), ("б", "absence"), ("о 5", ""), ("зач", ""), ("12", ""),
    ],
)  # fmt: skip
def test_low_marks_and_absences_differ_by_more_than_colour(text, tone):
    assert tone_of(text) == tone
    assert cell((text, 1 if text else 0, 0)).get("data-mark", "") == tone


def test_an_empty_cell_carries_nothing_but_its_class():
    assert str(cell(EMPTY)) == '<td class="cell"></td>'


def test_a_revision_is_the_distance_from_the_least_of_its_column():
    rows = tuple(
        replace(ROW, cells=(state,))
        for state in [("5", 700_010, 0), EMPTY, ("4", 700_000, 0), ("4/5", 1_400_030, 0)]
    )
    page = table(rows=rows)
    base = int(page.select_one("th.head")["data-b"])
    found = [td.get("data-r") for td in page.select("tbody td.cell")]
    assert base == 700_000
    assert found == ["10", None, "0", "700030"]


def test_a_comment_and_a_closed_cell_are_marked():
    assert cell(("5", 1, NOTE))["class"] == ["cell", "has-comment"]
    for flag, name in ((LOCKED, "is-locked"), (OUTSIDE, "is-outside")):
        closed = cell(("", 0, flag))
        assert closed["class"] == ["cell", name]
        assert closed["aria-readonly"] == "true"


def test_a_closed_column_says_why_and_todays_column_is_today():
    closed = replace(COLUMN, locked=True, locked_reason="прошло больше 14 дней")
    today = replace(COLUMN, is_today=True)
    page = table(columns=(closed, today), rows=(replace(ROW, cells=(EMPTY, EMPTY)),))
    first, second = page.select("th.head")
    assert first["data-x"] == "прошло больше 14 дней"
    assert second["aria-current"] == "date"
    assert [col["class"] for col in page.select("col[class]")] == [["tint-closed"], ["tint-today"]]


def test_text_from_people_cannot_become_html():
    evil = "<script>alert(1)</script>\"'&"
    page = render_table(
        sheet_of(
            columns=(replace(COLUMN, topic=evil, kind_name=evil, kind_letter=evil, kind_code=evil,
                             locked=True, locked_reason=evil, weight=evil, allowed=(evil,)),),
            rows=(replace(ROW, name=evil, short_name=evil, left=evil, average=evil, weighted=evil,
                          period_mark=evil, cells=((evil, 5, 0),)),),
        )
    )  # fmt: skip
    assert "<script" not in page
    assert BeautifulSoup(page, "html.parser").select_one("th.head a")["title"].endswith(evil)


def test_a_grid_without_pupils_or_lessons_is_still_a_table():
    assert table(rows=()).select("tbody tr") == []
    assert table(rows=(replace(ROW, cells=()),), columns=()).select("td.cell") == []


def test_thirty_pupils_and_forty_lessons_stay_light():
    chance = Random(1)  # noqa: S311
    columns = tuple(
        replace(COLUMN, lesson_id=UUID(int=chance.getrandbits(128)), date=TODAY + timedelta(n))
        for n in range(40)
    )
    rows = tuple(
        replace(
            ROW,
            pupil_id=UUID(int=chance.getrandbits(128)),
            cells=tuple(
                (
                    chance.choice(["5", "4", "3", "2", "н"]),
                    700_000 + 500 * n + chance.randrange(60),
                    0,
                )
                for n in range(40)
            ),
        )
        for _ in range(30)
    )
    page = render_table(sheet_of(rows=rows, columns=columns))
    assert page.count('<td class="cell"') == 1200
    assert len(gzip.compress(page.encode(), 6)) < 9_000
