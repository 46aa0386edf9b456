"""Homework beyond the one line of a lesson: named pupils, links, files, the norm, answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from journal import queries
from journal.actions import remove_homework, save_homework
from journal.errors import HomeworkAnswered, HomeworkChanged, HomeworkOfAllTwice
from journal.forms_homework import HomeworkForm
from journal.homework import Draft, Link, heaviest
from journal.models import Homework, HomeworkAnswer, HomeworkFile, HomeworkLink
from journal.queries import course_facts, lesson_facts, lesson_page
from regulation.registry import State, check_of
from school.models import Lesson
from tests.cast import NOW, TODAY, Cast
from tests.journal.world import settle

TOMORROW = TODAY + timedelta(days=1)
PDF = b"%PDF-1.4 homework\n%%EOF\n"


def address(cast: Cast, course: str = "algebra", rest: str = "homework/") -> str:
    return f"/journal/{cast.courses[course].pk}/lessons/{cast.lesson(course).pk}/{rest}"


def facts(cast: Cast, who: str = "maria", course: str = "algebra") -> Any:
    return course_facts(cast.user(who), cast.courses[course].pk, today=TODAY)


def give(cast: Cast, course: str = "algebra", who: str = "maria", **wanted: Any) -> Homework:
    """Set a homework at today's lesson."""
    draft = Draft(**{"text": "§ 12", "due_lesson_id": cast.lesson(course, TOMORROW).pk, **wanted})
    return save_homework(
        by=cast.user(who), course=facts(cast, who, course), lesson_id=cast.lesson(course).pk,
        homework_id=None, draft=draft, now=NOW,
    )  # fmt: skip


def answer(cast: Cast, homework: Homework, pupil: str = "olya", at: datetime = NOW) -> Any:
    return HomeworkAnswer.objects.create(
        school=cast.school, homework=homework, pupil=cast.pupils[pupil], text="x = 4",
        sent_by=cast.users["olya_mother"], sent_at=at,
    )  # fmt: skip


