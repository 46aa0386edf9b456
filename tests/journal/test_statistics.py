"""Statistics of lessons held (T5b) and what the journal accounts for (U4), against hand-worked figures."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from journal import plan
from journal.clauses_programme import lessons_are_counted
from journal.models import LessonTopic, Work, WorkKind
from journal.queries.plans import course_plan
from journal.queries.statistics import Asked, Line, statistics
from regulation.registry import State, check_of
from school.models import Course, Curriculum, Lesson, LessonChange
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.plans import plan_of
from tests.journal.test_saving import one
from tests.journal.test_sheet import statements
from tests.journal.world import settle

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def settled(cast: Cast) -> Iterator[None]:
    """Check at the end, while the scope still shows the rows."""
    yield
    settle()


def days(cast: Cast, course: str = "algebra") -> list[date]:
    return sorted(day for name, day in cast.lessons if name == course)


def record(cast: Cast, day: date, course: str = "algebra", **more: Any) -> Lesson:
    lesson = cast.lesson(course, day)
    values = {
        "topic": "Тема",
        "status": "held",
        "recorded_by": cast.users["maria"],
        "recorded_at": NOW,
    }
    Lesson.objects.filter(pk=lesson.pk).update(**values | more)
    return lesson


def line(cast: Cast, who: str = "nina", course: str = "algebra", **asked: Any) -> Line:
    found = statistics(cast.user(who), Asked(**asked), today=TODAY)
    return next(one for one in found.lines if one.course_id == cast.courses[course].pk)


@pytest.mark.clause("T5b", "U4")
def test_a_course_is_counted_against_curriculum_and_plan_by_hand(cast: Cast) -> None:
    """Nineteen lessons stand in the timetable, eleven of them before today.

    1 gave hour 1; 2 was cancelled by frost; 3 gave hour 1 again; 4 was held outside the plan; the rest of
    the eleven wait for their record. Of the plan's thirty hours nineteen fit the timetable: eleven due. The
    year's total is that of the plan, whose page says thirty too.
    """
    course, held = cast.courses["algebra"], days(cast)
    assert (len(held), sum(day < TODAY for day in held)) == (19, 11)
    made = plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 30)] + [("Контрольная", 1)])
    Curriculum.objects.create(
        school=cast.school, year=YEAR, group=course.group, subject=course.subject, hours_per_week=3,
        hours_per_year=102,
    )  # fmt: skip
    first = made.topics.get(number=1)
    for day in (held[0], held[2]):
        LessonTopic.objects.create(
            school=cast.school, lesson=record(cast, day, kind="new"), topic=first, hour=1
        )
    record(cast, held[3], kind="control")
    frost = cast.lesson("algebra", held[1])
    Lesson.objects.filter(pk=frost.pk).update(status="cancelled")
    LessonChange.objects.create(school=cast.school, lesson=frost, kind="cancelled", reason="мороз")
    found = line(cast)
    sums = found.sums
    assert (sums.curriculum, sums.planned, sums.timetable, sums.held, sums.lag) == (
        102,
        30,
        11,
        3,
        10,
    )
    assert found.reasons.replace("\xa0", " ") == (
        "отменено: 1 урок (мороз), не записано: 7 уроков, вне плана: 1 урок, сверх плана на тему: 1 урок"
    )
    assert (sums.left, found.correction) == (14, "не помещается 14 ч: уплотнить план")
    assert dict(found.by_kind) == {
        "Комбинированный": 0, "Изучение нового": 2, "Закрепление": 0, "Контроль": 1, "Обобщение": 0,
    }  # fmt: skip
    laid = course_plan(course.pk)
    assert laid is not None
    pure = plan.progress(laid.wanted, laid.lessons, until=TODAY - timedelta(days=1))
    assert (pure.lag, pure.cancelled, pure.unrecorded, pure.outside, pure.repeated) == (
        sums.lag, sums.cancelled, sums.unrecorded, sums.outside, sums.repeated,
    )  # fmt: skip
    assert len(laid.laid.left) == sums.left
    assert sums.planned == len(plan.hours_of(laid.wanted))


@pytest.mark.clause("T5b", "U4")
def test_results_and_attendance_of_lessons_and_control_works(cast: Cast) -> None:
    """Three marks 5, 4, 2 of which one is of a control work; one of eight places missed."""
    plan_of(cast, [("Дроби", 1), ("Контрольная", 1), ("Ряд", 30)])
    yesterday, before = days(cast)[10], days(cast)[9]
    control = WorkKind.objects.get(school=cast.school, code="control")
    Work.objects.create(
        school=cast.school,
        lesson=cast.lesson("algebra", yesterday),
        kind=control,
        number=1,
        weight=2,
    )
    for day, pupil, value in (
        (yesterday, "olya", "2"), (before, "olya", "5"), (before, "petya", "4"), (before, "vitya", "н"),
    ):  # fmt: skip
        one(cast, "maria", value, pupil=pupil, day=day)
    record(cast, yesterday)
    record(cast, before)
    found = line(cast)
    sums = found.sums
    assert (sums.marks, found.pass_rate, found.quality, found.mean) == (
        3,
        "67\xa0%",
        "67\xa0%",
        "3,67",
    )
    assert (found.test_pass_rate, found.test_quality) == ("0\xa0%", "0\xa0%")
    assert (sums.tests_planned, sums.tests_held) == (1, 1)
    assert (sums.missed, sums.places, found.attendance) == (1, 8, "88\xa0%")


@pytest.mark.clause("T5b")
@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("course", ["Математика, 5Б", "Алгебра, 7А", "Русский язык, 7А", "Физика, 7А"]),
        ("class", ["5Б", "7А"]),
        ("teacher", ["Кузнецова М. П.", "Белова С. Ю.", "Орлов И. С."]),
        ("subject", ["Математика", "Алгебра", "Русский язык", "Физика"]),
        ("school", ["Школа № 1"]),
    ],
)
def test_rows_are_courses_classes_teachers_subjects_or_schools(
    cast: Cast, by: str, names: list[str]
) -> None:
    record(cast, days(cast)[0])
    found = statistics(cast.user("nina"), Asked(by=by), today=TODAY)
    assert sorted(one.name for one in found.lines) == sorted(names)
    assert sum(one.sums.held for one in found.lines) == found.total.sums.held == 1


@pytest.mark.clause("T5b")
def test_each_sees_her_own_the_class_teacher_the_class_the_heads_all(cast: Cast) -> None:
    seen = {
        who: {one.name for one in statistics(cast.user(who), Asked(), today=TODAY).lines}
        for who in ("maria", "ivan", "svetlana", "head", "stranger")
    }
    assert seen == {
        "maria": {"Алгебра, 7А", "Математика, 5Б"},
        "ivan": {"Алгебра, 7А", "Физика, 7А", "Русский язык, 7А"},
        "svetlana": {"Русский язык, 7А"},
        "head": {"Алгебра, 7А", "Физика, 7А", "Русский язык, 7А", "Математика, 5Б"},
        "stranger": {"Алгебра, 7А"},
    }


def test_a_period_and_filters_narrow_the_report(cast: Cast) -> None:
    course = cast.courses["algebra"]
    assert line(cast, period=str(cast.quarter.pk)).sums.timetable == 11
    first = cast.extras["Школа № 1:1"]
    assert line(cast, period=str(first.pk)).sums.timetable == 0
    asked = Asked(subject=str(course.subject_id), teacher=str(cast.people["maria"].pk))
    found = statistics(cast.user("nina"), asked, today=TODAY)
    assert [one.name for one in found.lines] == ["Алгебра, 7А"]


@pytest.mark.parametrize("courses", [1, 4])
def test_the_report_costs_the_same_statements_whatever_the_courses(
    cast: Cast, courses: int
) -> None:
    keep = [cast.courses[name].pk for name in ("algebra", "physics", "russian", "maths5")][:courses]
    Course.objects.filter(school=cast.school).exclude(pk__in=keep).update(year=2025)
    user = cast.user("nina")
    with CaptureQueriesContext(connection) as seen:
        assert len(statistics(user, Asked(), today=TODAY).lines) == courses
    assert len(statements(seen)) == 11  # who asks, and ten of the report


def test_the_report_goes_out_as_tables(client_of: Any, cast: Cast) -> None:
    client = client_of("nina")
    page = client.get("/journal/statistics/?by=class&view=kinds")
    assert page.status_code == 200
    book = client.get("/journal/statistics/export/?by=class&view=kinds")
    rows = list(load_workbook(BytesIO(book.content)).active.values)
    assert rows[0][:3] == ("Курс", "Учитель", "Комбинированный")
    assert [row[0] for row in rows[1:]] == ["5Б", "7А", "Всего"]
    text = client.get("/journal/statistics/export/?format=csv").content.decode("utf-8-sig")
    assert text.startswith("Курс;Учитель;Часов по УП;")
    for view in ("programme", "kinds", "results"):
        assert client.get(f"/journal/statistics/?view={view}&by=teacher").status_code == 200


def test_a_school_s_report_begins_with_a_class(client_of: Any, cast: Cast) -> None:
    nina = client_of("nina")

    def shown(query: str = "", client: Any = nina) -> tuple[str, set[str]]:
        page = BeautifulSoup(client.get(f"/journal/statistics/{query}").content, "html.parser")
        chosen = page.select_one("#choose-class option[selected]")
        names = {str(th.get_text(" ", strip=True)) for th in page.select("tbody th")}
        return chosen.text if chosen else "", {
            name.split(", ")[1].split()[0] for name in names if ", " in name
        }

    assert shown() == ("5Б", {"5Б"})
    assert shown("?class=") == ("", {"5Б", "7А"})
    assert shown(f"?class={cast.classes['7А'].pk}") == ("7А", {"7А"})
    assert shown(f"?subject={cast.courses['algebra'].subject_id}") == ("", {"7А"})
    assert shown(client=client_of("maria"))[0] == ""
    page = BeautifulSoup(nina.get("/journal/statistics/").content, "html.parser")
    link = page.select_one("a[href*=export]")
    assert link is not None
    book = nina.get(f"{link['href']}&format=csv").content.decode("utf-8-sig")
    assert "5Б" in book
    assert "7А" not in book


@pytest.mark.clause("T5b")
def test_courses_without_a_plan_break_t5b_and_lead_to_it(cast: Cast) -> None:
    assert check_of("T5b") is not None
    assert lessons_are_counted(cast.branch, now=NOW).state is State.NOT_YET_DUE
    found = lessons_are_counted(cast.school, now=NOW)
    assert found.state is State.BROKEN
    assert f"/journal/{cast.courses['algebra'].pk}/programme/" in {
        row.url for row in found.evidence
    }
    for name in ("algebra", "physics", "russian", "maths5"):
        course = cast.courses[name]
        plan_of(cast, course=name)
        Curriculum.objects.create(
            school=cast.school, year=YEAR, group=course.group, subject=course.subject, hours_per_week=3,
            hours_per_year=102,
        )  # fmt: skip
    found = lessons_are_counted(cast.school, now=NOW)
    assert (found.state, found.evidence[0].url) == (State.KEPT, "/journal/statistics/")
