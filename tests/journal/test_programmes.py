"""Plans in the browser: made, changed, copied, brought from a table, chosen for a course, laid on lessons."""

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from journal.models import CourseProgramme, Homework, LessonTopic, Programme, Topic, Work
from school.models import Lesson, SchoolYear, Subject
from tests.cast import MONDAY, NOW, TODAY, Cast
from tests.journal.plans import plan_of
from tests.journal.test_programme_file import ALGEBRA, book
from tests.journal.world import settle

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def settled(cast: Cast) -> Iterator[None]:
    """Check at the end, while the scope still shows the rows."""
    yield
    settle()


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def place(programme: Programme) -> str:
    return f"/journal/programmes/{programme.pk}/"


def order(programme: Programme) -> list[str]:
    return [f"{t.unit.number}.{t.number} {t.title}" for t in programme.topics.select_related("unit").order_by("number")]  # fmt: skip


def course_page(cast: Cast, what: str = "programme", course: str = "algebra") -> str:
    return f"/journal/{cast.courses[course].pk}/{what}/"


def test_a_plan_is_made_and_changed_in_place(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    subject = Subject.objects.get(school=cast.school, name="Алгебра")
    answer = client.post(
        "/journal/programmes/",
        {"name": "Алгебра 7", "subject": str(subject.pk), "grade_level": "7"},
    )
    made = Programme.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, place(made))
    for title in ("Числа", "Дроби"):
        client.post(place(made), {"do": "unit", "title": title})
    numbers, fractions = made.units.order_by("number")
    topic = {"do": "topic", "hours": "2", "lesson_kind": "new", "work_kind": "", "homework": "§ 1"}
    for unit, title in ((fractions, "Сложение"), (numbers, "Ряд"), (fractions, "Вычитание")):
        client.post(place(made), topic | {"unit": str(unit.pk), "title": title})
    assert order(made) == ["1.1 Ряд", "2.2 Сложение", "2.3 Вычитание"]
    last = made.topics.get(title="Вычитание")
    client.post(place(made), {"change": f"topic_up:{last.pk}"})
    assert order(made) == ["1.1 Ряд", "2.2 Вычитание", "2.3 Сложение"]
    client.post(place(made), {"change": f"topic_up:{last.pk}"})
    assert order(made) == ["1.1 Ряд", "1.2 Вычитание", "2.3 Сложение"]
    client.post(place(made), {"change": f"unit_up:{fractions.pk}"})
    assert order(made) == ["1.1 Сложение", "2.2 Ряд", "2.3 Вычитание"]
    changed = topic | {"topic": str(last.pk), "unit": str(fractions.pk), "title": "Разность", "hours": "4"}  # fmt: skip
    client.post(place(made), changed)
    assert order(made) == ["1.1 Сложение", "1.2 Разность", "2.3 Ряд"]
    client.post(place(made), {"change": f"topic_remove:{last.pk}"})
    assert order(made) == ["1.1 Сложение", "2.2 Ряд"]
    assert client.post(place(made), {"change": f"unit_up:{fractions.pk}"}).status_code == 409


def test_wrong_words_are_told_and_nothing_is_written(client_of: Any, cast: Cast) -> None:
    made = plan_of(cast)
    client = client_of("maria")
    unit = made.units.get()
    sent = {"do": "topic", "unit": str(unit.pk), "title": "", "hours": "0", "lesson_kind": "new"}
    answer = client.post(place(made), sent)
    assert answer.status_code == 422
    assert "Не меньше 1 часа." in answer.content.decode()
    assert client.post(place(made), {"change": "topic_up:nothing"}).status_code == 422
    assert client.post(place(made), {"change": "drop:all"}).status_code == 422
    assert Topic.objects.count() == 3


def test_a_topic_that_was_given_is_changed_but_not_removed(client_of: Any, cast: Cast) -> None:
    made = plan_of(cast)
    topic = made.topics.get(number=1)
    lesson = cast.lesson("algebra")
    LessonTopic.objects.create(school=cast.school, lesson=lesson, topic=topic, hour=1)
    answer = client_of("maria").post(place(made), {"change": f"topic_remove:{topic.pk}"})
    assert answer.status_code == 409
    assert "уже прошли уроки" in answer.content.decode()
    assert client_of("maria").post(place(made), {"do": "delete"}).status_code == 409


