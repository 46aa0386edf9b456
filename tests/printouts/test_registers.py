"""The printed register and the blank sheet of a day."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from journal.actions import save_cells
from journal.official import official
from journal.queries import course_facts
from journal.sheet import CellEntry
from people.models import Setting
from printouts import pdf
from printouts.registers import (
    BlankLesson,
    DaySheet,
    PaperLesson,
    PaperPupil,
    Register,
    Spread,
    chunks,
    months_of,
)
from tests.cast import NOW, SEPTEMBER, TODAY, Cast, known
from tests.journal.world import settle
from tests.printouts.papers import errors_of_accessibility, is_sound, text_of

ABSENCES = {"absent": "н", "ill": "н", "excused": "н", "late": ""}


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("", ""), ("5", "5"), ("н", "н"), ("б", "н"), ("у", "н"), ("о", ""), ("о 5", "5"), ("н 4", "н 4"),
        ("4/5", "4/5"), ("о 4/5", "4/5"), ("2→4", "2/4"), ("зач", "зач"), ("осв", "осв"), ("•", ""), ("5/•", "5"),
    ],
)  # fmt: skip
def test_screen_codes_become_official_ones(text: str, paper: str) -> None:
    assert official(text, ABSENCES) == paper


def test_two_marks_stand_as_the_school_wants() -> None:
    assert official("о 4/5", ABSENCES, separator="") == "45"
    assert official("о", {**ABSENCES, "late": "о"}) == "о"


@pytest.mark.parametrize(
    ("count", "pages"),
    [
        (0, ((0, 0),)),
        (1, ((0, 1),)),
        (40, ((0, 40),)),
        (41, ((0, 21), (21, 41))),
        (90, ((0, 30), (30, 60), (60, 90))),
    ],
)
def test_no_page_has_more_than_forty_lessons(count: int, pages: Any) -> None:
    assert chunks(count) == pages


def paper(lessons: int, pupils: int) -> Register:
    """A register with every cell full."""
    held = [
        PaperLesson(date(2026, 9, 1) + timedelta(days=n), 2, f"Тема {n}: решение задач", f"§ {n}, № {n}")
        for n in range(lessons)
    ]  # fmt: skip
    months = ["Январь"] * 8 + ["Сентябрь", "Октябрь", "Ноябрь", "Декабрь"]
    names = [f"Гончаренко-Ковалевская Александра {n}" for n in range(pupils)]
    spans = chunks(lessons)
    return Register(
        title="Журнал. Алгебра, 7А, II четверть", school="Средняя школа № 12", subject="Алгебра", group="7А",
        teacher="Кузнецова М. П.", period="II четверть", printed_on=TODAY,
        spreads=tuple(
            Spread(
                lessons=tuple(held[start:end]),
                months=months_of(held[start:end], months),
                pupils=tuple(
                    PaperPupil(n + 1, name, "", ("4/5",) * (end - start), "4") for n, name in enumerate(names)
                ),
                is_last=(start, end) == spans[-1],
            )
            for start, end in spans
        ),
    )  # fmt: skip


def printed(register: Register) -> pdf.Pdf:
    context = {"register": register, "title": register.title}
    return pdf.render("printouts/paper/register.html", context, style="register.css")


def test_a_full_register_fits_its_pages_and_is_accessible(tmp_path: Path) -> None:
    made = printed(paper(40, 35))
    pages = PdfReader(io.BytesIO(made.content)).pages
    assert len(pages) == 2  # marks at the left, topics at the right
    assert pages[0].mediabox.width > pages[0].mediabox.height
    assert "Гончаренко-Ковалевская Александра 34" in text_of(made.content, 0)
    assert "Тема 39" in text_of(made.content, 1)
    path = tmp_path / "register.pdf"
    path.write_bytes(made.content)
    assert errors_of_accessibility(path) == []
    assert is_sound(path)


def test_the_heads_stand_on_every_page() -> None:
    made = printed(paper(90, 45))
    texts = [text_of(made.content, n) for n in range(made.pages)]
    marks = [text for text in texts if "Гончаренко" in text]
    assert len(marks) > 3  # 45 pupils take a second page
    assert all("Сентябрь" in text or "Октябрь" in text or "Ноябрь" in text for text in marks)
    assert all("Домашнее задание" in text for text in texts if "Тема 1" in text)
    assert sum("Проведено уроков: 90" in text for text in texts) == 1


def test_the_register_of_a_course_is_printed(client_of: Any, cast: Cast) -> None:
    from_grid(cast)
    answer = client_of("maria").get(f"/printouts/register/{cast.courses['algebra'].pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    text = text_of(answer.content)
    assert "Алгебра, 7А. II четверть" in text
    assert "Кузнецова М. П." in text
    assert "3. Сидоров" not in text
    assert "4/5" in text
    assert "23" not in text_of(answer.content, 0)  # lessons ahead have no column
    Setting.objects.create(
        school=cast.school,
        key="marks_separator",
        value="none",
        since=SEPTEMBER,
    )
    again = client_of("maria").get(f"/printouts/register/{cast.courses['algebra'].pk}/")
    assert "45" in text_of(again.content)
    assert "4/5" not in text_of(again.content)
    assert client_of("svetlana").get(answer.request["PATH_INFO"]).status_code == 404


def from_grid(cast: Cast) -> None:
    cast.courses["algebra"].subject.marks_in_cell = 2
    cast.courses["algebra"].subject.save(update_fields=["marks_in_cell"])
    maria = cast.user("maria")
    facts = course_facts(maria, cast.courses["algebra"].pk, today=TODAY)
    lesson = cast.lesson("algebra").pk
    entries = [
        CellEntry(cast.pupils["olya"].pk, lesson, "4/5", rev=0),
        CellEntry(cast.pupils["petya"].pk, lesson, "о", rev=0),
    ]
    save_cells(by=maria, course=facts, op=known("op"), entries=entries, now=NOW)
    settle()


def test_a_days_blank_sheet_has_a_page_a_lesson(client_of: Any, cast: Cast, tmp_path: Path) -> None:
    answer = client_of("maria").get("/printouts/day/")
    assert answer.status_code == 200
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2  # algebra in 7А, mathematics in 5Б
    assert "Ёлкина Оля" in text_of(answer.content, 0)
    assert "Ёлкин Николай" in text_of(answer.content, 1)
    path = tmp_path / "day.pdf"
    path.write_bytes(answer.content)
    assert errors_of_accessibility(path) == []
    sunday = client_of("maria").get("/printouts/day/", {"day": "2026-11-22"})
    assert sunday.status_code == 409
    assert "нет уроков" in sunday.content.decode()


def test_thirty_five_pupils_fit_on_a_page() -> None:
    pupils = tuple((n, f"Гончаренко-Ковалевская Александра {n}") for n in range(1, 36))
    lesson = BlankLesson("Алгебра, 7А", "18 ноября", "213", "", "", 2, pupils)
    sheet = DaySheet("Листы уроков", TODAY, TODAY, (lesson,))
    context = {"sheet": sheet, "title": sheet.title}
    made = pdf.render("printouts/paper/day_sheet.html", context, style="day_sheet.css")
    assert made.pages == 1
