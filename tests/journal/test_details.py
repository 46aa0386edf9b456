"""The panel of one cell and the teacher's day."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal import queries
from journal.models import Homework, Mark, Work, WorkKind
from journal.sheet import CellDetails, TeacherDay
from people.scope import scope
from school.models import Lesson, LessonChange, LessonStatus, Vacation
from tests.cast import ALL_SCHOOLS, MONDAY, NOW, TODAY, YEAR, Cast
from tests.journal.test_saving import one
from tests.journal.test_sheet import statements
from tests.journal.world import big_course, settle

YESTERDAY = TODAY - timedelta(days=1)


def details(cast: Cast, who: str = "maria", pupil: str = "olya") -> CellDetails:
    return queries.cell_details(
        cast.user(who), cast.courses["algebra"].pk, lesson_id=cast.lesson("algebra").pk,
        pupil_id=cast.pupils[pupil].pk, today=TODAY,
    )  # fmt: skip


def day(cast: Cast, who: str = "maria", when: Any = TODAY) -> TeacherDay:
    return queries.teacher_day(cast.user(who), when, now=NOW)


def test_the_history_tells_every_change_of_a_cell_and_who_made_it(cast: Cast) -> None:
    with scope(ALL_SCHOOLS, cast.users["maria"].pk):
        first = one(cast, "maria", "4")
        second = one(cast, "maria", "5", rev=first.rev)
        third = one(cast, "maria", "", rev=second.rev)
    with scope(ALL_SCHOOLS, cast.users["ivan"].pk):
        one(cast, "ivan", "б", rev=third.rev)
    found = details(cast)
    assert [(e.text, e.author) for e in found.history] == [
        ("записано «б»", "Орлов И. С."), ("стёрто «5»", "Кузнецова М. П."),
        ("было «4», стало «5»", "Кузнецова М. П."), ("записано «4»", "Кузнецова М. П."),
    ]  # fmt: skip
    assert re.fullmatch(r"\d+\s\w+, \d+:\d\d", found.history[0].at)
    assert (found.value, found.pupil_name, found.when) == (
        "б",
        "Ёлкина Оля",
        "18\u00a0ноября, 1-й урок",
    )
    assert found.work == "Ответ на уроке, вес 1"


def comment(client: Any, cast: Cast, text: str, rev: int) -> Any:
    sent = {
        "pupil": cast.pupils["olya"].pk,
        "lesson": cast.lesson("algebra").pk,
        "rev": rev,
        "comment": text,
    }
    return client.post(f"/journal/{cast.courses['algebra'].pk}/cell", sent)


def test_a_comment_is_written_and_stands_in_the_panel_and_history(
    client_of: Any, cast: Cast
) -> None:
    cell = one(cast, "maria", "4")
    answer = comment(client_of("maria"), cast, "Молодец", cell.rev)
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "Комментарий записан." in soup.text
    state = soup.select_one("[data-ed-cell-state]")
    assert (state["data-note"], state["data-rev"]) == ("1", str(Mark.objects.get().rev))
    assert details(cast).history[0].text == "комментарий: «Молодец»"


def test_a_comment_is_refused_for_a_stale_cell_an_empty_one_and_a_reader(
    client_of: Any, cast: Cast
) -> None:
    assert comment(client_of("maria"), cast, "Рано", 0).status_code == 422
    cell = one(cast, "maria", "4")
    stale = comment(client_of("maria"), cast, "Поздно", cell.rev + 1)
    assert (stale.status_code, "Клетку изменили" in stale.content.decode()) == (422, True)
    assert "Поздно" in stale.content.decode()
    long = comment(client_of("maria"), cast, "я" * 501, cell.rev)
    assert "Комментарий не длиннее 500 знаков." in long.content.decode()
    assert comment(client_of("nina"), cast, "Чужой", cell.rev).status_code == 403
    assert comment(client_of("stranger"), cast, "Чужой", cell.rev).status_code == 404
    assert Mark.objects.get().comment == ""


@pytest.mark.parametrize("query", ["", "?pupil=x&lesson=y", "?pupil=1"])
def test_a_panel_of_nothing_is_404(client_of: Any, cast: Cast, query: str) -> None:
    assert (
        client_of("maria").get(f"/journal/{cast.courses['algebra'].pk}/cell{query}").status_code
        == 404
    )


def test_a_panel_of_a_pupil_of_another_group_is_404(client_of: Any, cast: Cast) -> None:
    query = f"?pupil={cast.pupils['kolya'].pk}&lesson={cast.lesson('algebra').pk}"
    assert (
        client_of("maria").get(f"/journal/{cast.courses['algebra'].pk}/cell{query}").status_code
        == 404
    )


def test_the_day_shows_lessons_in_order_and_what_they_lack(cast: Cast) -> None:
    found = day(cast)
    assert found.heading == "Среда, 18\u00a0ноября"
    assert [(lesson.subject_name, lesson.number, lesson.time) for lesson in found.lessons] == [
        ("Алгебра", 1, "8:30–9:10"), ("Математика", 4, "11:30–12:10"),
    ]  # fmt: skip
    assert found.lessons[0].missing == ("нет темы", "нет домашнего задания", "нет отметок")
    assert found.lessons[0].is_over
    assert [(c.subject_name, c.group_name) for c in found.courses] == [
        ("Алгебра", "7А"),
        ("Математика", "5Б"),
    ]
    assert (found.previous, found.following) == (YESTERDAY, TODAY + timedelta(days=1))


def test_what_is_filled_in_is_not_asked_for(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    one(cast, "maria", "4")
    recorded = {"recorded_by": cast.users["maria"], "recorded_at": NOW}
    Lesson.objects.filter(pk=lesson.pk).update(topic="Дроби", **recorded)
    Homework.objects.create(
        school=cast.school,
        year=YEAR,
        lesson=lesson,
        due_day=TODAY,
        text="№ 1",
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    found = day(cast).lessons[0]
    assert (found.missing, found.marks, found.homework) == ((), 1, "№ 1")


def test_earlier_lessons_that_lack_something_are_listed_and_counted(cast: Cast) -> None:
    everything = [
        lesson for (name, at), lesson in cast.lessons.items() if name == "algebra" and at < TODAY
    ]
    before = [
        lesson for (name, at), lesson in cast.lessons.items() if name == "maths5" and at < TODAY
    ]
    found = day(cast)
    assert found.unfilled_total == len(everything) + len(before)
    assert len(found.unfilled) == 15
    assert found.unfilled[0].date == YESTERDAY
    for lesson in everything[1:] + before:
        recorded = {"recorded_by": cast.users["maria"], "recorded_at": NOW}
        Lesson.objects.filter(pk=lesson.pk).update(topic="Тема", **recorded)
        Homework.objects.create(
            school=cast.school,
            year=YEAR,
            lesson=lesson,
            due_day=TODAY,
            text="№",
            set_by=cast.users["maria"],
            set_at=NOW,
        )
    assert [lesson.lesson_id for lesson in day(cast).unfilled] == [everything[0].pk]
    kind = WorkKind.objects.get(school=cast.school, letter="К")
    Work.objects.create(school=cast.school, lesson=everything[1], kind=kind, weight=2)
    assert day(cast).unfilled[0].missing == ("нет отметок",)


def test_a_lesson_that_runs_is_now_and_asks_for_nothing_yet(cast: Cast) -> None:
    found = queries.teacher_day(cast.user("maria"), TODAY, now=NOW - timedelta(minutes=40))
    assert [(lesson.is_now, lesson.missing) for lesson in found.lessons][1] == (True, ())


def test_substitutions_and_cancellations_are_named(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.sitting.teacher = cast.people["svetlana"]
    lesson.sitting.save()
    LessonChange.objects.create(
        school=cast.school, lesson=lesson, kind="substituted", absent_teacher=cast.people["maria"],
        substitute=cast.people["svetlana"],
    )  # fmt: skip
    assert (day(cast).lessons[0].note, day(cast).lessons[0].missing) == ("ведёт: Белова С. Ю.", ())
    given = day(cast, "svetlana")
    assert given.lessons[0].note == "замена: Кузнецова М. П."
    assert [(c.subject_name, c.note) for c in given.courses] == [
        ("Русский язык", ""), ("Алгебра", "замещаю до 18\u00a0ноября"), ("Математика", "мой класс"),
    ]  # fmt: skip
    Lesson.objects.filter(pk=lesson.pk).update(status=LessonStatus.CANCELLED)
    assert (day(cast).lessons[0].note, day(cast).lessons[0].is_cancelled) == ("отменён", True)
    settle()


def test_the_class_teacher_finds_the_journals_of_the_class(cast: Cast) -> None:
    assert [(c.subject_name, c.note) for c in day(cast, "ivan").courses] == [
        ("Физика", ""), ("Алгебра", "мой класс"), ("Русский язык", "мой класс"),
    ]  # fmt: skip


def test_an_empty_day_says_why(cast: Cast) -> None:
    assert day(cast, when=MONDAY - timedelta(days=1)).empty_note == "Уроков нет"
    Vacation.objects.create(
        school=cast.school,
        year=YEAR,
        name="Карантин",
        starts=MONDAY - timedelta(days=1),
        ends=MONDAY - timedelta(days=1),
    )
    assert day(cast, when=MONDAY - timedelta(days=1)).empty_note == "Каникулы до 15\u00a0ноября"


@pytest.mark.parametrize("lessons", [17, 40])
def test_the_day_costs_twelve_statements_whatever_is_not_filled_in(
    client_of: Any, cast: Cast, lessons: int
) -> None:
    big_course(cast, pupils=5, lessons=lessons)
    client = client_of("ivan")
    client.get("/journal/")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get("/journal/")
    assert answer.status_code == 200
    assert len(statements(seen)) == 12


@pytest.mark.parametrize("query", ["", "?day=2026-11-20", "?day=yesterday"])
def test_the_page_of_the_day_opens(client_of: Any, cast: Cast, query: str) -> None:
    page = BeautifulSoup(client_of("maria").get(f"/journal/{query}").content, "html.parser")
    assert len(page.select("h1")) == 1


def test_a_day_without_lessons_is_empty(client_of: Any, cast: Cast) -> None:
    Lesson.objects.filter(sitting__teacher=cast.people["svetlana"], day=TODAY).delete()
    assert "Сегодня уроков нет" in client_of("svetlana").get("/journal/").content.decode()