def test_others_copy_a_plan_and_only_its_author_and_the_deputy_change_it(
    client_of: Any, cast: Cast
) -> None:
    made = plan_of(cast)
    for who, status in (("svetlana", 403), ("ivan", 403), ("head", 302), ("nina", 302)):
        answer = client_of(who).post(place(made), {"do": "unit", "title": f"Раздел {who}"})
        assert (who, answer.status_code) == (who, status)
    assert client_of("stranger").get(place(made)).status_code == 404
    assert client_of("olya").get(place(made)).status_code == 404
    assert client_of("svetlana").post(place(made), {"do": "copy"}).status_code == 302
    copy = Programme.objects.exclude(pk=made.pk).get()
    assert (copy.made_by_id, copy.copied_from_id) == (cast.users["svetlana"].pk, made.pk)
    assert order(copy) == order(made)


def test_a_plan_of_a_closed_year_is_only_read(client_of: Any, cast: Cast) -> None:
    made, client, course = plan_of(cast), client_of("maria"), cast.courses["algebra"].pk
    address = f"/journal/{course}/programme/"
    assert client.post(address, {"do": "use", "programme": made.pk}).status_code == 302
    SchoolYear.objects.filter(school=cast.school, year=made.year).update(
        closed_at=NOW, closed_by=cast.users["head"]
    )
    name = made.units.order_by("number").first().title
    for sent in ({"do": "unit", "title": "Иной", "unit": made.units.order_by("number").first().pk},
                 {"do": "name", "title": "Иной"}, {"do": "copy"}, {"do": "delete"}):  # fmt: skip
        answer = client.post(place(made), sent)
        assert (sent["do"], answer.status_code) == (sent["do"], 409)
        assert "Учебный год закрыт" in answer.content.decode()
    assert client.post(address, {"do": "leave"}).status_code == 409
    assert made.units.order_by("number").first().title == name
    assert CourseProgramme.objects.get().programme_id == made.pk


def test_a_table_is_shown_before_it_is_written(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    subject = Subject.objects.get(school=cast.school, name="Алгебра")
    fields = {"name": "Алгебра 7", "subject": str(subject.pk), "grade_level": "7"}
    file = SimpleUploadedFile("план.xlsx", book(ALGEBRA).getvalue())
    page = client.post("/journal/programmes/import/", fields | {"file": file})
    text = page.content.decode()
    assert "Строка 11. «1.5» — не целое число часов: принят 1 час." in text
    assert Programme.objects.count() == 0
    sent = {i["name"]: i["value"] for i in soup(page).select("main form input[type=hidden]")}
    answer = client.post("/journal/programmes/import/", sent)
    made = Programme.objects.get()
    assert answer.headers["Location"] == place(made)
    assert [(t.title, t.hours, t.work_kind.name if t.work_kind else "") for t in made.topics.order_by("number")] == [
        ("Обыкновенные дроби", 2, ""), ("Сравнение дробей", 1, ""), ("Контрольная работа № 1", 1, "Контрольная работа"),
        ("Линейное уравнение", 1, ""), ("Решение задач", 1, ""),
    ]  # fmt: skip
    bad = SimpleUploadedFile("план.xlsx", b"not a table")
    refused = client.post("/journal/programmes/import/", fields | {"file": bad})
    assert refused.status_code == 422
    assert "Это не .xlsx." in refused.content.decode()
    assert client.post("/journal/programmes/import/", fields | {"plan": "[[1]]"}).status_code == 422
    topic = ["Тема", 1, "new", "", ""]
    for broken in ("9" * 5000, "[" * 100_000, json.dumps([["Раздел", [["Тема", math.inf, "new", "", ""]]]]),
                   json.dumps([["Раздел", [topic] * 401]])):  # fmt: skip
        answer = client.post("/journal/programmes/import/", fields | {"plan": broken})
        assert answer.status_code == 422
    odd = json.dumps([["Раздел\0", [topic]]])
    assert client.post("/journal/programmes/import/", fields | {"plan": odd}).status_code == 302


def test_a_plan_goes_out_as_a_table_that_is_read_back(client_of: Any, cast: Cast) -> None:
    made = plan_of(cast)
    answer = client_of("maria").get(f"{place(made)}export/")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[1][:5] == (1, "Дроби и действия", "Дроби", 2, "изучение нового")
    assert client_of("maria").get("/journal/programmes/template/").status_code == 200


def test_the_course_shows_its_plan_on_lessons_with_the_lag_and_why(
    client_of: Any, cast: Cast
) -> None:
    """Lessons of every working day from 2 November: eleven before today, one cancelled, one given."""
    made = plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 31)])
    days = sorted(day for course, day in cast.lessons if course == "algebra")
    Lesson.objects.filter(pk=cast.lesson("algebra", days[1]).pk).update(status="cancelled")
    first = cast.lesson("algebra", days[0])
    Lesson.objects.filter(pk=first.pk).update(
        topic="Тема 1", recorded_by=cast.users["maria"], recorded_at=NOW, status="held"
    )
    LessonTopic.objects.create(
        school=cast.school, lesson=first, topic=made.topics.get(number=1), hour=1
    )
    past = sum(day < TODAY for day in days)
    page = soup(client_of("maria").get(course_page(cast)))
    alert = page.select_one(".alert").get_text(" ", strip=True).replace("\xa0", " ")
    assert alert.startswith(f"Отстаём на {past - 1} ")
    assert f"отменено: 1 урок, не записано: {past - 2} уроков" in alert
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]
    assert rows[0][1:] == ["Тема 1", "1", "изучение нового", "—", f"{days[0]:%d.%m.%Y}", "дано"]
    assert rows[1][5:] == [f"{days[2]:%d.%m.%Y}", "впереди"]
    assert "не помещается" in rows[-1][5]


