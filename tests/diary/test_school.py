"""«Школа» of a child: calendar, bells, tests of the period, teachers with their hours, regulation, contacts."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Forbidden
from diary.actions.hours import Hours, add_hours, remove_hours
from diary.clauses_school import families_are_told_everything
from diary.errors_words import BrokenWords
from diary.queries.school import school
from journal.models import Work, WorkKind
from regulation.actions import adopt, publish
from regulation.registry import State
from school.models import (
    BellSchedule,
    BellSlot,
    ContactHours,
    Course,
    CourseTeacher,
    Membership,
    Period,
    StudyGroup,
    Vacation,
    VacationClass,
)
from tests.cast import NOW, SEPTEMBER, TODAY, YEAR, Cast
from tests.diary.test_pages import statements
from tests.diary.test_recommendations import advise
from tests.diary.test_week import give

Browser = Callable[[str], Client]
WEDNESDAY = Hours(3, time(15), time(16), "кабинет 214")


def address(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:school", args=[cast.pupils[pupil].pk])


def control(cast: Cast, course: str, day: date, title: str) -> Work:
    kind = WorkKind.objects.get(school=cast.school, is_control=True)
    return Work.objects.create(
        school=cast.school, lesson=cast.lesson(course, day), kind=kind, number=1, weight=2, title=title, minutes=40
    )  # fmt: skip


@pytest.mark.clause("T2c")
def test_the_teachers_of_the_child_with_subjects_groups_and_hours(cast: Cast) -> None:
    stream = StudyGroup.objects.create(
        school=cast.school, year=YEAR, kind="stream", name="Английский, 7А и 7Б", grade_level=7
    )
    Membership.objects.create(
        school=cast.school, group=stream, pupil=cast.pupils["olya"], since=SEPTEMBER
    )
    course = Course.objects.create(
        school=cast.school, year=YEAR, group=stream, subject=cast.courses["russian"].subject, hours_per_week=1
    )  # fmt: skip
    CourseTeacher.objects.create(
        school=cast.school, course=course, person=cast.people["maria"], since=SEPTEMBER
    )
    add_hours(by=cast.user("maria"), person=cast.people["maria"], hours=WEDNESDAY)
    page = school(cast.pupils["olya"], now=NOW)
    assert page.leader is not None
    assert page.leader.name == "Орлов Иван Сергеевич"
    taught = {one.name: list(one.duties) for one in page.teachers}
    assert taught == {
        "Кузнецова Мария Петровна": ["Алгебра", "Русский язык (поток Английский, 7А и 7Б)"],
        "Белова Светлана Юрьевна": ["Русский язык"],
        "Орлов Иван Сергеевич": ["Физика"],
    }
    maria = next(one for one in page.teachers if one.name.startswith("Кузнецова"))
    assert [(h.day, h.starts, h.place) for h in maria.hours] == [("среда", time(15), "кабинет 214")]
    others = school(cast.pupils["petya"], now=NOW)
    assert ["Алгебра"] in [list(one.duties) for one in others.teachers]


@pytest.mark.clause("T2c")
def test_the_schedule_of_tests_of_the_period(cast: Cast) -> None:
    control(cast, "algebra", TODAY + timedelta(days=2), "Одночлены")
    control(cast, "physics", TODAY - timedelta(days=1), "Скорость")
    control(cast, "maths5", TODAY, "Дроби")
    page = school(cast.pupils["olya"], now=NOW)
    assert [(one.title, one.is_past, one.minutes) for one in page.tests] == [
        ("Скорость", True, 40), ("Одночлены", False, 40),
    ]  # fmt: skip
    assert page.period is not None
    assert page.period.is_now


@pytest.mark.clause("T2c", "G2.1a")
def test_the_calendar_is_that_of_the_childs_class(cast: Cast) -> None:
    Vacation.objects.create(
        school=cast.school, year=YEAR, name="Дополнительные", starts=date(2027, 2, 15), ends=date(2027, 2, 21),
        grade_from=1, grade_to=1,
    )  # fmt: skip
    own = Vacation.objects.create(
        school=cast.school, year=YEAR, name="Поездка 5Б", starts=date(2027, 4, 1), ends=date(2027, 4, 3)
    )  # fmt: skip
    VacationClass.objects.create(school=cast.school, vacation=own, school_class=cast.classes["5Б"])
    names = [one.name for one in school(cast.pupils["olya"], now=NOW).vacations]
    assert "Дополнительные" not in names
    assert "Поездка 5Б" not in names
    assert "Поездка 5Б" in [one.name for one in school(cast.pupils["kolya"], now=NOW).vacations]


def test_periods_and_bells_are_those_of_the_grade_and_the_shift(cast: Cast) -> None:
    Period.objects.create(
        school=cast.school, year=YEAR, kind="half_year", number=1, starts=SEPTEMBER, ends=date(2026, 12, 30),
        grade_from=10, grade_to=11,
    )  # fmt: skip
    second = BellSchedule.objects.create(
        school=cast.school, year=YEAR, name="Вторая смена", weekdays=[1, 2, 3], shift=2
    )
    BellSlot.objects.create(
        school=cast.school, schedule=second, number=1, starts=time(14), ends=time(14, 40)
    )
    page = school(cast.pupils["olya"], now=NOW)
    assert "I полугодие" not in [one.name for one in page.periods]
    assert "Вторая смена" not in [one.name for one in page.bells]
    cast.classes["7А"].shift = 2
    cast.classes["7А"].save()
    found = school(cast.pupils["olya"], now=NOW).bells
    assert [(one.name, one.days, len(one.slots)) for one in found] == [("Вторая смена", "Пн–Ср", 1)]


@pytest.mark.clause("U12", "T2c")
def test_the_regulation_with_its_text_and_where_to_ask(cast: Cast, client_of: Browser) -> None:
    cast.school.phone, cast.school.email = "+7 000 000-00-12", "office@school.example"
    cast.school.save()
    version = adopt(by=None, school=cast.school, profile="k", since=SEPTEMBER, order_number="112")
    where = "https://school.example/reglament"
    publish(by=None, version=version, address=where, published_on=SEPTEMBER)
    page = client_of("olya_mother").get(address(cast)).content.decode()
    for words in (
        where,
        "№&nbsp;112",
        "office@school.example",
        "tel:+70000000012",
        "Громов Павел Андреевич",
    ):
        assert words in page


@pytest.mark.clause("T2c")
def test_the_clause_says_what_a_family_does_not_find(cast: Cast) -> None:
    found = families_are_told_everything(cast.school, now=NOW)
    assert found.state == State.BROKEN
    lacking = {one.label for one in found.evidence}
    assert {"Нет рекомендаций учителей за месяц", "Нет домашних заданий за месяц"} <= lacking
    control(cast, "algebra", TODAY, "Одночлены")
    give(cast, "olya", cast.lesson("physics"), "5")
    cast.lesson("algebra").homework.create(
        school=cast.school,
        year=YEAR,
        due_day=TODAY,
        text="№ 1",
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    advise(cast, "olya")
    assert families_are_told_everything(cast.school, now=NOW).state == State.KEPT
    CourseTeacher.objects.filter(course=cast.courses["algebra"]).update(
        until=TODAY - timedelta(days=1)
    )
    without = families_are_told_everything(cast.school, now=NOW)
    assert [one.label for one in without.evidence] == ["Алгебра, 7А"]


def test_the_page_opens_to_the_family_and_costs_few_statements(
    cast: Cast, client_of: Browser
) -> None:
    client = client_of("olya_mother")
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address(cast)).status_code == 200
    assert len(statements(counted)) <= 8
    assert client_of("olya").get(address(cast)).status_code == 200
    assert client_of("petya_father").get(address(cast)).status_code == 404


def test_a_pupil_without_a_class_has_a_page(cast: Cast, client_of: Browser) -> None:
    Membership.objects.update(until=TODAY - timedelta(days=1))
    page = client_of("olya_mother").get(address(cast)).content.decode()
    assert "Учителя ещё не назначены" in page


def test_a_teacher_keeps_her_own_hours_and_a_deputy_everybodys(
    cast: Cast, client_of: Browser
) -> None:
    maria, where = client_of("maria"), reverse("desk:hours")
    sent = {"weekday": "3", "starts": "15:00", "ends": "16:00", "place": "кабинет 214"}
    assert "кабинет 214" in maria.post(where, sent, follow=True).content.decode()
    theirs = f"{where}?person={cast.people['svetlana'].pk}"
    assert maria.post(theirs, sent).status_code == 404
    assert client_of("nina").post(theirs, sent).status_code == 302
    assert {one.person_id for one in ContactHours.objects.all()} == {
        cast.people["maria"].pk, cast.people["svetlana"].pk,
    }  # fmt: skip
    own = ContactHours.objects.get(person=cast.people["maria"])
    maria.post(reverse("desk:hours_remove", args=[own.pk]))
    assert not ContactHours.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours(3, time(16), time(15), "214"), "ends"),
        (Hours(3, time(15, 30), time(17), "214"), "starts"),
        (Hours(4, time(15), time(16), " "), "place"),
    ],
)
def test_hours_that_cannot_be_are_refused(cast: Cast, hours: Hours, field: str) -> None:
    add_hours(by=cast.user("maria"), person=cast.people["maria"], hours=WEDNESDAY)
    with pytest.raises(BrokenWords) as refused:
        add_hours(by=cast.user("maria"), person=cast.people["maria"], hours=hours)
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["ivan", "secretary", "olya_mother", "other_head"])
def test_others_do_not_touch_them(cast: Cast, who: str) -> None:
    kept = add_hours(by=cast.user("maria"), person=cast.people["maria"], hours=WEDNESDAY)
    with pytest.raises(Forbidden):
        remove_hours(by=cast.user(who), hours=kept)
    with pytest.raises(Forbidden):
        add_hours(by=cast.user(who), person=cast.people["maria"], hours=WEDNESDAY)
