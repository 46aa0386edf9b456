"""Answers to homework: sent by the family until the lesson it is due at, and after it as late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.models import Homework, HomeworkAnswer, HomeworkPupil
from tests.cast import NOW, TODAY, YEAR, Cast

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def homework(cast: Cast) -> Homework:
    lesson = cast.lesson("algebra")
    return Homework.objects.create(
        school=cast.school, year=YEAR, lesson=lesson, due_lesson=cast.lesson("algebra", TOMORROW),
        due_day=TOMORROW, text="Решите и сфотографируйте", answer_wanted=True,
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def address(cast: Cast, homework: Homework, pupil: str = "olya") -> str:
    return f"/diary/{cast.pupils[pupil].pk}/tasks/{homework.pk}/"


@pytest.mark.parametrize("who", ["olya", "olya_mother"])
def test_a_family_sends_words_and_a_file(
    client_of: Any, cast: Cast, homework: Homework, media: Any, who: str
) -> None:
    browser = client_of(who)
    tasks = browser.get(f"/diary/{cast.pupils['olya'].pk}/tasks/").content.decode()
    assert "Отправить ответ" in tasks
    sent = {"text": "x = 4", "file": SimpleUploadedFile("тетрадь.txt", "решение".encode())}
    assert browser.post(address(cast, homework), sent).status_code == 302
    kept = HomeworkAnswer.objects.get()
    assert (kept.text, kept.name, kept.pupil_id) == ("x = 4", "тетрадь.txt", cast.pupils["olya"].pk)
    assert kept.sent_by.login == who
    page = browser.get(address(cast, homework)).content.decode()
    assert "после срока" not in page
    tasks = browser.get(f"/diary/{cast.pupils['olya'].pk}/tasks/").content.decode()
    assert "Ответ отправлен" in " ".join(tasks.split())
    own = browser.get(f"/diary/{cast.pupils['olya'].pk}/answers/{kept.pk}/")
    assert b"".join(own.streaming_content) == "решение".encode()
    theirs = client_of("maria").get(f"/journal/answers/{kept.pk}/")
    assert theirs["Content-Disposition"].startswith("attachment")
    assert b"".join(theirs.streaming_content) == "решение".encode()
    assert client_of("petya_father").get(f"/journal/answers/{kept.pk}/").status_code == 404


def test_the_same_answer_sent_twice_is_one(client_of: Any, cast: Cast, homework: Homework) -> None:
    for text in ("x = 4", "x = 4", "x = 5"):
        client_of("olya").post(address(cast, homework), {"text": text})
    assert list(HomeworkAnswer.objects.order_by("pk").values_list("text", flat=True)) == [
        "x = 4",
        "x = 5",
    ]


def test_after_the_lesson_began_an_answer_is_late(
    client_of: Any, cast: Cast, homework: Homework
) -> None:
    browser = client_of("olya")
    with time_machine.travel(datetime(2026, 11, 19, 5, 31, tzinfo=UTC)):  # the lesson began at 8:30
        page = browser.get(address(cast, homework)).content.decode()
        assert "как присланный после срока" in page
        browser.post(address(cast, homework), {"text": "x = 4"})
        soup = BeautifulSoup(browser.get(address(cast, homework)).content, "html.parser")
        assert "после срока" in soup.select_one("main ul.list").text


def test_an_empty_answer_and_a_broken_file_are_refused(
    client_of: Any, cast: Cast, homework: Homework, media: Any
) -> None:
    browser = client_of("olya")
    empty = browser.post(address(cast, homework), {"text": " "})
    assert empty.status_code == 422
    assert "Напишите ответ или приложите файл." in empty.content.decode()
    broken = {"file": SimpleUploadedFile("фото.png", b"MZ")}
    assert browser.post(address(cast, homework), broken).status_code == 422
    assert not HomeworkAnswer.objects.exists()


def test_others_neither_send_nor_see(client_of: Any, cast: Cast, homework: Homework) -> None:
    """The class teacher reads the diary, and sends nothing; a classmate's family sees nothing."""
    sent = {"text": "x = 4"}
    assert client_of("ivan").post(address(cast, homework), sent).status_code == 403
    assert client_of("petya_father").get(address(cast, homework)).status_code == 404
    assert client_of("stranger").post(address(cast, homework), sent).status_code == 404
    assert not HomeworkAnswer.objects.exists()


def test_only_what_asks_for_an_answer_and_was_set_to_the_pupil_takes_one(
    client_of: Any, cast: Cast, homework: Homework
) -> None:
    Homework.objects.filter(pk=homework.pk).update(for_all=False)
    HomeworkPupil.objects.create(school=cast.school, homework=homework, pupil=cast.pupils["petya"])
    assert client_of("olya").get(address(cast, homework)).status_code == 404
    assert client_of("petya_father").get(address(cast, homework, "petya")).status_code == 200
    Homework.objects.filter(pk=homework.pk).update(answer_wanted=False)
    assert client_of("petya_father").get(address(cast, homework, "petya")).status_code == 404
