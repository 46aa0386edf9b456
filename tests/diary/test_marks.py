"""«Отметки» and a subject: averages, what a mark was given for, topics, the forecast, «что если»."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary.charts import dots_of, draw
from diary.views.marks import asked_of
from journal.models import (
    CourseProgramme,
    Criterion,
    CriterionPoints,
    Mark,
    PeriodMark,
    Programme,
    Topic,
    Unit,
)
from people.scope import because
from school.models import Lesson, Membership, StudyGroup
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.diary.test_pages import statements
from tests.diary.test_week import give, work_of

Browser = Callable[[str], Client]
DAYS = [date(2026, 11, day) for day in (9, 10, 11, 12, 13)]


def marks_of(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:marks", args=[cast.pupils[pupil].pk])


def subject_of(cast: Cast, course: str = "algebra", pupil: str = "olya") -> str:
    return reverse("diary:subject", args=[cast.pupils[pupil].pk, cast.courses[course].subject_id])


def several(cast: Cast, values: str = "443", pupil: str = "olya") -> list[Mark]:
    return [
        give(cast, pupil, cast.lesson("algebra", day), value)
        for day, value in zip(DAYS, values, strict=False)
    ]


def words(answer: Any, part: str = "main") -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join((page.select_one(part) or page).get_text(" ").split())


# The page


def test_a_card_says_average_weighted_average_and_each_mark_with_what_it_was_for(
    cast: Cast, client_of: Browser
) -> None:
    """By hand: (4 + 4 + 3) / 3 = 3,67; with the control of weight 2 (4 + 4 + 6) / 4 = 3,50."""
    give(cast, "olya", cast.lesson("algebra", DAYS[0]), "4", comment="у доски")
    give(cast, "olya", cast.lesson("algebra", DAYS[1]), "4")
    give(cast, "olya", cast.lesson("algebra", DAYS[2]), "3", kind="control", title="Дроби")
    answer = client_of("olya_mother").get(marks_of(cast))
    card = next(
        card
        for card in BeautifulSoup(answer.content, "html.parser").select(".subject")
        if "Алгебра" in card.h2.get_text()
    )
    assert [b.get_text() for b in card.select(".averages b")] == ["3,67", "3,50"]
    chips = card.select("a.mark")
    assert [chip["data-tone"] for chip in chips] == ["4", "4", "3"]
    told = chips[2].get_text().replace("\xa0", " ")
    assert "11 ноября, контрольная работа «Дроби», вес 2" in told
    assert chips[2]["href"].startswith(subject_of(cast))
    place = chips[2]["href"].partition("#")[2]
    page = BeautifulSoup(client_of("olya_mother").get(chips[2]["href"]).content, "html.parser")
    assert "Дроби" in page.find(id=place).get_text()


def test_the_line_of_marks_is_an_image_with_its_numbers_in_words(
    cast: Cast, client_of: Browser
) -> None:
    several(cast, "25")
    client = client_of("olya_mother")
    assert '<svg class="chart"' not in client.get(marks_of(cast)).content.decode()
    give(cast, "olya", cast.lesson("algebra", DAYS[2]), "3")
    page = BeautifulSoup(client.get(marks_of(cast)).content, "html.parser")
    svg = page.select_one("svg.chart")
    assert (svg["role"], svg["aria-label"]) == ("img", "Алгебра, отметки по порядку: 2, 5, 3")
    assert len(svg.select("circle")) == 3
    assert not re.search(r"(fill|stroke|style)=", str(svg))  # forced colours keep what CSS says


def test_the_dots_go_from_two_at_the_foot_to_five_at_the_top_and_fit_finer_scales() -> None:
    assert dots_of([Decimal(2), Decimal(5)]) == [("6.0", "42.0"), ("234.0", "6.0")]
    heights = [float(y) for _, y in dots_of([Decimal(1), Decimal(10), Decimal(5)])]
    assert heights[0] == 42
    assert heights[1] == 6
    assert draw((), "Алгебра") == ""


def test_subjects_stand_by_alphabet_or_the_lowest_first(cast: Cast, client_of: Browser) -> None:
    several(cast, "5")
    give(cast, "olya", cast.lesson("russian"), "3")
    client = client_of("olya_mother")

    def names(query: str) -> list[str]:
        page = BeautifulSoup(client.get(marks_of(cast) + query).content, "html.parser")
        return [h2.get_text() for h2 in page.select(".subject h2")]

    assert names("") == ["Алгебра", "Русский язык", "Физика"]
    assert names("?view=lowest") == ["Русский язык", "Алгебра", "Физика"]
    by_date = words(client.get(marks_of(cast) + "?view=dates"))
    assert by_date.index("Русский язык") < by_date.index("Алгебра")


def test_the_current_period_is_shown_and_in_a_vacation_the_last_one(
    cast: Cast, client_of: Browser, clock: Any
) -> None:
    client = client_of("olya_mother")
    assert client.get(marks_of(cast)).context["page"].period.name == "II четверть"
    clock.move_to(NOW.replace(year=2027, month=1, day=3))
    assert client_of("olya_mother").get(marks_of(cast)).context["page"].period.name == "II четверть"


def test_nothing_of_classmates_is_ever_told(cast: Cast, client_of: Browser) -> None:
    """Class averages enter the arithmetic of the forecast and are shown to nobody; there are no ranks."""
    several(cast, "444")
    work = cast.lesson("algebra", DAYS[0]).works.get()
    give(cast, "petya", work.lesson, "2", work=work)
    for address in (marks_of(cast), marks_of(cast) + "?view=dates", subject_of(cast)):
        said = words(client_of("olya_mother").get(address)).casefold()
        for forbidden in ("класса", "одноклассник", "рейтинг", "место", "в среднем по"):
            assert forbidden not in said, forbidden
        assert "3,50" not in said


# What each mark was given for; topics


@pytest.mark.clause("G2.1b")
def test_a_mark_shows_the_lesson_the_work_the_points_and_its_corrections(
    cast: Cast, client_of: Browser
) -> None:
    lesson = cast.lesson("algebra", DAYS[0])
    Lesson.objects.filter(pk=lesson.pk).update(topic="Сложение дробей")
    work = work_of(cast, lesson, "control", title="Дроби")
    mark = give(
        cast, "olya", lesson, "3", work=work, comment="не дописана", set_at=NOW - timedelta(days=2)
    )
    for number, (name, points) in enumerate((("Ход решения", 3), ("Ответ", 1)), start=1):
        criterion = Criterion.objects.create(
            school=cast.school, work=work, number=number, name=name, maximum=5
        )
        CriterionPoints.objects.create(
            school=cast.school, criterion=criterion, pupil=cast.pupils["olya"], points=points,
            set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip
    with because("Ошиблась"):
        Mark.objects.filter(year=YEAR, pk=mark.pk).update(value="4", score=4, set_at=NOW)
    said = words(client_of("olya_mother").get(subject_of(cast)))
    for wanted in (
        "9 ноября", "контрольная работа «Дроби», вес 2", "Тема урока: Сложение дробей", "не дописана",
        "По критериям: 4 из 10 баллов", "Ход решения: 3 из 5", "3 → 4",
    ):  # fmt: skip
        assert wanted in said, wanted


@pytest.mark.clause("G2.1a")
def test_topics_that_were_and_that_the_plan_lays_on_the_lessons_ahead(
    cast: Cast, client_of: Browser
) -> None:
    course = cast.courses["algebra"]
    Lesson.objects.filter(course=course).update(topic="")
    Lesson.objects.filter(course=course, day__in=DAYS[:2]).update(
        topic="Дроби", recorded_at=NOW, recorded_by=cast.users["maria"]
    )
    programme = Programme.objects.create(
        school=cast.school, subject=course.subject, grade_level=7, name="Алгебра 7", year=YEAR,
        made_by=cast.users["maria"], made_at=NOW,
    )  # fmt: skip
    unit = Unit.objects.create(school=cast.school, programme=programme, number=1, title="Раздел")
    for number, (title, hours) in enumerate((("Многочлены", 40), ("Функции", 400)), start=1):
        Topic.objects.create(
            school=cast.school,
            programme=programme,
            unit=unit,
            number=number,
            title=title,
            hours=hours,
        )
    CourseProgramme.objects.create(
        school=cast.school,
        course=course,
        programme=programme,
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    page = client_of("olya_mother").get(subject_of(cast)).context["page"]
    assert [(one.title, one.days_words) for one in page.past][:1] == [("Дроби", "9 и 10\xa0ноября")]
    assert {one.title for one in page.coming} == {"Многочлены"}
    days = page.coming[0].days
    assert (min(days) > TODAY, max(days) <= cast.quarter.ends) == (True, True)
    Topic.objects.filter(title="Многочлены").update(hours=12)
    page = client_of("olya_mother").get(subject_of(cast)).context["page"]
    assert [one.title for one in page.coming] == ["Многочлены", "Функции"]
    assert max(page.coming[0].days) < min(page.coming[1].days)


def test_a_child_who_changed_class_sees_her_marks_of_both(cast: Cast, client_of: Browser) -> None:
    """The course of the class that she left stands beside the present one, under one subject."""
    several(cast, "44")
    algebra = cast.courses["algebra"]
    Membership.objects.filter(pupil=cast.pupils["olya"]).update(until=DAYS[2])
    Membership.objects.create(
        school=cast.school, pupil=cast.pupils["olya"], since=DAYS[3],
        group=StudyGroup.objects.get(school_class=cast.classes["5Б"], kind="class"),
    )  # fmt: skip
    card = client_of("olya_mother").get(marks_of(cast)).context["page"].subjects[0]
    assert (card.subject_id, card.average) == (algebra.subject_id, Decimal("4.00"))
    page = client_of("olya_mother").get(subject_of(cast)).context["page"]
    assert [line.mark.value for line in page.lines] == ["4", "4"]
    assert all(max(one.days) <= DAYS[2] for one in page.topics)


def test_another_childs_subject_and_an_unknown_one_are_not_there(
    cast: Cast, client_of: Browser
) -> None:
    mother = client_of("olya_mother")
    unknown = reverse("diary:subject", args=[cast.pupils["olya"].pk, cast.pupils["olya"].pk])
    other = reverse(
        "diary:subject", args=[cast.pupils["olya"].pk, cast.courses["other_algebra"].subject_id]
    )
    assert [mother.get(url).status_code for url in (unknown, other)] == [404, 404]
    assert client_of("petya_father").get(subject_of(cast)).status_code == 404


# The forecast and «что если»


@pytest.mark.clause("T4", "K2", "G2.7", "S6")
@pytest.mark.parametrize("reader", ["olya_mother", "olya_father", "olya"])
def test_guardians_and_the_pupil_read_the_forecast_with_chance_reason_and_what_is_missing(
    cast: Cast, client_of: Browser, reader: str
) -> None:
    several(cast, "4434")
    card = words(client_of(reader).get(marks_of(cast)))
    assert "Прогноз: 4" in card
    assert "Если ничего не изменится — «4»; решает учитель." in card
    said = words(client_of(reader).get(subject_of(cast)))
    assert re.search(r"За период: 4 , около \d+ %", said), said
    assert "Средний балл сейчас 3,75: 4 отметки, с весом работ." in said
    assert "До «5» — ещё 6 пятёрок подряд, если выставит учитель по среднему." in said
    assert "не обещание" in said


@pytest.mark.clause("T4", "K2", "G2.7", "S6")
def test_under_three_marks_no_mark_is_named(cast: Cast, client_of: Browser) -> None:
    several(cast, "54")
    answer = client_of("olya_mother").get(marks_of(cast))
    assert "Прогноз: мало отметок" in words(answer)
    algebra = answer.context["page"].subjects[0]
    assert (algebra.forecast.value, algebra.forecast.chance) == ("", "")


def test_a_result_that_families_see_replaces_the_forecast_and_a_hidden_one_does_not(
    cast: Cast, client_of: Browser
) -> None:
    several(cast, "4434")
    PeriodMark.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], course=cast.courses["algebra"], period=cast.quarter,
        value="3", score=3, obtained_at=NOW, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    client = client_of("olya_mother")
    hidden = client.get(subject_of(cast)).context["page"].subject
    assert (hidden.period_mark, hidden.forecast.value) == ("", "4")
    PeriodMark.objects.update(visible_at=NOW)
    page = client.get(subject_of(cast)).context["page"]
    assert (page.subject.period_mark, page.subject.forecast, page.what_if) == ("3", None, None)


def test_a_past_period_is_not_forecast(cast: Cast, client_of: Browser) -> None:
    several(cast, "4434")
    first = cast.extras["Школа № 1:1"]
    page = client_of("olya_mother").get(f"{subject_of(cast)}?period={first.pk}").context["page"]
    assert (page.subject.forecast, page.what_if, page.lines) == (None, None, ())


@pytest.mark.clause("T4")
def test_what_if_is_counted_by_the_server_from_a_plain_address(
    cast: Cast, client_of: Browser
) -> None:
    """By hand: (4 + 4 + 3 + 5 + 5) / 5 = 4,20; with weight 2 for each five (11 + 20) / 7 = 4,43."""
    several(cast, "443")
    client = client_of("olya_mother")
    said = words(client.get(f"{subject_of(cast)}?n5=2"), "#what-if")
    assert (
        "Средний балл станет 4,20 : по среднему — «4», если выставит учитель по среднему." in said
    )
    give(cast, "olya", cast.lesson("algebra", DAYS[3]), "4", kind="control")
    page = client.get(f"{subject_of(cast)}?n5=2&weight=2").context["page"].what_if
    assert page.weights == (Decimal(1), Decimal(2))
    assert page.average == "4,33"  # (4 + 4 + 3 + 8 + 20) / 9
    assert "Средний балл станет" not in words(client.get(subject_of(cast)), "#what-if")


def test_steppers_are_links_that_keep_the_rest(cast: Cast, client_of: Browser) -> None:
    several(cast, "443")
    page = BeautifulSoup(
        client_of("olya_mother").get(f"{subject_of(cast)}?n5=2&n4=9").content, "html.parser"
    )
    steps = {
        a["aria-label"]: a["href"].replace("&", " ") for a in page.select(".stepper a[aria-label]")
    }
    assert "n5=3 n4=9" in steps["На одну «5» больше"]
    assert "n5=1 n4=9" in steps["На одну «5» меньше"]
    assert "На одну «4» больше" not in steps
    assert "На одну «3» меньше" not in steps
    assert all(step.endswith("#what-if") for step in steps.values())


@pytest.mark.parametrize(
    ("query", "marks", "weight"),
    [
        ({"n5": "2", "n4": "x"}, {"5": 2, "4": 0}, Decimal(1)),
        ({"n5": "99999999999", "weight": "1,5"}, {"5": 0}, Decimal("1.5")),
        ({"n5": "-3", "weight": "NaN"}, {"5": 0}, Decimal(1)),
        ({"n": "3", "weight": "много"}, {}, Decimal(1)),
    ],
)
def test_what_is_asked_is_read_whatever_was_typed(
    query: dict[str, str], marks: dict[str, int], weight: Decimal
) -> None:
    asked = asked_of(query)
    assert (dict(asked.marks), asked.weight) == (marks, weight)


def test_a_first_grader_without_marks_is_told_so(cast: Cast, client_of: Browser) -> None:
    for course in cast.courses.values():
        type(course).objects.filter(pk=course.pk).update(scale_code="none")
    assert "Отметок нет" in words(client_of("olya_mother").get(marks_of(cast)))


@pytest.mark.parametrize("values", ["4", "44344"])
def test_a_subject_costs_eight_statements_at_most_whatever_it_holds(
    cast: Cast, client_of: Browser, values: str
) -> None:
    several(cast, values)
    client = client_of("olya_mother")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(f"{subject_of(cast)}?n5=1").status_code == 200
        costs.append(len(statements(counted)))
    assert costs == [8, 7]
