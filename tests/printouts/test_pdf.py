"""The paper itself, from a sample week without a database."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from printouts import pdf
from tests.printouts.papers import (
    codes_on,
    errors_of_accessibility,
    extract,
    is_sound,
    print_sample,
    text_of,
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pdf.Pdf, list]:
    made, sheets = print_sample(2)
    path = tmp_path_factory.mktemp("paper") / "two.pdf"
    path.write_bytes(made.content)
    return path, made, sheets


def test_a_full_week_takes_one_page_a_pupil(printed) -> None:
    path, made, _ = printed
    assert made.sheets == (1, 1)
    assert len(PdfReader(path).pages) == made.pages == 2


def test_the_text_can_be_selected_and_read(printed) -> None:
    _, made, sheets = printed
    text = text_of(made.content, page=1)
    assert "Гончаренко-1 Александра Константиновна" in text
    for word in ("7А", "16–21 ноября 2026", "Понедельник, 16 ноября", "Суббота, 21 ноября", "Алгебра",
                 "Квадратные уравнения", "№ 412", "контрольная работа, вес 2", "Учитель: Хорошо объяснил",
                 "пропуск по болезни", "4,25", "II четверть", "С дневником ознакомлен(а)", sheets[1].code_words,
                 "стр. 1 из 1"):  # fmt: skip
        assert word in text, word
    assert "Гончаренко-0" not in text


def test_the_file_is_accessible_and_sound(printed) -> None:
    path, made, _ = printed
    reader = PdfReader(io.BytesIO(made.content))
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.trailer["/Root"]["/Lang"] == "ru"
    assert reader.metadata.title == "Выписки 7А"
    assert errors_of_accessibility(path) == []
    assert is_sound(path)


def test_the_check_of_accessibility_sees_an_untagged_file(tmp_path: Path) -> None:
    plain = pdf.render(
        "printouts/paper/extract.html", {"extract": extract(), "title": "х"}, style="extract.css",
        variant=None,
    )  # fmt: skip
    path = tmp_path / "plain.pdf"
    path.write_bytes(plain.content)
    assert errors_of_accessibility(path) != []


def test_each_page_has_its_own_code_that_a_scanner_reads(printed) -> None:
    path, _, sheets = printed
    assert codes_on(path, page=1) == [sheets[0].address]
    assert codes_on(path, page=2) == [sheets[1].address]


def test_only_our_fonts_are_in_it(printed) -> None:
    path, _, _ = printed
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in PdfReader(path).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.replace(" ", "-").split(",")[0][:7] for name in fonts} == {"/PT-San"} or all(
        "PT" in name for name in fonts
    )


def test_a_document_loads_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = '<!DOCTYPE html><html lang="ru"><title>х</title><img alt="" src="http://127.0.0.1:9/x.png"></html>'
    monkeypatch.setattr(pdf, "render_to_string", lambda *_: hostile)
    with pytest.raises(pdf.OutsideFile):
        pdf.render("any", {}, style="extract.css")


def test_what_a_step_raises_stops_the_work() -> None:
    class Stop(Exception):
        pass

    def stop(done: int) -> None:
        if done == 1:
            raise Stop

    contexts = [{"extract": extract(n), "title": "х"} for n in range(3)]
    with pytest.raises(Stop):
        pdf.bind("printouts/paper/extract.html", contexts, style="extract.css", on_sheet=stop)


@pytest.mark.slow
def test_a_class_of_thirty_keeps_the_budget_of_size() -> None:
    """Every page costs the same, so a few show what thirty weigh."""
    one, four = (len(print_sample(pupils)[0].content) for pupils in (1, 4))
    page = (four - one) / 3
    assert one + 29 * page <= 600_000