def test_the_plan_of_a_course_is_chosen_copied_made_and_left(client_of: Any, cast: Cast) -> None:
    made = plan_of(cast)
    client, place = client_of("maria"), course_page(cast)
    client.post(place, {"do": "leave"})
    assert CourseProgramme.objects.count() == 0
    assert "Выберите план курса" in client.get(place).content.decode()
    client.post(place, {"do": "copy", "programme": str(made.pk)})
    assert CourseProgramme.objects.get().programme.copied_from_id == made.pk
    client.post(place, {"do": "follow", "programme": str(made.pk)})
    assert CourseProgramme.objects.get().programme_id == made.pk
    client.post(place, {"do": "make"})
    assert CourseProgramme.objects.get().programme.topics.count() == 0
    for who, status in (("ivan", 403), ("nina", 302), ("svetlana", 404)):
        answer = client_of(who).post(place, {"do": "follow", "programme": str(made.pk)})
        assert (who, answer.status_code) == (who, status)
    Programme.objects.filter(pk=made.pk).update(year=2025)
    assert client.post(place, {"do": "follow", "programme": str(made.pk)}).status_code == 422


def test_topics_of_past_lessons_are_filled_at_once_and_nothing_else_is_lost(
    client_of: Any, cast: Cast
) -> None:
    plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 31)])
    lesson = cast.lesson("algebra", MONDAY)
    Homework.objects.create(
        school=cast.school, year=lesson.year, lesson=lesson, due_day=TODAY, text="№ 1", set_by=cast.users["maria"],
        set_at=NOW,
    )  # fmt: skip
    client = client_of("maria")
    past = sum(day < TODAY for course, day in cast.lessons if course == "algebra")
    button = soup(client.get(course_page(cast))).select_one("button[value=fill]")
    assert (
        button.get_text(strip=True).replace("\xa0", " ") == f"Заполнить темы по КТП: {past} уроков"
    )
    client.post(course_page(cast), {"do": "fill"})
    assert LessonTopic.objects.count() == past
    assert Homework.objects.get().text == "№ 1"
    page = client.get(course_page(cast)).content.decode()
    assert "Идём по плану" in page
    assert client_of("nina").post(course_page(cast), {"do": "fill"}).status_code == 403


def test_the_plans_control_works_go_into_the_schedule_of_tests(client_of: Any, cast: Cast) -> None:
    """The rules of the schedule judge each: what they refuse is told with its day."""
    days = sorted(day for course, day in cast.lessons if course == "maths5" and day < TODAY)
    ahead = [("Контрольная 1", 1), ("Ряд", 1), ("Контрольная 2", 1)]
    plan_of(cast, [(f"Тема {n}", 1) for n in range(len(days) + 2)] + ahead, course="maths5")
    client, place = client_of("maria"), course_page(cast, course="maths5")
    button = soup(client.get(place)).select_one("button[value=tests]")
    assert button.get_text(strip=True) == "Поставить контрольные в график: 2"
    answer = client.post(place, {"do": "tests"}, follow=True)
    works = list(Work.objects.filter(lesson__course=cast.courses["maths5"]).order_by("lesson__day"))
    told = soup(answer).select_one(".messages").get_text(" ", strip=True).replace("\xa0", " ")
    assert all(work.kind.is_control and work.lesson.day > TODAY for work in works)
    assert f"В графике: {len(works)} работ" in told
    assert told.count("Запланировать") + told.count(".11:") >= 2 - len(works)
    left = soup(client.get(place)).select_one("button[value=tests]")
    assert (left is None) == (len(works) == 2)
    assert client_of("svetlana").post(place, {"do": "tests"}).status_code == 404


