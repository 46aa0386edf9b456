"""One lesson as a list: works without JavaScript, loses nothing, takes files."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.models import Homework, HomeworkFile, Mark, SignOff, Work, WorkKind
from school.models import Lesson, LessonStatus
from tests.cast import NOW, TODAY, YEAR, Cast
from tests.journal.test_saving import one
from tests.journal.test_sheet import statements
from tests.journal.world import big_course, settle

pytestmark = pytest.mark.usefixtures("media")


def address(cast: Cast, course: str = "algebra", day: Any = TODAY) -> str:
    return f"/journal/{cast.courses[course].pk}/lessons/{cast.lesson(course, day).pk}/"


def fields_of(soup: BeautifulSoup) -> dict[str, Any]:
    """The form's fields as they stand in the page."""
    data = {
        i["name"]: i.get("value", "")
        for i in soup.select("form.lesson-form input[name]")
        if i.get("type") not in {"file", "checkbox"}
    }
    data |= {t["name"]: t.text for t in soup.select("form.lesson-form textarea")}
    for select in soup.select("form.lesson-form select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        data[select["name"]] = chosen["value"] if chosen else ""
    data.pop("csrfmiddlewaretoken", None)
    return data


def filled(cast: Cast, client: Any, **fields: Any) -> dict[str, Any]:
    """The form as the browser would send it, with some fields typed over."""
    data = fields_of(BeautifulSoup(client.get(address(cast)).content, "html.parser"))
    names = {f"value_{name}": f"value_{cast.pupils[name].pk}" for name in cast.pupils}
    names |= {f"comment_{name}": f"comment_{cast.pupils[name].pk}" for name in cast.pupils}
    return data | {names.get(name, name): value for name, value in fields.items()}


def test_marks_comment_topic_and_homework_are_written_at_once(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    sent = filled(
        cast, client, value_olya="5", comment_olya="Отлично", value_petya="н", topic="Дроби", homework="№ 12",
        homework_minutes="30",
    )  # fmt: skip
    answer = client.post(address(cast), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{address(cast)}?saved=2")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Записано. Клеток: 2." in page
    mark = Mark.objects.get()
    assert (mark.value, mark.comment) == ("5", "Отлично")
    lesson = Lesson.objects.get(pk=cast.lesson("algebra").pk)
    assert (lesson.topic, lesson.status, lesson.recorded_by_id) == (
        "Дроби", LessonStatus.HELD, cast.users["maria"].pk,
    )  # fmt: skip
    homework = Homework.objects.get()
    next_lesson = cast.lesson("algebra", TODAY + timedelta(days=1))
    assert (homework.text, homework.minutes, homework.due_lesson_id, homework.due_day) == (
        "№ 12", 30, next_lesson.pk, next_lesson.day,
    )  # fmt: skip
    settle()


def test_a_second_submit_of_the_same_form_writes_nothing(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    sent = filled(cast, client, value_olya="5", homework="№ 1")
    client.post(address(cast), {**sent, "homework_file": pdf()})
    again = client.post(address(cast), {**sent, "homework_file": pdf()})
    assert again.status_code == 302
    assert (Homework.objects.get().text, HomeworkFile.objects.count()) == ("№ 1", 1)
    settle()


def test_a_form_brought_back_and_changed_is_not_taken_for_the_first(
    client_of: Any, cast: Cast
) -> None:
    """«Назад» shows the old form with its old operation: what is new in it is written or told."""
    client = client_of("maria")
    sent = filled(cast, client, value_olya="5", topic="Дроби")
    client.post(address(cast), sent)
    value = f"value_{cast.pupils['petya'].pk}"
    assert client.post(address(cast), {**sent, value: "4"}).status_code == 302
    assert sorted(Mark.objects.values_list("value", flat=True)) == ["4", "5"]
    answer = client.post(address(cast), {**sent, "topic": "Степени"})
    assert answer.status_code == 409
    assert "здесь записали «Дроби». Ваша запись заменит это." in answer.content.decode()
    assert "Степени" in BeautifulSoup(answer.content, "html.parser").select_one("#topic")["value"]
    settle()


def test_what_the_teacher_did_not_touch_stays_as_another_browser_wrote_it(
    client_of: Any, cast: Cast
) -> None:
    old = filled(cast, client_of("maria"))
    client = client_of("maria")
    first = filled(
        cast, client, value_olya="5", comment_olya="Отлично", topic="Дроби", homework="№ 12\n№ 13",
        homework_minutes="30",
    )  # fmt: skip
    assert client.post(address(cast), first).status_code == 302
    sent = old | {f"value_{cast.pupils['petya'].pk}": "4"}
    answer = client.post(address(cast), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{address(cast)}?saved=1")
    assert dict(Mark.objects.values_list("value", "comment")) == {"5": "Отлично", "4": ""}
    homework = Homework.objects.get()
    assert (homework.text, homework.minutes) == ("№ 12\n№ 13", 30)
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).topic == "Дроби"
    settle()


def test_a_field_that_two_changed_is_told_and_the_next_submit_writes(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    old = filled(cast, client, topic="Степени", value_petya="4")
    other = WorkKind.objects.get(school=cast.school, letter="К")
    first = filled(cast, client, topic="Дроби", homework="№ 12", work_kind=str(other.pk))
    client.post(address(cast), first)
    answer = client.post(address(cast), old)
    assert answer.status_code == 409
    assert Mark.objects.count() == 0, "all or nothing"
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "записали «Дроби»" in soup.select_one("#topic-error").text
    assert soup.select_one("#topic")["value"] == "Степени"
    assert soup.select_one("#homework").text == "№ 12", "untouched fields follow the other browser"
    assert soup.select_one("#work-kind option[selected]")["value"] == str(other.pk)
    resent = fields_of(soup)
    assert client.post(address(cast), resent).status_code == 302
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).topic == "Степени"
    assert (Homework.objects.get().text, Mark.objects.get().value) == ("№ 12", "4")
    assert Work.objects.get().kind == other
    settle()


def test_a_comment_that_two_changed_is_told_beside_the_pupil(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    one(cast, "maria", "4")
    old = filled(cast, client, comment_olya="Молодец")
    client.post(address(cast), filled(cast, client, comment_olya="Аккуратнее"))
    answer = client.post(address(cast), old)
    assert answer.status_code == 422
    row = BeautifulSoup(answer.content, "html.parser").select_one(
        f"#error-{cast.pupils['olya'].pk}"
    )
    assert row.text.strip() == "Комментарий изменили, пока вы работали. Ваш заменит его."
    assert Mark.objects.get().comment == "Аккуратнее"


def test_a_refused_value_writes_nothing_and_keeps_what_was_typed(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    sent = filled(cast, client, value_olya="7", value_petya="4", topic="Дроби", homework="№ 3")
    answer = client.post(address(cast), sent)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    olya, petya = (soup.select_one(f"#value-{cast.pupils[n].pk}") for n in ("olya", "petya"))
    assert (olya["value"], petya["value"]) == ("7", "4")
    assert (
        soup.select_one(f"#error-{cast.pupils['olya'].pk}").text.strip()
        == "«7» — нет такой отметки."
    )
    assert (soup.select_one("#topic")["value"], soup.select_one("#homework").text) == (
        "Дроби",
        "№ 3",
    )
    assert Mark.objects.count() == 0


def test_a_conflict_says_what_stands_and_the_next_submit_writes(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    sent = filled(cast, client, value_olya="2")
    one(cast, "maria", "4")
    answer = client.post(address(cast), sent)
    assert answer.status_code == 422
    assert (
        "Теперь записано «4» (Кузнецова М. П., 12:30). Ваша запись заменит её."
        in answer.content.decode()
    )
    soup = BeautifulSoup(answer.content, "html.parser")
    assert client.post(address(cast), fields_of(soup)).status_code == 302
    assert Mark.objects.get().value == "2"
    settle()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("topic", "т" * 501, "Тема не длиннее 500 знаков."),
        ("homework_minutes", "полчаса", "Число минут, например 30."),
        ("homework_minutes", "0", "Не меньше 1 минуты."),
        ("homework_due", "40c98fe3-cc11-4c3b-b8ff-6da219e15427", "Выберите урок из списка."),
        ("work_kind", "59c03fc6-9cf7-4e60-8e2c-d93affdc9bf6", "Выберите вид работы из списка."),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    client_of: Any, cast: Cast, field: str, value: str, words: str
) -> None:
    client = client_of("maria")
    answer = client.post(address(cast), filled(cast, client, value_olya="5", **{field: value}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Mark.objects.count() == 0


def test_the_kind_of_work_changes_letter_and_weight_of_the_column(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    kind = WorkKind.objects.get(school=cast.school, letter="К")
    one(cast, "maria", "4")
    client.post(address(cast), filled(cast, client, work_kind=str(kind.pk)))
    assert [(w.kind_id, w.weight) for w in Work.objects.all()] == [(kind.pk, 2)]
    assert Mark.objects.get().work.kind_id == kind.pk
    settle()


def test_homework_is_due_at_the_chosen_lesson_and_taken_back_when_emptied(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    later = cast.lesson("algebra", TODAY + timedelta(days=2))
    client.post(address(cast), filled(cast, client, homework="№ 5", homework_due=str(later.pk)))
    assert Homework.objects.get().due_lesson_id == later.pk
    client.post(address(cast), filled(cast, client, homework=""))
    assert Homework.objects.count() == 0
    settle()


def test_a_coming_lesson_takes_topic_and_homework_but_no_marks(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    tomorrow = TODAY + timedelta(days=1)
    page = client.get(address(cast, day=tomorrow)).content.decode()
    assert "урок ещё не прошёл" in page
    sent = {"op": str(uuid4()), "topic": "Степени", "homework": "§ 7"}
    marked = sent | {f"value_{cast.pupils['olya'].pk}": "5"}
    refused = client.post(address(cast, day=tomorrow), marked)
    assert refused.status_code == 422
    assert "«5» не записано. Урок ещё не прошёл" in refused.content.decode()
    assert client.post(address(cast, day=tomorrow), sent).status_code == 302
    lesson = Lesson.objects.get(pk=cast.lesson("algebra", tomorrow).pk)
    assert (lesson.topic, lesson.status, Mark.objects.count()) == (
        "Степени",
        LessonStatus.PLANNED,
        0,
    )
    settle()


def test_the_class_teacher_notes_attendance_only(client_of: Any, cast: Cast) -> None:
    client = client_of("ivan")
    page = BeautifulSoup(client.get(address(cast)).content, "html.parser")
    assert page.select_one("#topic") is None
    sent = {"op": str(uuid4()), f"value_{cast.pupils['olya'].pk}": "б"}
    assert client.post(address(cast), sent | {"topic": "Чужая тема"}).status_code == 403
    assert client.post(address(cast), sent).status_code == 302
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).topic == ""


def test_heads_read_and_may_not_write(client_of: Any, cast: Cast) -> None:
    client = client_of("nina")
    assert client.get(address(cast)).status_code == 200
    answer = client.post(address(cast), {"op": str(uuid4()), "topic": "Тема"})
    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["stranger", "olya_mother", "olya", "admin", "svetlana"])
def test_strangers_get_404(client_of: Any, cast: Cast, who: str) -> None:
    client = client_of(who)
    assert client.get(address(cast)).status_code == 404
    assert client.post(address(cast), {"op": str(uuid4())}).status_code == 404


def test_a_lesson_of_another_course_is_404(client_of: Any, cast: Cast) -> None:
    mixed = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('physics').pk}/"
    assert client_of("maria").get(mixed).status_code == 404


def test_a_signed_period_closes_the_lesson(client_of: Any, cast: Cast) -> None:
    SignOff.objects.create(
        school=cast.school,
        course=cast.courses["algebra"],
        period=cast.quarter,
        signed_by=cast.users["maria"],
        signed_at=NOW,
    )
    client = client_of("maria")
    assert "Период закрыт" in client.get(address(cast)).content.decode()
    answer = client.post(address(cast), {"op": str(uuid4()), "topic": "Поздно"})
    assert answer.status_code == 409
    assert "Период закрыт" in answer.content.decode()
    value = {"op": str(uuid4()), f"value_{cast.pupils['olya'].pk}": "5"}
    answer = client.post(address(cast), value)
    assert answer.status_code == 422
    assert "«5» не записано. Период закрыт" in answer.content.decode()
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).topic == ""
    settle()


@pytest.mark.parametrize("pupils", [5, 30])
def test_the_list_costs_eight_statements_whatever_the_class(
    client_of: Any, cast: Cast, pupils: int
) -> None:
    lessons = big_course(cast, pupils=pupils, lessons=20)
    client = client_of("ivan")
    place = f"/journal/{cast.courses['physics'].pk}/lessons/{lessons[10].pk}/"
    client.get(place)
    with CaptureQueriesContext(connection) as seen:
        client.get(place)
    assert len(statements(seen)) == 8


def pdf(name: str = "задание.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(
        name, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n", content_type="application/pdf"
    )


def docx(member: str = "word/document.xml") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(member, "<document/>")
    return whole.getvalue()


def test_a_file_is_stored_under_an_unguessable_name_and_given_as_download(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    answer = client.post(
        address(cast), filled(cast, client, homework="№ 1") | {"homework_file": pdf()}
    )
    assert answer.status_code == 302
    file = HomeworkFile.objects.get()
    assert (file.name, file.content_type, len(file.sha256)) == (
        "задание.pdf",
        "application/pdf",
        64,
    )
    assert "задание" not in file.stored.name
    page = BeautifulSoup(client.get(address(cast)).content, "html.parser")
    link = page.find("a", string="задание.pdf")["href"]
    given = client.get(link)
    assert given.status_code == 200
    assert b"".join(given.streaming_content).startswith(b"%PDF-")
    close(given)
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    settle()


def close(answer: Any) -> None:
    """Close the file, not the connection that the tests share."""
    for closer in answer._resource_closers:
        closer()


@pytest.mark.parametrize(
    ("who", "status"),
    [("maria", 200), ("ivan", 200), ("nina", 200), ("olya_mother", 200), ("olya", 200), ("vitya_mother", 404),
     ("no_consent", 404), ("kolya", 404), ("stranger", 404), ("other_guardian", 404), ("admin", 404)],
)  # fmt: skip
def test_the_file_is_open_to_those_who_see_the_homework(
    client_of: Any, cast: Cast, who: str, status: int
) -> None:
    homework = Homework.objects.create(
        school=cast.school, year=YEAR, lesson=cast.lesson("algebra"), due_day=TODAY, text="№ 1",
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    file = HomeworkFile.objects.create(
        school=cast.school, homework=homework, name="a.txt", stored=SimpleUploadedFile("a.txt", b"text"), size=4,
        content_type="text/plain", sha256="0" * 64, added_by=cast.users["maria"], added_at=NOW,
    )  # fmt: skip
    answer = client_of(who).get(f"/journal/files/{file.pk}/")
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"text"
        close(answer)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "такого вида не принимается"),
        ("a", b"text", "такого вида не принимается"),
        ("a.pdf", b"", "пуст"),
        ("a.pdf", b"GIF89a", "повреждён или не соответствует"),
        ("a.pdf", b"%PDF-1.7 cut off", "повреждён или не соответствует"),
        ("a.png", b"\xff\xd8\xff\xe0", "повреждён или не соответствует"),
        ("a.docx", b"PK\x03\x04broken", "повреждён или не соответствует"),
        ("a.docx", docx("xl/workbook.xml"), "повреждён или не соответствует"),
        ("a.txt", b"\x00\x01\x02", "повреждён или не соответствует"),
        ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024) + b"%%EOF", "больше 10 МБ"),
    ],
)
def test_a_broken_file_is_refused_and_the_form_keeps_the_rest(
    client_of: Any, cast: Cast, name: str, content: bytes, words: str
) -> None:
    client = client_of("maria")
    sent = filled(cast, client, value_olya="5", homework="№ 9")
    answer = client.post(
        address(cast), {**sent, "homework_file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    assert words in soup.select_one("#homework-file-error").text
    assert soup.select_one("#homework").text == "№ 9"
    assert soup.select_one(f"#value-{cast.pupils['olya'].pk}")["value"] == "5"
    assert HomeworkFile.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", docx()), ("a.xlsx", docx("xl/workbook.xml")), ("a.pptx", docx("ppt/presentation.xml")),
        ("a.odt", docx("content.xml")), ("a.txt", "Задание".encode("cp1251")), ("a.TXT", "Задание".encode()),
        ("a.jpeg", b"\xff\xd8\xff\xe0rest"), ("..\\..\\a.png", b"\x89PNG\r\n\x1a\nrest"),
    ],
)  # fmt: skip
def test_honest_files_are_taken(client_of: Any, cast: Cast, name: str, content: bytes) -> None:
    client = client_of("maria")
    sent = {**filled(cast, client), "homework_file": SimpleUploadedFile(name, content)}
    assert client.post(address(cast), sent).status_code == 302
    assert HomeworkFile.objects.get().name.lower().startswith("a.")
    settle()


def test_a_file_is_taken_back_with_its_bytes(
    client_of: Any, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("maria")
    client.post(address(cast), {**filled(cast, client, homework="№ 1"), "homework_file": pdf()})
    stored = HomeworkFile.objects.get().stored
    assert stored.storage.exists(stored.name)
    sent = filled(cast, client)
    soup = BeautifulSoup(client.get(address(cast)).content, "html.parser")
    box = soup.select_one("input[name=removed_files]")
    sent["removed_files"] = box["value"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address(cast), sent).status_code == 302
    assert not HomeworkFile.objects.exists()
    assert not stored.storage.exists(stored.name)
    assert Homework.objects.get().text == "№ 1"
    again = client.post(address(cast), {**sent, "op": str(uuid4())})
    assert "Этот файл уже убрали." in again.content.decode()


def test_a_file_of_another_lesson_stays(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    client.post(address(cast), {**filled(cast, client, homework="№ 1"), "homework_file": pdf()})
    file = HomeworkFile.objects.get()
    elsewhere = address(cast, day=TODAY + timedelta(days=1))
    answer = client.post(elsewhere, {"topic": "", "removed_files": str(file.pk)})
    assert answer.status_code == 422
    assert HomeworkFile.objects.filter(pk=file.pk).exists()


def test_a_refused_form_counts_as_seen_only_what_it_told(client_of: Any, cast: Cast) -> None:
    """A wrong number hid that another browser had written the cell and the topic: they are told next."""
    client = client_of("maria")
    old = filled(cast, client, value_olya="5", topic="Степени", homework_minutes="9999")
    client.post(address(cast), filled(cast, client, value_olya="3", topic="Дроби"))
    first = client.post(address(cast), old)
    assert first.status_code == 422
    assert "Не больше 600 минут." in first.content.decode()
    again = fields_of(BeautifulSoup(first.content, "html.parser")) | {"homework_minutes": "30"}
    second = client.post(address(cast), again)
    assert second.status_code == 422
    assert "Теперь записано «3»" in second.content.decode()
    third = client.post(address(cast), fields_of(BeautifulSoup(second.content, "html.parser")))
    assert third.status_code == 409
    assert "здесь записали «Дроби»" in third.content.decode()
    assert (Mark.objects.get().value, Lesson.objects.get(pk=cast.lesson("algebra").pk).topic) == (
        "3",
        "Дроби",
    )
    last = client.post(address(cast), fields_of(BeautifulSoup(third.content, "html.parser")))
    assert last.status_code == 302
    assert Mark.objects.get().value == "5"
    settle()


def test_homework_due_far_away_does_not_stand_in_the_way(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    client.post(address(cast), filled(cast, client, homework="№ 1"))
    far = cast.lesson("algebra", TODAY - timedelta(days=7))
    Homework.objects.update(due_lesson=None, due_day=far.day)
    sent = filled(cast, client, topic="Дроби")
    assert client.post(address(cast), sent).status_code == 302
    assert Homework.objects.get().due_day == far.day
    Homework.objects.update(due_lesson=far, due_day=far.day)
    page = BeautifulSoup(client.get(address(cast)).content, "html.parser")
    assert page.select_one("#homework-due option[selected]")["value"] == str(far.pk)
    assert client.post(address(cast), filled(cast, client, topic="Степени")).status_code == 302
    assert Homework.objects.get().due_lesson == far
    settle()


def test_another_file_of_the_same_name_is_not_taken_for_the_first(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    sent = filled(cast, client, homework="№ 1")
    one_file, other = (SimpleUploadedFile("a.txt", text.encode()) for text in ("первый", "второй"))
    assert one_file.size == other.size
    client.post(address(cast), {**sent, "homework_file": one_file})
    client.post(address(cast), {**sent, "homework_file": other})
    assert HomeworkFile.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"), [("value", "5\0\0"), ("value", "\x07"), ("seen", "[" * 100_000), ("rev", "9" * 5000)]
)  # fmt: skip
def test_garbage_is_refused_or_taken_as_nothing(
    client_of: Any, cast: Cast, field: str, value: str
) -> None:
    client = client_of("maria")
    name = field if field == "seen" else f"{field}_{cast.pupils['olya'].pk}"
    answer = client.post(address(cast), filled(cast, client) | {name: value})
    assert answer.status_code in {302, 409, 422}


def test_a_comment_too_long_is_told_not_cut(client_of: Any, cast: Cast) -> None:
    client = client_of("maria")
    one(cast, "maria", "4")
    answer = client.post(address(cast), filled(cast, client, comment_olya="о" * 501))
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    told = soup.select_one(f"#error-{cast.pupils['olya'].pk}")
    assert told.text.strip() == "Комментарий не длиннее 500 знаков."
    assert Mark.objects.get().comment == ""
