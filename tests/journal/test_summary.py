"""The summary sheet of a class: filled by itself, with attendance and the council's decision."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Forbidden, Invalid
from journal.actions.councils import decide_council
from journal.errors import YearClosed
from journal.errors_results import DebtsOpen, NotInClass
from journal.models import Absence, AcademicDebt, CouncilDecision, ExamResult, PeriodMark, YearMark
from journal.queries.summary import attendance_sheet, summary_sheet
from journal.yearbook import Missed, SummarySheet
from school.models import Membership, Period, SchoolYear
from tests.cast import MONDAY, NOW, TODAY, YEAR, Cast
from tests.journal.test_sheet import statements

SPRING = NOW + timedelta(days=200)


def result(cast: Cast, pupil: str, value: str, course: str = "algebra", **more: Any) -> None:
    """Give a pupil a result of the second quarter, or with `model` another."""
    model = more.pop("model", PeriodMark)
    values: dict[str, Any] = {
        "school": cast.school, "year": YEAR, "pupil": cast.pupils[pupil], "value": value,
        "score": Decimal(value) if value.isdecimal() else None, "obtained_at": NOW, "visible_at": NOW,
        "set_by": cast.users["maria"], "set_at": NOW,
    }  # fmt: skip
    if model is PeriodMark:
        values["period"] = cast.quarter
    if model in {PeriodMark, YearMark}:
        values["course"] = cast.courses[course]
    model.objects.create(**values | more)


def read(cast: Cast, shown: str = "", day: date = TODAY) -> SummarySheet:
    return summary_sheet(cast.classes["7А"], shown, today=day)


def texts(sheet: SummarySheet) -> dict[str, dict[str, str]]:
    return {
        row.member.name: {column.name: cell.text for cell, column in row.cells if cell.text}
        for row in sheet.rows
    }


@pytest.mark.clause("T5d")
def test_results_stand_in_the_summary_sheet_as_soon_as_they_are_set(cast: Cast) -> None:
    assert all(not cells for cells in texts(read(cast)).values())
    result(cast, "olya", "5")
    result(cast, "petya", "", status="not_assessed")
    result(cast, "vitya", "", status="exempt")
    result(cast, "olya", "4", model=YearMark)
    algebra = cast.courses["algebra"].subject
    result(cast, "olya", "4", model=ExamResult, subject=algebra, kind="interim", held_on=TODAY)
    assert texts(read(cast)) == {
        "Ёлкина Оля": {
            "Алгебра, II четверть": "5", "Алгебра, год": "4", "Алгебра, экзамен": "4",
        },
        "Петров Пётр": {"Алгебра, II четверть": "н/а"},
        "Сидоров Виктор": {"Алгебра, II четверть": "осв"},
        "Тихонов Тимур": {},
    }  # fmt: skip


def test_every_subject_has_its_periods_and_the_year_and_one_place_can_be_shown(cast: Cast) -> None:
    sheet = read(cast)
    assert [one.name for one in sheet.subjects] == ["Алгебра", "Русский язык", "Физика"]
    assert [place.short for place in sheet.subjects[0].places] == ["I", "II", "III", "IV", "год"]
    only = read(cast, "2")
    assert [column.name for column in only.columns] == [
        "Алгебра, II четверть", "Русский язык, II четверть", "Физика, II четверть",
    ]  # fmt: skip


def test_indicators_stand_under_each_column_and_leave_out_who_left(cast: Cast) -> None:
    for pupil, value in (("olya", "5"), ("petya", "4"), ("vitya", "2")):
        result(cast, pupil, value)
    result(cast, "timur", "", status="not_assessed")
    column = next(n for n, c in enumerate(read(cast).columns) if c.name == "Алгебра, II четверть")
    found = read(cast).found[column]
    # N = 4: 2/4; 2/4; (100 + 64 + 16 + 7) / 4; (5 + 4 + 2) / 3
    assert (found.success, found.quality, found.degree, found.average) == (
        Decimal(50), Decimal(50), Decimal("46.75"), Decimal("3.67"),
    )  # fmt: skip
    Membership.objects.filter(pupil=cast.pupils["timur"]).update(until=TODAY - timedelta(days=1))
    sheet = read(cast)
    assert sheet.found[column].success == Decimal("66.67")
    assert [row.left for row in sheet.rows] == [False, False, False, True]
    total = next(one for one in sheet.totals if one.place.key == "2")
    assert (total.excellent, total.good, total.failing, total.quality) == (
        1,
        1,
        1,
        Decimal("66.67"),
    )


def absent(cast: Cast, pupil: str, day: date, courses: str, code: str) -> None:
    for course in courses.split():
        Absence.objects.create(
            school=cast.school, year=YEAR, lesson=cast.lesson(course, day), pupil=cast.pupils[pupil], code=code,
            set_by=cast.users["ivan"], set_at=NOW,
        )  # fmt: skip


@pytest.mark.clause("U4")
def test_a_day_is_missed_only_if_all_its_lessons_were(cast: Cast) -> None:
    tuesday = MONDAY + timedelta(days=1)
    absent(cast, "olya", MONDAY, "algebra physics russian", "ill")
    absent(cast, "olya", tuesday, "algebra physics", "absent")
    absent(cast, "olya", tuesday, "russian", "late")
    absent(cast, "petya", MONDAY, "algebra physics", "ill")
    absent(cast, "petya", MONDAY, "russian", "excused")
    sheet = attendance_sheet(cast.classes["7А"], today=TODAY)
    second = {row.member.name: dict(row.cells) for row in sheet.rows}
    quarter = sheet.places[1]
    assert second["Ёлкина Оля"][quarter] == Missed(
        days=1, ill_days=1, lessons=5, ill_lessons=3, plain=2, late=1
    )
    assert second["Петров Пётр"][quarter] == Missed(days=1, lessons=3, ill_lessons=2, excused=1)
    assert second["Петров Пётр"][sheet.places[0]] == Missed()
    assert dict(sheet.totals)[sheet.places[-1]].lessons == 8


def decide(cast: Cast, who: str = "nina", **more: Any) -> int:
    kinds = more.pop("kinds", {cast.pupils["olya"].pk: "promoted"})
    values = {"number": "14", "day": TODAY, "now": NOW} | more
    return decide_council(by=cast.user(who), school_class=cast.classes["7А"], kinds=kinds, **values)


@pytest.mark.clause("T5d")
def test_the_council_decides_about_each_pupil_by_its_minutes(cast: Cast) -> None:
    kinds = {cast.pupils[name].pk: "promoted" for name in ("olya", "petya")}
    assert decide(cast, kinds=kinds) == 2
    assert decide(cast, kinds=kinds) == 0
    assert decide(cast, kinds=kinds | {cast.pupils["petya"].pk: "repeats"}) == 1
    said = [row.member.decision_words for row in read(cast).rows]
    assert said == [
        "переведён, протокол № 14 от 18.11.2026",
        "оставлен на повторное обучение, протокол № 14 от 18.11.2026", "", "",
    ]  # fmt: skip


def test_a_decision_is_refused_with_a_debt_a_stranger_or_a_closed_year(cast: Cast) -> None:
    AcademicDebt.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], subject=cast.courses["algebra"].subject,
        arisen_on=TODAY, due_day=TODAY, set_by=cast.users["nina"], set_at=NOW,
    )  # fmt: skip
    with pytest.raises(DebtsOpen, match=r"Ёлкина О\. В\."):
        decide(cast)
    assert decide(cast, kinds={cast.pupils["olya"].pk: "conditional"}) == 1
    with pytest.raises(NotInClass):
        decide(cast, kinds={cast.pupils["kolya"].pk: "promoted"})
    with pytest.raises(Invalid, match="не наступила"):
        decide(cast, day=TODAY + timedelta(days=1))
    SchoolYear.objects.filter(school=cast.school).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    with pytest.raises(YearClosed):
        decide(cast)


@pytest.mark.parametrize("who", ["ivan", "maria"])
def test_only_the_heads_write_what_the_council_decided(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        decide(cast, who)


def page(client: Any, cast: Cast, query: str = "") -> BeautifulSoup:
    answer = client.get(f"/journal/summary/{cast.classes['7А'].pk}/{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.clause("T5d")
def test_the_page_shows_the_sheet_to_the_class_teacher_and_the_heads(
    client_of: Any, cast: Cast
) -> None:
    result(cast, "olya", "5")
    for who in ("ivan", "nina", "head"):
        row = page(client_of(who), cast).select_one("table.results tbody tr")
        assert row is not None
        assert "Ёлкина Оля" in row.th.get_text(" ", strip=True)
        assert [td.text.strip() for td in row.select("td") if td.text.strip()] == ["5"]
    address = f"/journal/summary/{cast.classes['7А'].pk}/"
    assert client_of("maria").get(address).status_code == 404
    assert client_of("olya_mother").get(address).status_code == 404
    assert client_of("stranger").get(address).status_code == 404


def test_the_deputy_decides_for_all_at_once_and_a_debtor_is_moved_on_a_condition(
    client_of: Any, cast: Cast
) -> None:
    AcademicDebt.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["petya"], subject=cast.courses["algebra"].subject,
        arisen_on=TODAY, due_day=TODAY, set_by=cast.users["nina"], set_at=NOW,
    )  # fmt: skip
    address = f"/journal/summary/{cast.classes['7А'].pk}/"
    sent = {"number": "14", "day": "2026-11-18", "everybody": "promoted"}
    assert client_of("ivan").post(address, sent).status_code == 403
    answer = client_of("nina").post(address, sent)
    assert answer.headers["Location"] == f"{address}?view=council"
    kinds = CouncilDecision.objects.order_by("pupil__person__sort_key").values_list(
        "kind", flat=True
    )
    assert list(kinds) == ["promoted", "conditional", "promoted", "promoted"]
    wrong = client_of("nina").post(address, sent | {"day": "2026-11-19"})
    assert wrong.status_code == 422
    assert "не наступила" in wrong.content.decode()


def test_of_two_deputies_the_second_sees_what_the_first_decided(client_of: Any, cast: Cast) -> None:
    """What she typed stays; sent over what stands now, it is written."""
    address = f"/journal/summary/{cast.classes['7А'].pk}/?view=council"
    olya, petya = cast.pupils["olya"].pk, cast.pupils["petya"].pk
    client = client_of("nina")

    def form() -> dict[str, str]:
        found = BeautifulSoup(client.get(address).content, "html.parser")
        hidden = found.select("input[name^=seen_]")
        return {
            str(one["name"]): str(one["value"]) if "value" in one.attrs else "" for one in hidden
        }

    sent = form() | {
        "number": "15",
        "day": "2026-11-18",
        f"kind_{olya}": "repeats",
        f"kind_{petya}": "promoted",
    }
    decide(cast, "head", kinds={olya: "promoted"})
    answer = client.post(address, sent)
    assert answer.status_code == 409
    shown = BeautifulSoup(answer.content, "html.parser")
    assert "решение изменили (Ёлкина О. В.)" in shown.get_text(" ", strip=True)
    assert "переведён, протокол № 14" in shown.get_text(" ", strip=True)
    typed = shown.select_one(f"#id_kind_{olya} option[selected]")
    assert typed is not None
    assert typed["value"] == "repeats"
    assert CouncilDecision.objects.get().kind == "promoted"
    again = {str(i["name"]): str(i.get("value", "")) for i in shown.select("input[name^=seen_]")}
    assert client.post(address, sent | again).status_code == 302
    assert CouncilDecision.objects.get(pupil=olya).kind == "repeats"
    assert CouncilDecision.objects.count() == 2


@pytest.mark.parametrize("query", ["", "?view=attendance", "?view=council"])
def test_the_sheet_costs_a_fixed_number_of_statements(
    client_of: Any, cast: Cast, query: str
) -> None:
    client = client_of("nina")
    page(client, cast, query)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, cast, query)
        return len(statements(seen))

    before = cost()
    for pupil in ("olya", "petya", "vitya"):
        for course in ("algebra", "physics", "russian"):
            result(cast, pupil, "4", course)
        absent(cast, pupil, MONDAY, "algebra physics", "ill")
    assert cost() == before <= 12


def test_the_half_years_of_the_senior_grades_have_their_own_columns(cast: Cast) -> None:
    Period.objects.filter(school=cast.school).update(grade_to=6)
    assert [place.key for place in read(cast).places] == ["year", "exam", "final"]
