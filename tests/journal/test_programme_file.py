"""A teacher's table is read by its words; hostile files are refused in words, fast and small."""

import io
import resource
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings, strategies
from openpyxl import Workbook, load_workbook

from common.workbooks import BrokenBook, SheetRow, read_book, write_book, write_csv
from journal.programme_file import ReadPlan, read_plan, work_kind

ALGEBRA = [
    ["Календарно-тематическое планирование по алгебре, 7А"],
    [],
    ["№ п/п", "Тема урока", "Кол-во часов", "Тип урока", "Контроль", "Дата", "Домашнее задание"],
    ["Раздел 1. Дроби"],
    [1, "Обыкновенные дроби", 2, "Изучение нового материала", None, "01.09", "§ 1, № 5"],
    [2, "Сравнение дробей", "1 ч", "закрепление"],
    [3, "Контрольная работа № 1", 1, "Контроль знаний", "Контрольная работа"],
    ["", "Итого по разделу", 4],
    ["", "Уравнения"],
    [4, "Линейное уравнение"],
    [5, "Решение задач", 1.5, "экскурсия"],
]


def book(rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> io.BytesIO:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for name, more in sheets.items():
        sheet = made.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def plan(rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> ReadPlan:
    return read_plan(read_book(book(rows, **sheets)))


def test_a_plan_is_found_by_words_and_every_guess_is_said() -> None:
    found = plan(ALGEBRA)
    assert [(unit.title, [t.title for t in unit.topics]) for unit in found.units] == [
        ("Раздел 1. Дроби", ["Обыкновенные дроби", "Сравнение дробей", "Контрольная работа № 1"]),
        ("Уравнения", ["Линейное уравнение", "Решение задач"]),
    ]
    topics = [topic for unit in found.units for topic in unit.topics]
    assert [(t.hours, t.lesson_kind, t.work, t.homework) for t in topics] == [
        (2, "new", "", "§ 1, № 5"), (1, "practice", "", ""),
        (1, "control", "Контрольная работа", ""), (1, "ordinary", "", ""), (1, "ordinary", "", ""),
    ]  # fmt: skip
    assert [(one.row, one.text) for one in found.remarks] == [
        (10, "Часы не указаны: принят 1 час."),
        (11, "«1.5» — не целое число часов: принят 1 час."),
        (11, "Тип урока «экскурсия» неизвестен: поставлен «комбинированный»."),
    ]
    assert found.ignored == ("Дата",)
    assert (found.topics, found.hours) == (5, 6)


def test_the_form_of_the_federal_constructor_is_read() -> None:
    """Two rows of header, sections of their own column of numbers, works counted."""
    found = plan(
        [
            ["№ п/п", "Тема урока", "Количество часов", None, None, "Дата изучения", "Электронные ресурсы"],
            [None, None, "Всего", "Контрольные работы", "Практические работы"],
            [1, "Понятие рационального числа", 1, 0, 0],
            [2, "Входная контрольная работа", 1, 1, 0],
            ["ОБЩЕЕ КОЛИЧЕСТВО ЧАСОВ ПО ПРОГРАММЕ", None, 102, 5, 0],
        ]
    )  # fmt: skip
    assert [(t.title, t.hours, t.work) for t in found.units[0].topics] == [
        ("Понятие рационального числа", 1, ""),
        ("Входная контрольная работа", 1, "Контрольная работа"),
    ]
    assert found.remarks == ()


def test_sections_may_stand_in_a_column_and_hours_be_absent() -> None:
    found = plan([["Раздел", "Тема"], ["Дроби", "Сложение"], [None, "Вычитание"], ["Числа", "Ряд"]])
    assert [(u.title, [t.title for t in u.topics]) for u in found.units] == [
        ("Дроби", ["Сложение", "Вычитание"]),
        ("Числа", ["Ряд"]),
    ]


def test_the_plan_may_be_on_another_sheet() -> None:
    found = plan([["Титульный лист"]], План=[["Тема", "Часы"], ["Дроби", 3]])
    assert (found.sheet, found.hours) == ("План", 3)


def test_rows_that_cannot_be_taken_are_named() -> None:
    found = plan([["Тема", "Часы", "Д/з"], ["Дроби", 2, ""], ["", "", "§ 5"], ["=A2", 1, ""]])
    assert [(one.row, one.lost) for one in found.remarks] == [(3, True), (4, True), (4, True)]
    assert found.topics == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Контрольная работа № 2", "k"), ("к/р", "k"), ("тест", "t"), ("Диктант", None), ("", None)],
)
def test_words_of_a_file_name_the_schools_kinds_of_work(text: str, kind: str | None) -> None:
    assert work_kind(text, [("k", "Контрольная работа"), ("t", "Тест")]) == kind


def archive(**parts: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    made.seek(0)
    return made


def changed(replace: bytes, by: bytes) -> io.BytesIO:
    """A true book whose sheet was tampered with."""
    made = io.BytesIO()
    with zipfile.ZipFile(book([["Тема"], ["Дроби"]])) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(replace, by))
    made.seek(0)
    return made


BOMB = b"""<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>"""
HOSTILE = {
    "not an archive": lambda: io.BytesIO(b"\xd0\xcf\x11\xe0 old Excel"),
    "empty": io.BytesIO,
    "another archive": lambda: archive(word__document_xml=b"<w/>"),
    "a bomb": lambda: archive(xl__workbook_xml=b"<w/>", big=bytes(200 * 2**20)),
    "five thousand parts": lambda: archive(
        xl__workbook_xml=b"<w/>", **{f"p{n}": b"" for n in range(5000)}
    ),
    "entities": lambda: archive(xl__workbook_xml=BOMB + b"<w>&b;</w>"),
    "a broken sheet": lambda: changed(b"</sheetData>", b"<c"),
    "a cut archive": lambda: io.BytesIO(book([["Тема"]]).getvalue()[:-30]),
    "no plan": lambda: book([["Привет"]]),
    "no topics": lambda: book([["Тема", "Часы"]]),
    "too long": lambda: book([["Тема"], *([f"Тема {n}"] for n in range(2500))]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_fast_and_small(name: str) -> None:
    file = HOSTILE[name]()
    before, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BrokenBook) as refused:
        read_plan(read_book(file))
    assert refused.value.message.endswith(".")
    assert time.process_time() - before < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200 * 1024


def test_a_cell_at_the_end_of_the_world_costs_nothing() -> None:
    """A sheet that says it has a million columns and rows is read to our bounds."""
    file = changed(b'r="A2"', b'r="XFD2"')
    with pytest.raises(BrokenBook):
        read_plan(read_book(file))
    far = changed(b'<row r="2"', b'<row r="1048576"')
    before = time.process_time()
    with pytest.raises(BrokenBook):
        read_plan(read_book(far))
    assert time.process_time() - before < 2


texts = strategies.one_of(
    strategies.none(),
    strategies.integers(-5, 200),
    strategies.sampled_from(["Тема", "Раздел", "Часы", "Всего", "Контрольные работы", "Раздел 1", "№", "1."]),
    strategies.text("абвш 019.,№", max_size=12),  # a small alphabet: the whole one takes seconds to build
)  # fmt: skip
rows = strategies.lists(strategies.lists(texts, min_size=4, max_size=4), max_size=12)


@given(rows)
@settings(max_examples=200, deadline=None)
def test_any_table_is_read_or_refused_and_nothing_is_lost(table: list[list[Any]]) -> None:
    """Every row below the header became a section, a topic, a total or a remark."""
    sheet = tuple(
        SheetRow(n, tuple("" if value is None else " ".join(str(value).split()) for value in row))
        for n, row in enumerate(table, start=1)
    )
    header = ("№", "Тема", "Часы", "Контроль")
    try:
        found = read_plan([type("S", (), {"name": "s", "rows": (SheetRow(0, header), *sheet)})()])
    except BrokenBook:
        return
    told = {one.row for one in found.remarks} | {t.row for u in found.units for t in u.topics}
    words = " ".join(u.title for u in found.units) + " ".join(one.text for one in found.remarks)
    for row in sheet:
        said = [text for text in row.texts[:3] if text]
        if said and row.number not in told:
            assert any(text in words for text in said) or "сего" in " ".join(said)


def test_what_we_write_is_no_formula() -> None:
    written = write_book("План", [["Тема"], ["=1+1"], ["+7"], ["a\x00b"]], widths=[10])
    sheet = load_workbook(io.BytesIO(written)).active
    assert [(c.value, c.data_type) for (c,) in sheet.iter_rows()] == [
        ("Тема", "s"), ("=1+1", "s"), ("+7", "s"), ("ab", "s"),
    ]  # fmt: skip
    assert write_csv([["=cmd", 1, None]]).decode("utf-8-sig") == "'=cmd;1;\r\n"
