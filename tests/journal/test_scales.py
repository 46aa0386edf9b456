"""Every scale in the grid, the list, the averages and the diary; what stands for a period is no mark of a work."""

from typing import Any

import pytest

from diary import queries as diary
from journal import grading, queries
from journal.models import Mark, Scale, Work, WorkKind
from school.models import Course
from tests.cast import MONDAY, NOW, SEPTEMBER, TODAY, Cast
from tests.journal.test_saving import one, save

TEN = {str(n): n for n in range(10, 0, -1)}
HUNDRED = {str(n): n for n in range(100, -1, -1)}
PASS = {"зач": None, "нзч": None}


def use(cast: Cast, code: str, values: dict[str, int | None]) -> None:
    Scale.objects.update_or_create(
        school=cast.school, code=code, defaults={"name": code, "values": values, "since": SEPTEMBER}
    )
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(scale_code=code)


@pytest.mark.parametrize(
    ("code", "values", "typed", "average", "wrong"),
    [
        ("ten", TEN, ("10", "7"), "8,50", "11"),
        ("hundred", HUNDRED, ("86", "100"), "93,00", "101"),
        ("pass_fail", PASS, ("зачёт", "незачёт"), "", "5"),
        ("criteria", {"5": 5, "4": 4, "3": 3, "2": 2}, ("5", "4"), "4,50", "1"),
    ],
)
def test_a_scale_in_grid_list_averages_and_diary(
    cast: Cast, client_of: Any, code: str, values: dict[str, int | None], typed: tuple[str, str],
    average: str, wrong: str,
) -> None:  # fmt: skip
    use(cast, code, values)
    answer = save(cast, "maria", [("olya", "/".join(typed), 0), ("petya", wrong, 0)])
    assert [cell.state for cell in answer.cells] == ["ok", "invalid"]
    shown = answer.cells[0].value
    assert answer.averages[0].average == average
    page = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    assert [cell[0] for cell in page.rows[0].cells if cell[0]] == [shown]
    assert (page.rows[0].average, page.rows[0].weighted) == (average, average)
    assert page.allowed == (*grading.in_order(values), "•", "н", "о")
    lesson = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('algebra').pk}/"
    assert f'value="{shown}"' in client_of("maria").get(lesson).content.decode()
    week = diary.week(cast.pupils["olya"], MONDAY, user=None, now=NOW)
    assert [mark.value for one in week.lessons for mark in one.marks] == shown.split("/")
    subject = next(
        s for s in diary.marks(cast.pupils["olya"], now=NOW).subjects if s.subject == "Алгебра"
    )
    found = "" if subject.average is None else f"{subject.average:.2f}".replace(".", ",")
    assert found == average


def test_a_course_without_marks_notes_attendance_only(cast: Cast) -> None:
    Course.objects.filter(pk=cast.courses["algebra"].pk).update(scale_code="none")
    assert one(cast, "maria", "5").state == "invalid"
    assert one(cast, "maria", "зач").state == "invalid"
    assert one(cast, "maria", "о").state == "ok"
    page = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    assert page.allowed == ("н", "о")


def test_not_assessed_stands_for_a_period_only_and_exempt_where_the_scale_has_it(
    cast: Cast,
) -> None:
    with_both = {"5": 5, "4": 4, "3": 3, "2": 2, "осв": None, "н/а": None}
    use(cast, "five", with_both)
    assert one(cast, "maria", "н/а").message == "«н/а» — нет такой отметки."
    assert one(cast, "maria", "осв").state == "ok"
    page = queries.sheet(cast.user("maria"), cast.courses["algebra"].pk, None, today=TODAY)
    assert "н/а" not in page.allowed
    use(cast, "five", {"5": 5, "4": 4, "3": 3, "2": 2})
    assert one(cast, "maria", "осв", pupil="petya").state == "invalid"


def test_the_colour_of_a_kind_of_work_stands_beside_its_letter(cast: Cast, client_of: Any) -> None:
    kind = WorkKind.objects.get(school=cast.school, code="control")
    WorkKind.objects.filter(pk=kind.pk).update(colour="red")
    lesson = cast.lesson("algebra")
    Work.objects.create(school=cast.school, lesson=lesson, kind=kind, number=1, weight=2)
    page = client_of("maria").get(f"/journal/{cast.courses['algebra'].pk}/").content.decode()
    (head,) = (part for part in page.split("<th ") if f'data-l="{lesson.pk}"' in part)
    assert 'data-c="red"' in head
    assert "<small>К</small>" in head
    assert page.count("data-c=") == 1
    assert not Mark.objects.exists()