def test_a_lesson_sets_one_homework_to_all_and_others_to_named_pupils(
    client_of: Any, cast: Cast, media: Any
) -> None:
    maria = client_of("maria")
    shared = {"whom": "all", "text": "§ 12, № 240", "homework_minutes": "25", "form": "in_class"}
    sent = shared | {
        "homework_due": cast.lesson("algebra", TOMORROW).pk,
        "link_url_1": "https://example.org/video", "link_title_1": "Видео",
        "link_url_2": "http://example.org/", "link_title_2": "",
        "files": [SimpleUploadedFile("лист.pdf", PDF), SimpleUploadedFile("план.txt", b"plan")],
    }  # fmt: skip
    assert maria.post(address(cast), sent).status_code == 302
    named = {
        "whom": "named", "text": "Карточка 2", "form": "distance", "answer_wanted": "on",
        "pupils": [cast.pupils["petya"].pk], "homework_due": cast.lesson("algebra", TOMORROW).pk,
    }  # fmt: skip
    assert maria.post(address(cast), named).status_code == 302
    of_all, own = Homework.objects.order_by("-for_all")
    assert (of_all.text, of_all.minutes, of_all.due_day) == ("§ 12, № 240", 25, TOMORROW)
    # The tests' clock stands still, so both links are of one moment: their order is not theirs to keep.
    assert set(of_all.links.values_list("url", "title")) == {
        ("https://example.org/video", "Видео"),
        ("http://example.org/", ""),
    }
    assert sorted(of_all.files.values_list("name", flat=True)) == ["лист.pdf", "план.txt"]
    assert (own.form, own.answer_wanted, own.for_all) == ("distance", True, False)
    assert [one.pupil_id for one in own.pupils.all()] == [cast.pupils["petya"].pk]
    settle()
    page = maria.get(address(cast)).content.decode()
    assert "Видео" in page
    assert "дистанционно" in page
    # The family of the named pupil sees it, another does not.
    petya, olya = (cast.pupils[name].pk for name in ("petya", "olya"))
    assert "Карточка 2" in client_of("petya_father").get(f"/diary/{petya}/tasks/").content.decode()
    theirs = client_of("olya_mother").get(f"/diary/{olya}/tasks/").content.decode()
    assert "Карточка 2" not in theirs
    assert 'href="https://example.org/video"' in theirs
    week = client_of("petya_father").get(f"/diary/{petya}/week/2026-W47/").content.decode()
    assert "Карточка 2" in week
    assert 'href="https://example.org/video"' in week


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/x", "data:text/html,x", "example"]
)
def test_a_link_leads_only_to_a_page_of_the_web(client_of: Any, cast: Cast, url: str) -> None:
    sent = {"whom": "all", "text": "№ 1", "form": "in_class", "link_url_1": url}
    answer = client_of("maria").post(address(cast), sent)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.select_one("#link-url-1")["value"] == url
    assert "https://" in soup.select_one("#link-error-1").text
    assert soup.select_one("textarea#id_text").text.strip() == "№ 1"
    assert not Homework.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": " "}, "Напишите задание."),
        ({"whom": "named"}, "Отметьте хотя бы одного ученика."),
        ({"whom": ""}, "Выберите, кому задание."),
        ({"homework_minutes": "час"}, "Число минут, например 30."),
        ({"homework_due": "19"}, "Выберите урок из списка."),
        ({"link_title_1": "Видео"}, "Впишите адрес."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    client_of: Any, cast: Cast, changed: dict[str, str], words: str
) -> None:
    sent = {"whom": "all", "text": "№ 1", "form": "in_class"} | changed
    answer = client_of("maria").post(address(cast), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Homework.objects.exists()


def test_a_pupil_of_another_group_is_refused(client_of: Any, cast: Cast) -> None:
    sent = {"whom": "named", "text": "№ 1", "form": "in_class", "pupils": [cast.pupils["kolya"].pk]}
    answer = client_of("maria").post(address(cast), sent)
    assert answer.status_code == 422
    assert "Этот ученик не учится в группе." in answer.content.decode()


def test_a_broken_file_is_refused(client_of: Any, cast: Cast, media: Any) -> None:
    sent = {"whom": "all", "text": "№ 1", "form": "in_class"}
    sent |= {"files": [SimpleUploadedFile("лист.pdf", b"not a pdf")]}
    assert client_of("maria").post(address(cast), sent).status_code == 422
    assert not HomeworkFile.objects.exists()


def test_one_homework_of_a_lesson_is_for_all(cast: Cast) -> None:
    give(cast)
    with pytest.raises(HomeworkOfAllTwice):
        give(cast)
    give(cast, pupils=frozenset({cast.pupils["olya"].pk}))
    assert Homework.objects.count() == 2


def test_a_homework_changed_by_another_is_not_overwritten(client_of: Any, cast: Cast) -> None:
    homework = give(cast, links=(Link("https://example.org/", "Сайт"),))
    maria = client_of("maria")
    soup = BeautifulSoup(
        maria.get(f"{address(cast)}?homework={homework.pk}").content, "html.parser"
    )
    seen_at = soup.select_one("[name=seen_at]")["value"]
    sent = {"whom": "all", "text": "№ 2", "form": "in_class", "homework": homework.pk}
    Homework.objects.filter(pk=homework.pk).update(set_at=NOW + timedelta(minutes=1))
    assert maria.post(address(cast), sent | {"seen_at": seen_at}).status_code == 409
    homework.refresh_from_db()
    assert homework.text == "§ 12"
    soup = BeautifulSoup(
        maria.get(f"{address(cast)}?homework={homework.pk}").content, "html.parser"
    )
    seen_at = soup.select_one("[name=seen_at]")["value"]
    assert maria.post(address(cast), sent | {"seen_at": seen_at}).status_code == 302
    homework.refresh_from_db()
    assert homework.text == "№ 2"
    assert not HomeworkLink.objects.exists()


def test_an_answered_homework_stays(cast: Cast) -> None:
    course, lesson = facts(cast), cast.lesson("algebra")
    homework = give(cast, answer_wanted=True, pupils=frozenset({cast.pupils["olya"].pk}))
    answer(cast, homework)
    with pytest.raises(HomeworkAnswered):
        remove_homework(
            by=cast.user("maria"), course=course, lesson_id=lesson.pk, homework_id=homework.pk, now=NOW
        )  # fmt: skip
    petya = Draft(text="№ 1", pupils=frozenset({cast.pupils["petya"].pk}))
    with pytest.raises(HomeworkAnswered):
        save_homework(
            by=cast.user("maria"), course=course, lesson_id=lesson.pk, homework_id=homework.pk,
            draft=petya, now=NOW,
        )  # fmt: skip
    with pytest.raises(HomeworkChanged):
        save_homework(
            by=cast.user("maria"), course=course, lesson_id=cast.lesson("algebra", TOMORROW).pk,
            homework_id=homework.pk, draft=Draft(text="№ 1"), now=NOW,
        )  # fmt: skip


def test_the_list_does_not_take_away_what_was_answered(client_of: Any, cast: Cast) -> None:
    answer(cast, give(cast, answer_wanted=True))
    maria = client_of("maria")
    page = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('algebra').pk}/"
    soup = BeautifulSoup(maria.get(page).content, "html.parser")
    sent = {
        field["name"]: field.get("value") or ""
        for field in soup.select("form.lesson-form input[name]")
        if field.get("type") not in {"file", "checkbox"}
    }
    said = maria.post(page, sent | {"homework": ""})
    assert said.status_code == 409
    assert "На это задание уже прислали ответы" in said.content.decode()
    assert Homework.objects.get().text == "§ 12"


