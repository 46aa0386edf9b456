"""«Итоговые оценки»: periods, year, exams, final marks; put off, changed, owed; all years; the report card."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from journal.models import (
    AcademicDebt,
    Attempt,
    BehaviourMark,
    Deferral,
    ExamResult,
    FinalMark,
    PeriodMark,
)
from people.models import Setting
from people.scope import because
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast
from tests.diary.test_marks import words
from tests.diary.test_results_seen import every_kind, finals, period_mark
from tests.printouts.papers import errors_of_accessibility, is_sound, text_of

Browser = Callable[[str], Client]


def page_of(cast: Cast, client_of: Browser) -> Any:
    return client_of("olya_mother").get(finals(cast)).context["page"]


@pytest.mark.clause("G2.1d")
def test_results_of_every_kind_stand_in_the_subjects_row(cast: Cast, client_of: Browser) -> None:
    every_kind(cast)
    row = page_of(cast, client_of).rows[0]
    shown = [cell.text for cell in row.every]
    assert (row.subject, shown[0], shown[-3:]) == ("Алгебра", "4", ["5", "3", "4"])
    assert row.exam.note == "ОГЭ 18 ноября"


def test_two_exams_in_a_subject_stand_together_with_their_points(
    cast: Cast, client_of: Browser
) -> None:
    every_kind(cast)
    ExamResult.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], subject=cast.courses["algebra"].subject,
        kind="interim", held_on=TODAY - timedelta(days=9), points=Decimal("17.5"), value="5", score=5,
        obtained_at=NOW, visible_at=NOW, set_by=cast.users["nina"], set_at=NOW,
    )  # fmt: skip
    exam = page_of(cast, client_of).rows[0].exam
    assert exam.text == "5/3"
    assert exam.note.replace("\xa0", " ").startswith("промежуточная аттестация 9 ноября, 17.5")


def test_a_result_put_off_says_its_new_date_and_a_period_its_closing(
    cast: Cast, client_of: Browser
) -> None:
    mark = period_mark(cast)
    PeriodMark.objects.filter(pk=mark.pk).update(status="deferred", value="", score=None)
    Deferral.objects.create(
        school=cast.school, period_mark=mark, until=date(2026, 12, 15), ground="болезнь"
    )
    page = page_of(cast, client_of)
    assert (page.rows[0].periods[0].text, page.rows[0].periods[0].note) == (
        "отсрочка", "до 15 декабря",
    )  # fmt: skip
    said = words(client_of("olya_mother").get(finals(cast)))
    assert "Алгебра, I четверть: отсрочка — до 15 декабря" in said.replace("\xa0", " ")
    assert "II четверть: закроется 30 декабря" in said.replace("\xa0", " ")


def test_a_changed_result_says_what_it_was(cast: Cast, client_of: Browser) -> None:
    mark = period_mark(cast)
    shown = NOW - timedelta(days=2)
    PeriodMark.objects.filter(pk=mark.pk).update(visible_at=shown)
    with because("Пересчитано"):
        PeriodMark.objects.filter(pk=mark.pk).update(value="5", score=5, rev=2, set_at=NOW)
    cell = page_of(cast, client_of).rows[0].periods[0]
    assert (cell.text, cell.is_changed) == ("5", True)
    assert cell.note == "изменена 18 ноября, было «4»"


def test_debts_tell_their_attempts_and_settled_ones_stay_for_the_year(
    cast: Cast, client_of: Browser
) -> None:
    for course, settled in (("algebra", None), ("physics", TODAY)):
        debt = AcademicDebt.objects.create(
            school=cast.school, year=YEAR - 1, pupil=cast.pupils["olya"], subject=cast.courses[course].subject,
            arisen_on=date(2026, 5, 24), due_day=date(2027, 5, 24), settled_on=settled,
            set_by=cast.users["nina"], set_at=NOW,
        )  # fmt: skip
        Attempt.objects.create(
            school=cast.school, debt=debt, number=1, held_on=date(2026, 10, 12), value="2", passed=False,
            set_by=cast.users["nina"], set_at=NOW,
        )  # fmt: skip
    debts = [one.replace("\xa0", " ") for one in page_of(cast, client_of).debts]
    assert debts == [
        "Алгебра: ликвидировать до 24.05.2027; 1-я попытка 12 октября не сдана, отметка «2».",
        "Физика: ликвидирована 18 ноября; 1-я попытка 12 октября не сдана, отметка «2».",
    ]


@pytest.mark.parametrize(("scale", "shown"), [("words", True), ("off", False)])
def test_behaviour_stands_here_while_its_register_is_on(
    cast: Cast, client_of: Browser, scale: str, *, shown: bool
) -> None:
    first = cast.extras["Школа № 1:1"]
    for key, value, since in (("behaviour_scale", scale, SEPTEMBER),):
        Setting.objects.create(school=cast.school, key=key, value=value, since=since)
    BehaviourMark.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], period=first, value="примерное",
        set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip
    behaviour = page_of(cast, client_of).behaviour
    assert [(one.period, one.value) for one in behaviour] == (
        [("I четверть", "примерное")] if shown else []
    )


@pytest.mark.clause("T3", "G2.1d")
def test_all_years_show_the_family_what_is_open_to_it(cast: Cast, client_of: Browser) -> None:
    every_kind(cast)
    hidden = FinalMark.objects.get()
    FinalMark.objects.filter(pk=hidden.pk).update(visible_at=None)
    address = reverse("diary:years", args=[cast.pupils["olya"].pk])
    said = words(client_of("olya_mother").get(address))
    assert "Основное общее образование" in said
    assert "ОГЭ 18.11.2026" in said
    year = client_of("olya_mother").get(address).context["page"].stages[0].years[0]
    assert {place.key for place in year.places} == {"1", "year", "exam"}
    assert client_of("petya_father").get(address).status_code == 404


# The report card


def card(cast: Cast, pupil: str = "olya") -> str:
    return reverse("printouts:report_card", args=[cast.pupils[pupil].pk])


@pytest.mark.slow
@pytest.mark.clause("G2.1d")
def test_the_report_card_is_one_accessible_page_with_what_the_page_shows(
    cast: Cast, client_of: Browser, tmp_path: Path
) -> None:
    every_kind(cast)
    answer = client_of("olya_mother").get(card(cast))
    assert answer.headers["Content-Type"] == "application/pdf"
    file = tmp_path / "card.pdf"
    file.write_bytes(answer.content)
    assert is_sound(file)
    assert errors_of_accessibility(file) == []
    read = PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == 1
    width, height = read.pages[0].mediabox[2:]
    assert width < height
    said = " ".join(text_of(answer.content).split())
    for wanted in ("Табель успеваемости", "Ёлкина Оля Викторовна, 7А класс", "2026/27", "I четверть",
                   "Экзамен", "Итоговая", "Физика"):  # fmt: skip
        assert wanted in said, wanted


@pytest.mark.parametrize(
    ("name", "status"),
    [("olya", 200), ("petya_father", 404), ("other_guardian", 404), ("maria", 404), ("ivan", 200)],
)
def test_a_family_takes_only_its_own_card(
    cast: Cast, client_of: Browser, name: str, status: int
) -> None:
    assert client_of(name).get(card(cast)).status_code == status
