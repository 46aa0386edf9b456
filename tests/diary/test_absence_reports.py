"""«Сообщить об отсутствии»: the guardian tells, the class teacher answers, the journal shows the reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from diary.models import AbsenceReport
from journal.models import Absence, AbsenceNote
from people.models import User
from people.scope import scope
from tests.cast import NOW, OTHER_ID, TODAY, YEAR, Cast

TOMORROW = TODAY + timedelta(days=1)
FRIDAY = date(2026, 11, 20)
ILL = {"since": TODAY.isoformat(), "until": FRIDAY.isoformat(), "reason": "ill"}
FILE = "заявление"


def place(cast: Cast, part: str = "report/", pupil: str = "olya") -> str:
    return f"/diary/{cast.pupils[pupil].pk}/absences/{part}"


def desk(cast: Cast, part: str = "", name: str = "7А") -> str:
    return f"/class/{cast.classes[name].pk}/absences/{part}"


def tell(client_of: Any, cast: Cast, who: str = "olya_mother", **changed: Any) -> Any:
    return client_of(who).post(place(cast), ILL | changed)


def told(client_of: Any, cast: Cast, **changed: Any) -> AbsenceReport:
    assert tell(client_of, cast, **changed).status_code == 302
    return AbsenceReport.objects.latest("reported_at")


def words(answer: Any) -> str:
    text = BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)
    return " ".join(text.replace("\xa0", " ").split())


def absent(cast: Cast, course: str, day: date = TODAY, code: str = "absent") -> Absence:
    return Absence.objects.create(
        school=cast.school, year=YEAR, lesson=cast.lesson(course, day), pupil=cast.pupils["olya"],
        code=code, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def letter(cast: Cast, course: str, day: date = TODAY) -> str:
    return Absence.objects.get(
        lesson=cast.lesson(course, day), pupil=cast.pupils["olya"]
    ).get_code_display()


# The guardian tells


def test_a_file_sent_afterwards_is_not_dropped_in_silence(
    client_of: Any, cast: Cast, media: Any
) -> None:
    told(client_of, cast)
    again = tell(client_of, cast, file=SimpleUploadedFile("справка.txt", FILE.encode()))
    assert again.status_code == 422
    assert "Чтобы исправить, отзовите его" in words(again)
    assert tell(client_of, cast).status_code == 302
    assert AbsenceReport.objects.count() == 1


def test_a_guardian_tells_days_and_sees_the_state(client_of: Any, cast: Cast, media: Any) -> None:
    upload = SimpleUploadedFile("заявление.txt", FILE.encode())
    report = told(client_of, cast, comment="Кашель", file=upload)
    assert (report.since, report.until, report.reason, report.state) == (
        TODAY,
        FRIDAY,
        "ill",
        "sent",
    )
    assert report.reported_by.login == "olya_mother"
    page = words(client_of("olya_mother").get(place(cast, "")))
    assert "18–20 ноября отправлено Болезнь: Кашель заявление.txt" in page
    own = client_of("olya_mother").get(place(cast, f"{report.pk}/file/"))
    assert b"".join(own.streaming_content).decode() == FILE
    assert own["Content-Disposition"].startswith("attachment")
    assert own["Cache-Control"] == "private, no-store"


def test_a_guardian_tells_lessons_of_one_day(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast, until="", first_lesson="2", last_lesson="3", reason="doctor")
    assert (report.first_lesson, report.last_lesson, report.until) == (2, 3, TODAY)
    page = words(client_of("olya_mother").get(place(cast, "")))
    assert "18 ноября, уроки 2–3 отправлено Приём у врача" in page
    assert told(client_of, cast, until="", first_lesson="1", reason="doctor").last_lesson == 1


def test_no_diagnosis_is_asked(client_of: Any, cast: Cast) -> None:
    page = words(client_of("olya_mother").get(place(cast)))
    assert "Диагноз указывать не нужно" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"until": "2026-11-16"}, "Последний день раньше первого"),
        ({"since": "2026-11-10", "until": "2026-11-12"}, "не позже чем через 7 дней"),
        ({"since": "2027-05-20", "until": "2027-06-02"}, "внутри учебного года"),
        ({"since": "2027-09-01", "until": "2027-09-02"}, "закрыт или ещё не открыт"),
        ({"reason": "other"}, "Напишите, какая причина"),
        ({"reason": ""}, "Обязательное поле"),
        ({"first_lesson": "1", "last_lesson": "2"}, "Уроки указывают для одного дня"),
        ({"until": "", "first_lesson": "3", "last_lesson": "2"}, "Последний урок раньше первого"),
        ({"until": "", "first_lesson": "14", "last_lesson": "15"}, "Номера уроков этого дня"),
        ({"until": "", "first_lesson": "0", "last_lesson": "0"}, "Номера уроков этого дня"),
        ({"since": "2026-11-22", "until": ""}, "В эти дни нет уроков"),  # a Sunday
        ({"since": "завтра"}, "Введите правильную дату"),
    ],
)
def test_what_cannot_be_is_refused_and_the_words_are_kept(
    client_of: Any, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    words_typed = {} if changed.get("reason") == "other" else {"comment": "Уезжаем к бабушке"}
    answer = tell(client_of, cast, **changed, **words_typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    if words_typed:
        assert "Уезжаем к бабушке" in words(answer)
    assert not AbsenceReport.objects.exists()


def test_a_broken_file_is_refused(client_of: Any, cast: Cast, media: Any) -> None:
    answer = tell(client_of, cast, file=SimpleUploadedFile("справка.png", b"MZ"), comment="Слова")
    assert answer.status_code == 422
    assert "повреждён" in words(answer)
    assert "Слова" in words(answer)
    assert not AbsenceReport.objects.exists()


def test_a_double_press_makes_one_report(client_of: Any, cast: Cast) -> None:
    for _ in range(2):
        assert tell(client_of, cast, comment="Кашель").status_code == 302
    assert AbsenceReport.objects.count() == 1


def test_overlapping_reports_are_refused_with_a_sentence(client_of: Any, cast: Cast) -> None:
    told(client_of, cast)
    answer = tell(client_of, cast, "olya_father", since=FRIDAY.isoformat(), until="2026-11-24")
    assert answer.status_code == 422
    assert "На это время уже есть сообщение (18–20 ноября)" in words(answer)
    partly = {"since": TODAY.isoformat(), "until": "", "first_lesson": "1"}
    assert tell(client_of, cast, **partly).status_code == 422
    assert AbsenceReport.objects.count() == 1


def test_lessons_that_do_not_meet_do_not_overlap(client_of: Any, cast: Cast) -> None:
    told(client_of, cast, until="", first_lesson="1", reason="doctor")
    told(client_of, cast, until="", first_lesson="3", reason="doctor")
    assert AbsenceReport.objects.count() == 2


def test_a_waiting_report_is_taken_back(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast)
    answer = client_of("olya_father").post(place(cast, f"{report.pk}/withdraw/"), follow=True)
    assert "18–20 ноября отозвано" in words(answer)
    report.refresh_from_db()
    assert (report.state, report.answered_at) == ("withdrawn", None)
    told(client_of, cast)  # the days are free again


def test_what_is_taken_back_leaves_no_file(
    client_of: Any, cast: Cast, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload = SimpleUploadedFile("заявление.txt", FILE.encode())
    report = told(client_of, cast, file=upload)
    kept = media / str(report.file.name)
    assert kept.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client_of("olya_mother").post(place(cast, f"{report.pk}/withdraw/"))
    report.refresh_from_db()
    assert (report.file_name, bool(report.file), kept.exists()) == ("", False, False)


def test_an_accepted_report_is_not_taken_back(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast)
    client_of("ivan").post(desk(cast, f"{report.pk}/accept/"))
    answer = client_of("olya_mother").post(place(cast, f"{report.pk}/withdraw/"), follow=True)
    assert "Сообщение уже принято." in words(answer)
    report.refresh_from_db()
    assert report.state == "accepted"


def test_only_an_open_guardian_tells(client_of: Any, cast: Cast) -> None:
    """A pupil reads why she cannot; the restricted and the closed are not let in; staff only look."""
    assert tell(client_of, cast, "olya").status_code == 403
    page = words(client_of("olya").get(place(cast, "")))
    assert "может законный представитель со своей учётной записью" in page
    assert not BeautifulSoup(client_of("olya").get(place(cast, "")).content, "html.parser").select(
        f'a[href="{place(cast)}"]'
    )
    for who in ("petya_father", "other_guardian", "stranger", "maria"):
        assert tell(client_of, cast, who).status_code == 404
    for who in ("ivan", "nina", "head"):
        assert tell(client_of, cast, who).status_code == 403
    tie = cast.guardianships["olya_father", "olya"]
    tie.restrictions.create(
        school=cast.school, act_number="2-115/2026", act_date=date(2026, 11, 2),
        since=TODAY - timedelta(days=1),
    )  # fmt: skip
    assert tell(client_of, cast, "olya_father").status_code == 404
    assert not AbsenceReport.objects.exists()


# The class teacher answers


def test_accepting_gives_the_reason_to_absences_that_stand_and_that_come(
    client_of: Any, cast: Cast
) -> None:
    absent(cast, "algebra")
    report = told(client_of, cast)
    answer = client_of("ivan").post(desk(cast, f"{report.pk}/accept/"), follow=True)
    assert "Причину в журнале получили: 1 пропуск" in words(answer)
    assert letter(cast, "algebra") == "б"
    absent(cast, "physics", TOMORROW)
    assert letter(cast, "physics", TOMORROW) == "б"
    report.refresh_from_db()
    assert (report.state, report.answered_by.login) == ("accepted", "ivan")
    note = AbsenceNote.objects.get()
    assert report.note == note
    assert (note.since, note.until, note.code) == (TODAY, FRIDAY, "ill")
    page = words(client_of("olya_mother").get(place(cast, "")))
    assert "18–20 ноября принято классным руководителем" in page


def test_accepted_lessons_leave_the_others_alone(client_of: Any, cast: Cast) -> None:
    for course in ("algebra", "physics", "russian"):
        absent(cast, course)
    report = told(client_of, cast, until="", first_lesson="1", last_lesson="2", reason="doctor")
    client_of("ivan").post(desk(cast, f"{report.pk}/accept/"))
    assert [letter(cast, one) for one in ("algebra", "physics", "russian")] == ["у", "у", "н"]


def test_pressing_accept_twice_makes_one_note(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast)
    ivan = client_of("ivan")
    ivan.post(desk(cast, f"{report.pk}/accept/"))
    answer = ivan.post(desk(cast, f"{report.pk}/accept/"), follow=True)
    assert "Сообщение уже принято." in words(answer)
    assert AbsenceNote.objects.count() == 1


def test_a_second_report_makes_the_note_of_the_first_longer(client_of: Any, cast: Cast) -> None:
    ivan = client_of("ivan")
    ivan.post(desk(cast, f"{told(client_of, cast).pk}/accept/"))
    AbsenceReport.objects.update(since=TODAY - timedelta(days=2), until=TODAY - timedelta(days=1))
    later = told(client_of, cast, until="2026-11-24")
    ivan.post(desk(cast, f"{later.pk}/accept/"))
    note = AbsenceNote.objects.get()
    assert (note.since, note.until) == (TODAY, date(2026, 11, 24))
    later.refresh_from_db()
    assert (later.state, later.note) == ("accepted", note)


def test_a_certificate_is_kept_and_what_it_does_not_say_is_asked(
    client_of: Any, cast: Cast
) -> None:
    certificate = AbsenceNote.objects.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], since=TODAY, until=FRIDAY,
        code="ill", document="Справка № 215", set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip
    ivan = client_of("ivan")
    longer = told(client_of, cast, until="2026-11-24")
    answer = ivan.post(desk(cast, f"{longer.pk}/accept/"), follow=True)
    assert "уже есть справка (18–20 ноября)" in words(answer)
    longer.refresh_from_db()
    assert longer.state == "sent"
    certificate.until = date(2026, 11, 24)
    certificate.save()
    ivan.post(desk(cast, f"{longer.pk}/accept/"))
    longer.refresh_from_db()
    assert (longer.state, longer.note) == ("accepted", certificate)
    assert AbsenceNote.objects.count() == 1


def test_a_corrected_note_keeps_its_report(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast)
    ivan = client_of("ivan")
    ivan.post(desk(cast, f"{report.pk}/accept/"))
    note = AbsenceNote.objects.get()
    body = {
        "pupil": str(cast.pupils["olya"].pk), "since": TODAY.isoformat(), "until": TOMORROW.isoformat(),
        "reason": "excused", "document": "Заявление",
    }  # fmt: skip
    ivan.post(f"/journal/morning/notes/{note.pk}/", body)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    report.refresh_from_db()
    assert report.note_id == note.pk
    assert AbsenceNote.objects.get().document == "Заявление"


def test_declining_says_why(client_of: Any, cast: Cast) -> None:
    report = told(client_of, cast)
    ivan = client_of("ivan")
    empty = ivan.post(desk(cast, f"{report.pk}/decline/"), {"answer": " "})
    assert empty.status_code == 422
    assert "Напишите, почему сообщение не принято" in words(empty)
    ivan.post(desk(cast, f"{report.pk}/decline/"), {"answer": "18 ноября Оля была в школе"})
    page = words(client_of("olya_mother").get(place(cast, "")))
    assert "не принято" in page
    assert "Ответ школы: 18 ноября Оля была в школе" in page
    assert not AbsenceNote.objects.exists()


def test_waiting_reports_are_counted_where_the_class_teacher_begins(
    client_of: Any, cast: Cast
) -> None:
    ivan = client_of("ivan")
    pages = {
        "/journal/morning/": "Сообщения родителей (1)",
        f"/class/{cast.classes['7А'].pk}/": "Сообщения родителей 1",
    }
    for page, sign in pages.items():
        assert sign not in words(ivan.get(page))
    assert "Новых сообщений нет" in words(ivan.get(desk(cast)))
    told(client_of, cast)
    for page, sign in pages.items():
        assert sign in words(ivan.get(page))
        assert sign not in words(client_of("nina").get(page))
    listed = words(ivan.get(desk(cast)))
    assert "Ёлкина Оля Викторовна 18–20 ноября" in listed
    assert "Новых сообщений нет" not in listed
    assert client_of("svetlana").get(desk(cast, name="5Б")).status_code == 404


# What the journal shows


def test_the_morning_expects_those_of_whom_families_told(client_of: Any, cast: Cast) -> None:
    told(client_of, cast)
    page = words(client_of("ivan").get("/journal/morning/"))
    assert "Ёлкина О. В. — н сообщили родители: до 20 ноября, болезнь" in page
    theirs = words(client_of("nina").get("/journal/morning/"))
    assert "Ёлкина О. В. — н сообщили родители: до 20 ноября" in theirs
    assert "болезнь" not in theirs
    assert "Ёлкина" not in words(client_of("secretary").get("/journal/morning/"))


def test_the_day_of_the_class_and_the_lesson_tell_it_to_those_who_teach(
    client_of: Any, cast: Cast
) -> None:
    told(client_of, cast, until="", first_lesson="1", last_lesson="2")
    line = "Ёлкина Оля — сообщили родители: уроки 1–2, болезнь"
    day = f"/journal/morning/{cast.classes['7А'].pk}/"
    assert line in words(client_of("ivan").get(day))
    assert "болезнь" not in words(client_of("nina").get(day))
    for course, who, shown in (
        ("algebra", "maria", True), ("russian", "svetlana", False), ("algebra", "ivan", True),
        ("algebra", "nina", False),
    ):  # fmt: skip
        lesson = f"/journal/{cast.courses[course].pk}/lessons/{cast.lesson(course).pk}/"
        page = words(client_of(who).get(lesson))
        assert ("Сообщили родители: уроки 1–2, болезнь" in page) is shown
        panel = client_of(who).get(
            f"/journal/{cast.courses[course].pk}/cell",
            {"lesson": cast.lesson(course).pk, "pupil": cast.pupils["olya"].pk},
        )
        assert ("Сообщили родители: уроки 1–2, болезнь" in words(panel)) is shown


def test_the_grid_marks_the_cells_of_those_who_will_not_come(client_of: Any, cast: Cast) -> None:
    told(client_of, cast, until="", first_lesson="1", last_lesson="2")
    for course, who, cells in (
        ("algebra", "maria", 1), ("physics", "ivan", 1), ("russian", "svetlana", 0),
        ("algebra", "nina", 0), ("algebra", "head", 0),
    ):  # fmt: skip
        page = client_of(who).get(f"/journal/{cast.courses[course].pk}/").content.decode()
        assert page.count("is-told") == cells
    absent(cast, "algebra")
    page = client_of("maria").get(f"/journal/{cast.courses['algebra'].pk}/").content.decode()
    assert "is-told" not in page


# Privacy


STRANGERS = (
    "nina", "head", "branch_head", "secretary", "admin", "maria", "svetlana", "petya_father",
    "no_consent", "other_guardian", "stranger", "other_head",
)  # fmt: skip


@pytest.mark.parametrize("who", STRANGERS)
def test_reason_and_file_are_not_there_for_others(
    client_of: Any, cast: Cast, media: Any, who: str
) -> None:
    upload = SimpleUploadedFile("заявление.txt", FILE.encode())
    report = told(client_of, cast, comment="Кашель", file=upload)
    browser = client_of(who)
    assert browser.get(desk(cast)).status_code == 404
    for part in ("file/", "accept/", "decline/"):
        send = browser.get if part == "file/" else browser.post
        assert send(desk(cast, f"{report.pk}/{part}")).status_code == 404
    assert browser.get(place(cast, f"{report.pk}/file/")).status_code == 404
    assert browser.post(place(cast, f"{report.pk}/withdraw/")).status_code == 404
    page = words(browser.get(place(cast, "")))
    assert "Кашель" not in page
    assert "18–20 ноября" not in page
    assert not AbsenceReport.objects.visible_to(cast.user(who)).exists()


def test_the_class_teacher_reads_the_file(client_of: Any, cast: Cast, media: Any) -> None:
    upload = SimpleUploadedFile("заявление.txt", FILE.encode())
    report = told(client_of, cast, comment="Кашель", file=upload)
    assert "Болезнь: Кашель" in words(client_of("ivan").get(desk(cast)))
    sent = client_of("ivan").get(desk(cast, f"{report.pk}/file/"))
    assert b"".join(sent.streaming_content).decode() == FILE
    other = desk(cast, f"{report.pk}/file/", name="5Б")
    assert client_of("svetlana").get(other).status_code == 404


def test_without_the_scope_of_the_school_no_report_is_there(client_of: Any, cast: Cast) -> None:
    told(client_of, cast)
    assert AbsenceReport.objects.count() == 1
    with scope([OTHER_ID]):
        assert not AbsenceReport.objects.exists()
        assert not AbsenceReport.objects.visible_to(User.objects.get(login="ivan")).exists()
    with scope([]):
        assert not AbsenceReport.objects.exists()


def test_reports_cannot_be_told_before_today_by_the_school_s_own_clock(
    client_of: Any, cast: Cast, clock: Any
) -> None:
    clock.move_to(datetime(2026, 11, 25, 21, 30, tzinfo=UTC))  # the 26th in Moscow
    assert tell(client_of, cast).status_code == 422
    assert tell(client_of, cast, since="2026-11-19").status_code == 302