def test_only_who_holds_the_lesson_writes(client_of: Any, cast: Cast) -> None:
    sent = {"whom": "all", "text": "№ 1", "form": "in_class"}
    for who, status in {
        "maria": 302,
        "ivan": 403,
        "nina": 403,
        "svetlana": 404,
        "olya": 404,
    }.items():
        Homework.objects.all().delete()
        assert client_of(who).post(address(cast), sent).status_code == status, who


def test_the_form_of_a_lesson_is_chosen(client_of: Any, cast: Cast) -> None:
    maria = client_of("maria")
    assert maria.post(address(cast, rest="form/"), {"form": "distance"}).status_code == 302
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).form == "distance"
    assert (
        client_of("ivan").post(address(cast, rest="form/"), {"form": "in_class"}).status_code == 403
    )


def load(cast: Cast, own: int = 0, at: datetime = NOW, **more: Any) -> Any:
    course = facts(cast)
    lesson = lesson_facts(course, cast.lesson("algebra").pk)
    due = str(cast.lesson("algebra", TOMORROW).pk)
    return queries.homework_load(course, lesson, due_id=due, own=own, now=at, **more)


def test_the_day_is_summed_for_the_busiest_pupil_against_the_norm_of_the_grade(cast: Cast) -> None:
    give(cast, "physics", "ivan", minutes=60)
    give(cast, "russian", "svetlana", minutes=40)
    give(cast, "russian", "svetlana", minutes=30, pupils=frozenset({cast.pupils["petya"].pk}))
    own = give(cast, minutes=15)
    found = load(cast, own=25, skip=own.pk)
    # Петя: русский язык 40 + 30, физика 60, and the 25 minutes being written; grade 7: 150.
    assert found.subjects == (("Русский язык", 70), ("Физика", 60))
    assert (found.total, found.norm, found.above) == (155, 150, 5)
    assert load(cast, own=20, skip=own.pk).above == 0


def test_the_sentence_follows_the_fields(client_of: Any, cast: Cast) -> None:
    give(cast, "physics", "ivan", minutes=140)
    maria = client_of("maria")
    due = cast.lesson("algebra", TOMORROW).pk
    said = maria.get(
        address(cast, rest="homework/load/"), {"homework_due": due, "homework_minutes": "20"}
    )
    text = " ".join(BeautifulSoup(said.content, "html.parser").text.split())
    assert "К 19 ноября" in text
    assert "физика — 140" in text
    assert "160 мин" in text
    assert "больше нормы на 10 мин" in text
    later = cast.lesson("algebra", date(2026, 11, 20)).pk
    said = maria.get(address(cast, rest="homework/load/"), {"homework_due": later})
    assert "других заданий нет" in said.content.decode()
    page = BeautifulSoup(maria.get(address(cast, rest="")).content, "html.parser")
    assert "физика — 140" in page.text
    assert client_of("svetlana").get(address(cast, rest="homework/load/")).status_code == 404


def test_homework_after_the_last_lesson_and_an_hour_is_late(cast: Cast) -> None:
    # 7А's last lesson today is Russian, the third: until 11:10; it is 12:30 now.
    assert load(cast).is_late
    assert load(cast).deadline == datetime(2026, 11, 18, 9, 10, tzinfo=UTC)
    assert not load(cast, at=datetime(2026, 11, 18, 9, 10, tzinfo=UTC)).is_late
    late = give(cast)
    other = give(cast, "physics", "ivan")
    Homework.objects.filter(pk=other.pk).update(set_at=datetime(2026, 11, 18, 9, 9, tzinfo=UTC))
    found = queries.homework_late([cast.school.pk], starts=TODAY, ends=TODAY)
    assert [(one.homework_id, one.group, one.teacher) for one in found] == [
        (late.pk, "7А", "Кузнецова М. П.")
    ]
    assert found[0].deadline == datetime(2026, 11, 18, 9, 10, tzinfo=UTC)


def test_the_busiest_pupil_is_found() -> None:
    tasks = [("a", "Физика", 30), ("b", "Физика", 20), ("b", "Алгебра", 20), ("b", "Алгебра", 5)]
    assert heaviest(tasks) == (("Алгебра", 25), ("Физика", 20))
    assert heaviest([]) == ()