def lines(page: Any) -> dict[str, Any]:
    """The fields of the page of topics as a browser would send them."""
    made: dict[str, Any] = {"lesson": []}
    for field in soup(page).select("main form.stack [name]"):
        if field["name"] == "lesson":
            made["lesson"].append(field["value"])
        elif field.name == "textarea":
            made[field["name"]] = field.text.removeprefix("\n")
        elif field.name == "select":
            made[field["name"]] = field.select_one("option[selected]")["value"]
        elif field.name == "input":
            made[field["name"]] = field.get("value", "")
    made.pop("csrfmiddlewaretoken", None)
    return made


def test_topics_and_homework_of_a_period_are_written_in_one_form(
    client_of: Any, cast: Cast
) -> None:
    plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 31)])
    client, place = client_of("maria"), course_page(cast, "topics")
    sent = lines(client.get(place))
    today, monday = cast.lesson("algebra"), cast.lesson("algebra", MONDAY)
    typed = sent | {f"topic_{today.pk}": "Свои слова", f"homework_{today.pk}": "№ 5", f"kind_{monday.pk}": "review",
                    f"topic_{monday.pk}": "Повторение"}  # fmt: skip
    answer = client.post(place, typed)
    assert answer.status_code == 302
    today.refresh_from_db()
    assert (today.topic, today.planned.topic.title) == ("Свои слова", "Тема 12")
    assert Homework.objects.get().text == "№ 5"
    monday.refresh_from_db()
    assert (monday.topic, monday.kind) == ("Повторение", "review")
    assert Lesson.objects.exclude(topic="").filter(course=cast.courses["algebra"]).count() == 2
    again = client.post(place, typed | {f"topic_{today.pk}": "Из старой страницы"})
    assert again.status_code == 409
    page = lines(again)
    assert page[f"topic_{today.pk}"] == "Из старой страницы"
    assert Lesson.objects.get(pk=today.pk).topic == "Свои слова"
    assert client_of("nina").get(place).status_code == 200
    assert client_of("nina").post(place, typed).status_code == 403


def test_the_plans_topic_is_taken_on_the_page_of_topics(client_of: Any, cast: Cast) -> None:
    plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 31)])
    client, place = client_of("maria"), course_page(cast, "topics")
    lesson = cast.lesson("algebra")
    client.post(place, lines(client.get(place)) | {"take": str(lesson.pk)})
    assert Lesson.objects.get(pk=lesson.pk).topic == "Тема 12"


def test_homework_is_copied_to_parallel_groups_and_never_over_another(
    client_of: Any, cast: Cast
) -> None:
    """Мария teaches «Алгебра» in 7А and, here, the same in a second group of the grade."""
    source, target = cast.courses["algebra"], cast.courses["maths5"]
    type(target).objects.filter(pk=target.pk).update(subject=source.subject)
    target.group.grade_level = 7
    target.group.save()
    lesson = cast.lesson("algebra")
    Homework.objects.create(
        school=cast.school, year=lesson.year, lesson=lesson, due_day=TODAY + timedelta(days=1), text="№ 7",
        minutes=20, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    client, place = client_of("maria"), course_page(cast, "topics/copy")
    page = soup(client.get(f"{place}?lesson={lesson.pk}"))
    chosen = page.select_one("select option[selected]")["value"]
    assert chosen == str(cast.lesson("maths5").pk)
    sent = {"lesson": str(lesson.pk), f"to_{target.pk}": "on", f"lesson_{target.pk}": chosen}
    client.post(place, sent)
    made = Homework.objects.get(lesson__course=target)
    assert (made.text, made.minutes, made.due_day) == ("№ 7", 20, TODAY + timedelta(days=1))
    Homework.objects.filter(lesson=lesson).update(text="другое")
    client.post(place, sent)
    assert Homework.objects.get(lesson__course=target).text == "№ 7"
