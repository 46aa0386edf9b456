"""All years of a pupil on one page (T3): former classes too, by level of education."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.sorting import sort_key
from journal.models import CouncilDecision, ExamResult, FinalMark, PeriodMark, YearMark
from journal.queries.years import pupil_years
from journal.yearbook import PupilYears
from people.models import Pupil
from school.models import Course, Membership, Period, SchoolClass, SchoolYear, StudyGroup, Subject
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_sheet import statements
from tests.journal.test_summary import result


def former(cast: Cast, year: int, grade: int, subjects: dict[str, str]) -> None:
    """A former year of Оля: her class of that year, an annual mark of each subject, a quarter."""
    school = cast.school
    starts, ends = date(year, 9, 1), date(year + 1, 5, 24)
    SchoolYear.objects.create(school=school, year=year, starts=starts, ends=ends)
    period = Period.objects.create(school=school, year=year, kind="quarter", number=1, starts=starts,
                                   ends=date(year, 10, 25), grade_from=1, grade_to=9)  # fmt: skip
    own = SchoolClass.objects.create(
        school=school, year=year, grade_level=grade, letter="А", sort_key="а"
    )
    group = StudyGroup.objects.create(school=school, year=year, kind="class", name=f"{grade}А", school_class=own,
                                      grade_level=grade)  # fmt: skip
    Membership.objects.create(
        school=school, group=group, pupil=cast.pupils["olya"], since=starts, until=ends
    )
    for name, value in subjects.items():
        subject, _ = Subject.objects.get_or_create(
            school=school, name=name, defaults={"short_name": name[:10], "sort_key": sort_key(name)}
        )
        course = Course.objects.create(
            school=school, year=year, group=group, subject=subject, hours_per_week=2
        )
        common: dict[str, Any] = {
            "school": school, "year": year, "pupil": cast.pupils["olya"], "value": value, "score": Decimal(value),
            "obtained_at": NOW, "visible_at": NOW, "set_by": cast.users["maria"], "set_at": NOW,
        }  # fmt: skip
        PeriodMark.objects.create(course=course, period=period, **common)
        YearMark.objects.create(course=course, **common)
        if grade == 4:
            FinalMark.objects.create(subject=subject, **common)
    CouncilDecision.objects.create(school=school, year=year, pupil=cast.pupils["olya"], kind="promoted",
                                   minutes_number="9", minutes_day=ends, set_by=cast.users["nina"], set_at=NOW)  # fmt: skip


def years(cast: Cast) -> PupilYears:
    pupil = Pupil.objects.select_related("person", "school").get(pk=cast.pupils["olya"].pk)
    return pupil_years(pupil, today=TODAY)


@pytest.mark.clause("T3")
def test_every_year_of_the_pupil_stands_under_its_level_of_education(cast: Cast) -> None:
    former(cast, 2025, 6, {"Математика": "4", "Русский язык": "5"})
    former(cast, 2024, 4, {"Математика": "5", "Окружающий мир": "5"})
    result(cast, "olya", "3")
    primary, basic = years(cast).stages
    assert (primary.name, [one.class_name for one in primary.years]) == (
        "Начальное общее образование",
        ["4А"],
    )
    assert [(row.subject, row.cells[0][0].text, row.final.text) for row in primary.annual] == [
        ("Математика", "5", "5"), ("Окружающий мир", "5", "5"),
    ]  # fmt: skip
    assert (basic.name, [one.class_name for one in basic.years]) == (
        "Основное общее образование",
        ["7А", "6А"],
    )
    seventh, sixth = basic.years
    assert [(row.subject, [cell.text for cell, _ in row.cells]) for row in seventh.rows] == [
        ("Алгебра", ["3"])
    ]
    assert [place.name for place in seventh.places] == ["II четверть"]
    assert [(row.subject, [cell.text for cell, _ in row.cells]) for row in sixth.rows] == [
        ("Математика", ["4", "4"]), ("Русский язык", ["5", "5"]),
    ]  # fmt: skip
    assert sixth.decision == "переведён, протокол № 9 от 24.05.2026"
    assert [[cell.text for cell, _ in row.cells] for row in basic.annual] == [["4", ""], ["5", ""]]


@pytest.mark.clause("T3")
def test_the_class_teacher_and_the_heads_open_the_page_of_years(client_of: Any, cast: Cast) -> None:
    former(cast, 2025, 6, {"Математика": "4"})
    address = f"/journal/pupils/{cast.pupils['olya'].pk}/years/"
    for who in ("ivan", "nina", "head"):
        answer = client_of(who).get(address)
        page = BeautifulSoup(answer.content, "html.parser")
        assert [h.text for h in page.select("section > h2")] == ["Основное общее образование"]
        assert [one.get_text(strip=True) for one in page.select("main summary")] == [
            "7А, 2026/27 учебный год", "6А, 2025/26 учебный год",
        ]  # fmt: skip
    for who in ("maria", "svetlana", "olya_mother", "olya", "stranger", "branch_head"):
        assert client_of(who).get(address).status_code == 404, who


def test_the_family_would_see_only_what_is_open(cast: Cast) -> None:
    result(cast, "olya", "3", visible_at=NOW + timedelta(days=1))
    result(cast, "olya", "4", "physics")
    pupil = Pupil.objects.select_related("person", "school").get(pk=cast.pupils["olya"].pk)
    (stage,) = pupil_years(pupil, today=TODAY, seen_at=NOW).stages
    assert [row.subject for row in stage.years[0].rows] == ["Физика"]


def test_two_exams_in_a_subject_stand_together_with_their_points(cast: Cast) -> None:
    subject = cast.courses["algebra"].subject
    result(cast, "olya", "4", model=ExamResult, subject=subject, kind="interim", held_on=TODAY)
    result(cast, "olya", "5", model=ExamResult, subject=subject, kind="oge", held_on=TODAY + timedelta(days=1),
           points=Decimal(28))  # fmt: skip
    (stage,) = years(cast).stages
    (row,) = stage.years[0].rows
    (cell,) = [cell for cell, place in row.cells if place.key == "exam"]
    assert cell.text == "4/5"
    assert cell.note == "промежуточная аттестация 18.11.2026; ОГЭ 19.11.2026, 28\u00a0баллов"


def test_the_page_costs_the_same_for_any_number_of_years(client_of: Any, cast: Cast) -> None:
    client = client_of("nina")
    address = f"/journal/pupils/{cast.pupils['olya'].pk}/years/"
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(statements(seen))

    before = cost()
    for back in range(1, 3):
        former(cast, YEAR - back, 7 - back, {"Математика": "4", "Музыка": "5"})
    assert cost() == before <= 8