def test_the_teacher_sees_who_answered_and_marks_it_seen(client_of: Any, cast: Cast) -> None:
    homework = give(cast, answer_wanted=True)
    answer(cast, homework)
    answer(cast, homework, "petya", at=datetime(2026, 11, 19, 6, 0, tzinfo=UTC))
    page = f"/journal/{cast.courses['algebra'].pk}/homework/{homework.pk}/"
    maria = client_of("maria")
    soup = BeautifulSoup(maria.get(page).content, "html.parser")
    rows = {row.select_one(".bold").text: row.text for row in soup.select("main ul.list > li")}
    assert "после срока" not in rows["Ёлкина Оля"]
    assert "после срока" in rows["Петров Пётр"]
    assert "Ответа нет" in rows["Сидоров Виктор"]
    upto = soup.select_one("[name=upto]")["value"]
    assert client_of("ivan").post(page, {"upto": upto}).status_code == 403
    for nonsense in ("0001-01-01", "2026-13-45T10:00:00+00:00", "9999-12-31T23:59:59-12:00"):
        assert maria.post(page, {"upto": nonsense}).status_code == 302
    HomeworkAnswer.objects.update(seen_at=None)
    assert maria.post(page, {"upto": upto}).status_code == 302
    seen = dict(HomeworkAnswer.objects.values_list("pupil__person__first_name", "seen_at"))
    assert seen["Оля"] is not None
    assert seen["Пётр"] is None  # it came later than the page was shown
    assert client_of("svetlana").get(page).status_code == 404


def test_the_form_offers_the_lesson_that_the_homework_stands_for(cast: Cast) -> None:
    give(cast)
    course = facts(cast)
    page = lesson_page(course, lesson_facts(course, cast.lesson("algebra").pk), today=TODAY)
    (card,) = queries.homeworks(page)
    form = HomeworkForm(lesson=page, card=card)
    assert form["homework_due"].value() == str(cast.lesson("algebra", TOMORROW).pk)


def test_the_page_costs_the_same_for_one_homework_and_for_many(
    client_of: Any, cast: Cast, django_assert_num_queries: Any
) -> None:
    maria: Client = client_of("maria")
    give(cast)
    maria.get(address(cast))
    with django_assert_num_queries(17) as few:
        maria.get(address(cast))
    for name in ("olya", "petya", "vitya"):
        give(cast, pupils=frozenset({cast.pupils[name].pk}), links=(Link("https://example.org/"),))
    with django_assert_num_queries(len(few.captured_queries)):
        maria.get(address(cast))


def test_individual_teaching_is_counted_by_class_and_by_teacher(client_of: Any, cast: Cast) -> None:
    olya, petya = cast.pupils["olya"].pk, cast.pupils["petya"].pk
    give(cast, pupils=frozenset({olya}), form="distance", answer_wanted=True)
    own = give(cast, pupils=frozenset({olya, petya}), answer_wanted=True)
    answer(cast, own)
    answer(cast, own, "petya", at=datetime(2026, 11, 19, 6, 0, tzinfo=UTC))
    Lesson.objects.filter(pk=cast.lesson("algebra").pk).update(form="distance")
    page = queries.individual(cast.user("nina"), by="teacher", period_id=None, today=TODAY)
    row = next(row for row in page.rows if row.name == "Кузнецова М. П.")
    assert (row.distance, row.to_one, row.to_some, row.pupils) == (1, 1, 1, 3)
    assert (row.remote, row.wanted, row.answers, row.late) == (1, 2, 2, 1)
    by_class = queries.individual(cast.user("nina"), by="class", period_id=None, today=TODAY)
    assert {row.name: row.to_one for row in by_class.rows} == {"5Б": 0, "7А": 1}
    assert by_class.total == replace(page.total, key="", name="Всего")
    shown = client_of("nina").get("/journal/individual/", {"by": "teacher"}).content.decode()
    assert "Кузнецова М. П." in shown
    assert client_of("maria").get("/journal/individual/").status_code == 403
    assert client_of("olya_mother").get("/journal/individual/").status_code == 404


@pytest.mark.clause("G3.1a")
def test_individual_teaching_by_distance_is_overseen(cast: Cast) -> None:
    check = check_of("G3.1a")
    assert check is not None
    assert check(cast.school, now=NOW).state == State.NOT_YET_DUE
    own = give(
        cast, pupils=frozenset({cast.pupils["olya"].pk}), form="distance", answer_wanted=True
    )
    found = check(cast.school, now=NOW)
    assert found.state == State.KEPT
    assert "индивидуальных заданий 1" in found.summary
    assert found.evidence[0].url == "/journal/individual/"
    answer(cast, own, at=NOW - timedelta(days=8))
    late = check(cast.school, now=NOW)
    assert late.state == State.BROKEN
    assert late.evidence[1].label == "Алгебра, 7А: 1\N{NO-BREAK SPACE}ответ не просмотрено"
    HomeworkAnswer.objects.update(seen_at=NOW)
    assert check(cast.school, now=NOW).state == State.KEPT
