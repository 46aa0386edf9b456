"""Bad input gets a clear sentence and loses nothing, whatever door it came by: grid, list or API."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import AuditEvent
from journal.models import Homework, HomeworkFile, Mark
from tests.cast import TODAY, Cast
from tests.journal.test_lesson_list import address, fields_of, filled
from tests.journal.test_saving import one, stands
from tests.journal.world import settle

GRID = "/journal/{}/cells"
API = "/api/v1/courses/{}/cells/"
DOORS = pytest.mark.parametrize("door", [GRID, API], ids=["grid", "api"])
LONG_AGO = date(2026, 11, 2)


def cell(
    cast: Cast, value: str, *, pupil: str = "olya", rev: int = 0, **more: Any
) -> dict[str, Any]:
    lesson = more.get("lesson") or cast.lesson("algebra")
    return {
        "pupil": str(cast.pupils[pupil].pk),
        "lesson": str(lesson.pk),
        "value": value,
        "rev": rev,
    }


def send(client: Client, cast: Cast, door: str, *cells: Any, op: UUID | None = None) -> Any:
    return client.post(
        door.format(cast.courses["algebra"].pk), {"op": str(op or uuid4()), "cells": cells},
        content_type="application/json", headers={"Accept": "application/json"},
    )  # fmt: skip


def refused(answer: Any) -> dict[str, Any]:
    """The one cell of the answer that was refused; the others are saved."""
    assert answer.status_code == 200
    (found,) = (each for each in answer.json()["cells"] if each["state"] != "ok")
    return dict(found)


@DOORS
def test_a_mark_outside_the_scale(door: str, client_of: Any, cast: Cast) -> None:
    one(cast, "maria", "4", pupil="vitya")
    answer = send(client_of("maria"), cast, door, cell(cast, "7"), cell(cast, "5", pupil="petya"),
                  cell(cast, "6", pupil="vitya"))  # fmt: skip
    wrong = [each for each in answer.json()["cells"] if each["state"] == "invalid"]
    assert [each["message"] for each in wrong] == [
        "«7» — нет такой отметки.", "«6» — нет такой отметки.",
    ]  # fmt: skip
    # The good cell beside them is saved, and what stood in the bad one still stands.
    assert (stands(cast), stands(cast, "petya"), stands(cast, "vitya")) == (
        [],
        [(1, "5")],
        [(1, "4")],
    )


@DOORS
def test_a_pupil_not_in_the_group(door: str, client_of: Any, cast: Cast) -> None:
    answer = send(client_of("maria"), cast, door, cell(cast, "5", pupil="kolya"),
                  cell(cast, "5", pupil="petya"))  # fmt: skip
    gone = refused(answer)
    assert (gone["state"], gone["message"]) == (
        "gone",
        "Ученик не учился в этой группе в день урока.",
    )
    assert (stands(cast, "kolya"), stands(cast, "petya")) == ([], [(1, "5")])


@DOORS
def test_a_pupil_of_another_school(door: str, client_of: Any, cast: Cast) -> None:
    gone = refused(send(client_of("maria"), cast, door, cell(cast, "5", pupil="other_pupil")))
    assert (gone["state"], gone["message"]) == (
        "gone",
        "Ученик не учился в этой группе в день урока.",
    )
    assert Mark.objects.count() == 0


@DOORS
def test_a_lesson_of_another_school(door: str, client_of: Any, cast: Cast) -> None:
    theirs = cast.lesson("other_algebra")
    answer = send(client_of("maria"), cast, door, cell(cast, "5", lesson=theirs),
                  cell(cast, "5", pupil="petya"))  # fmt: skip
    gone = refused(answer)
    assert (gone["state"], gone["message"]) == ("gone", "Этого урока больше нет в журнале.")
    assert (gone["value"], gone["author"]) == ("", "")  # nothing of the other school is told
    assert list(Mark.objects.values_list("pupil", flat=True)) == [cast.pupils["petya"].pk]


@DOORS
def test_a_journal_of_another_school(door: str, client_of: Any, cast: Cast) -> None:
    theirs = door.format(cast.courses["other_algebra"].pk)
    answer = client_of("maria").post(
        theirs, {"op": str(uuid4()), "cells": [cell(cast, "5")]}, content_type="application/json"
    )
    assert answer.status_code == 404
    assert any(words in answer.content.decode() for words in ("Не найдено", "нет", "не найден"))
    assert Mark.objects.count() == 0


def test_the_page_of_a_lesson_of_another_school(client_of: Any, cast: Cast) -> None:
    answer = client_of("maria").get(address(cast, "other_algebra"))
    assert answer.status_code == 404
    assert BeautifulSoup(answer.content, "html.parser").h1.text.strip() == "Страница не найдена"


@DOORS
def test_a_locked_cell(door: str, client_of: Any, cast: Cast) -> None:
    old = cast.lesson("algebra", LONG_AGO)
    answer = send(client_of("maria"), cast, door, cell(cast, "5", lesson=old),
                  cell(cast, "4", pupil="petya"))  # fmt: skip
    locked = refused(answer)
    assert (locked["state"], locked["message"]) == (
        "locked",
        "Запись закрыта: прошло больше 14 дней.",
    )
    assert [mark.value for mark in Mark.objects.all()] == ["4"]


def test_a_locked_lesson_as_a_list_says_why_and_has_nothing_to_type_in(
    client_of: Any, cast: Cast
) -> None:
    page = BeautifulSoup(client_of("maria").get(address(cast, day=LONG_AGO)).content, "html.parser")
    assert "прошло больше 14 дней" in page.text
    assert page.select_one(f"#value-{cast.pupils['olya'].pk}:not([disabled])") is None


@DOORS
def test_a_stale_revision(door: str, client_of: Any, cast: Cast) -> None:
    seen = one(cast, "maria", "4")
    now = one(cast, "maria", "3", rev=seen.rev)
    answer = send(client_of("maria"), cast, door, cell(cast, "5", rev=seen.rev))
    conflict = refused(answer)
    assert (conflict["state"], conflict["message"]) == (
        "conflict",
        "Клетку изменили, пока вы работали.",
    )
    assert (conflict["value"], conflict["rev"], conflict["author"]) == (
        "3",
        now.rev,
        "Кузнецова М. П.",
    )
    assert conflict["at"]
    assert stands(cast) == [(1, "3")]
    # With the revision that the answer tells, the second try is written; the history keeps all three.
    again = send(client_of("maria"), cast, door, cell(cast, "5", rev=conflict["rev"]))
    assert again.json()["cells"][0]["state"] == "ok"
    assert AuditEvent.objects.filter(table_name="journal_mark").count() == 3


@DOORS
def test_a_second_submit_of_the_same_operation(door: str, client_of: Any, cast: Cast) -> None:
    op, client = uuid4(), client_of("maria")
    first = send(client, cast, door, cell(cast, "5"), op=op)
    assert send(client, cast, door, cell(cast, "5"), op=op).json() == first.json()
    assert stands(cast) == [(1, "5")]
    assert AuditEvent.objects.filter(table_name="journal_mark").count() == 1


@DOORS
def test_a_known_operation_with_other_marks(door: str, client_of: Any, cast: Cast) -> None:
    op, client = uuid4(), client_of("maria")
    send(client, cast, door, cell(cast, "5"), op=op)
    other = send(client, cast, door, cell(cast, "2"), op=op)
    assert (other.status_code, other.json()["code"]) == (409, "operation_reused")
    words = "Эта запись уже отправлена с другим содержимым. Обновите страницу и повторите."
    assert words in {other.json().get("message"), other.json().get("title")}
    assert stands(cast) == [(1, "5")]


def test_a_form_of_a_lesson_sent_twice(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    form = filled(cast, client, value_olya="5", topic="Дроби", homework="№ 9")
    assert [client.post(address(cast), form).status_code for _ in range(2)] == [302, 302]
    assert (stands(cast), Homework.objects.count()) == ([(1, "5")], 1)
    settle()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("задание.pdf", b"%PDF-1.7 cut off",
         "Файл «задание.pdf» повреждён или не соответствует расширению .pdf. Сохраните его заново."),
        ("задание.pdf", b"", "Файл «задание.pdf» пуст."),
        ("игра.exe", b"MZ",
         "Файл «игра.exe» такого вида не принимается. Можно: PDF, PNG, JPG, DOCX, XLSX, PPTX, ODT, TXT."),
    ],
)  # fmt: skip
def test_a_broken_file(client_of: Any, cast: Cast, name: str, content: bytes, words: str) -> None:
    client = client_of("maria")
    form = filled(
        cast, client, value_olya="5", comment_olya="Старалась", topic="Дроби", homework="№ 9"
    )
    broken = {**form, "homework_file": SimpleUploadedFile(name, content)}
    answer = client.post(address(cast), broken)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert page.select_one("#homework-file-error").text.strip() == words
    # Nothing is half written, and all that was typed stands in the form: sent without the file, it is saved.
    assert (Mark.objects.count(), Homework.objects.count(), HomeworkFile.objects.count()) == (
        0,
        0,
        0,
    )
    assert client.post(address(cast), fields_of(page)).status_code == 302
    assert (stands(cast), Homework.objects.get().text) == ([(1, "5")], "№ 9")
    lesson = type(cast.lesson("algebra")).objects.get(pk=cast.lesson("algebra").pk)
    assert lesson.topic == "Дроби"
    settle()


# A session that ended with unsent marks (the browser's half: tests/e2e/test_grid.py)


def ended(client: Client) -> Client:
    """The session is over; the browser does not know it yet."""
    client.cookies["sessionid"] = "ended"
    return client


def test_marks_of_the_grid_after_the_session(client_of: Any, cast: Cast) -> None:
    op, client = uuid4(), ended(client_of("maria"))
    answer = send(client, cast, GRID, cell(cast, "5"), op=op)
    assert answer.status_code == 401
    assert answer.json() == {"code": "signed_out", "message": "Вы вышли из системы. Войдите снова."}
    assert Mark.objects.count() == 0
    client.force_login(cast.user("maria"), backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, cast, GRID, cell(cast, "5"), op=op).json()["cells"][0]["state"] == "ok"
    assert stands(cast) == [(1, "5")]


def test_marks_of_the_api_after_the_session(client_of: Any, cast: Cast) -> None:
    answer = send(ended(client_of("maria")), cast, API, cell(cast, "5"))
    assert (answer.status_code, answer.json()["title"]) == (401, "Войдите в систему.")
    assert Mark.objects.count() == 0


def test_a_form_of_a_lesson_after_the_session_is_handed_back(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    form = filled(cast, client, value_olya="5", topic="Дроби")
    answer = ended(client).post(address(cast), form)
    assert answer.status_code == 401
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1.text.strip() == "Сеанс закончился"
    assert "Введённое не пропало, но ещё не записано." in page.text
    assert Mark.objects.count() == 0
    client.force_login(cast.user("maria"), backend="django.contrib.auth.backends.ModelBackend")
    kept = page.select_one("form")
    again = {i["name"]: i["value"] for i in kept.select("input[name]")}
    assert client.post(kept["action"], again).status_code == 302
    assert stands(cast) == [(1, "5")]
    settle()


@pytest.mark.parametrize(
    ("origin", "kept"),
    [("http://testserver", True), ("https://elsewhere.example", False), ("", False)],
)
def test_a_form_with_the_token_of_an_earlier_session_is_handed_back_to_our_own_pages_only(
    cast: Cast, origin: str, kept: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.user("maria"), backend="django.contrib.auth.backends.ModelBackend")
    fields = {"topic": "Дроби", "csrfmiddlewaretoken": "x" * 64}
    headers = {"Origin": origin} if origin else {}
    answer = client.post(address(cast), fields, headers=headers)
    assert answer.status_code == 403
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1.text.strip() == "Страница устарела"
    sent_again = page.select_one("form input[name=topic]")
    assert (sent_again is not None) is kept
    if kept:
        fresh = {i["name"]: i["value"] for i in page.select("form input[name]")}
        again = client.post(address(cast), fresh, headers=headers)
        assert again.status_code == 302
        settle()


@pytest.mark.parametrize("secret", ["password", "oldpassword", "code"])
def test_a_secret_is_never_handed_back(client: Client, cast: Cast, secret: str) -> None:
    answer = client.post("/accounts/password/change/", {secret: "correct horse 42", "other": "x"})
    assert answer.status_code == 302
    assert "correct horse" not in answer.content.decode()


def test_a_lesson_a_day_older_than_the_window_is_the_first_that_is_locked(
    client_of: Any, cast: Cast
) -> None:
    """The border itself: the fourteenth day is open."""
    lesson = cast.lesson("algebra", date(2026, 11, 5))
    with_date = TODAY - timedelta(days=13)
    assert lesson.day == with_date
    answer = send(client_of("maria"), cast, GRID, cell(cast, "5", lesson=lesson))
    assert answer.json()["cells"][0]["state"] == "ok"


@DOORS
@pytest.mark.parametrize("value", ["5\0", "\ud800", "\x07"])
def test_signs_that_no_keyboard_types(door: str, value: str, client_of: Any, cast: Cast) -> None:
    answer = send(client_of("maria"), cast, door, cell(cast, value))
    assert answer.status_code in {200, 400, 422}
    assert stands(cast) == []


def test_a_body_nested_without_end(client_of: Any, cast: Cast) -> None:
    place = GRID.format(cast.courses["algebra"].pk)
    body = "[" * 100_000
    answer = client_of("maria").post(place, body, content_type="application/json")
    assert answer.status_code == 422
