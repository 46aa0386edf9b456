"""The morning: absentees with reason, eaters, notes for a range of dates; nothing is lost between two."""

import threading
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connections
from django.test import Client
from django.urls import reverse

from journal.actions import save_cells
from journal.models import Absence, AbsenceNote, MealCount
from journal.queries import course_facts
from journal.sheet import CellEntry
from people.models import Person, Pupil
from people.scope import scope
from school.models import Membership
from tests.cast import ALL_SCHOOLS, NOW, SEPTEMBER, TODAY, Cast
from tests.journal.world import settle

TUESDAY = date(2026, 11, 17)


def write(
    cast: Cast,
    who: str,
    course: str,
    value: str,
    *,
    pupil: str = "olya",
    day: date = TODAY,
    now: datetime = NOW,
) -> Any:
    """Type a value into a cell as a teacher does, over what stands there."""
    by = cast.user(who)
    facts = course_facts(by, cast.courses[course].pk, today=TODAY)
    lesson, kid = cast.lesson(course, day), cast.pupils[pupil]
    rev = sum(Absence.objects.filter(lesson=lesson, pupil=kid).values_list("rev", flat=True))
    entry = CellEntry(kid.pk, lesson.pk, value, rev=rev)
    (cell,) = save_cells(by=by, course=facts, op=uuid4(), entries=[entry], now=now).cells
    return cell


def letters(cast: Cast, pupil: str = "olya", day: date = TODAY) -> dict[str, str]:
    """The letters of a pupil's day by course."""
    names = {course.pk: name for name, course in cast.courses.items()}
    found = Absence.objects.filter(pupil=cast.pupils[pupil], lesson__day=day).select_related(
        "lesson"
    )
    return {names[one.lesson.course_id]: one.get_code_display() for one in found}


def form(cast: Cast, states: dict[str, tuple[str, str]], **more: str) -> dict[str, str]:
    """The class teacher's form: (what stood there, what is chosen) by pupil; the others are present."""
    body = {}
    for name in ("olya", "petya", "vitya", "timur"):
        seen, chosen = states.get(name, ("", ""))
        body |= {f"was-{cast.pupils[name].pk}": seen, f"state-{cast.pupils[name].pk}": chosen}
    return body | more


def url_of(cast: Cast, name: str = "journal:class_day") -> str:
    return reverse(name, args=[cast.classes["7А"].pk])


def words(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " "))


EVERY = {"algebra": "б", "physics": "б", "russian": "б"}


def test_the_class_teacher_s_letter_stands_in_every_lesson_of_the_day(
    cast: Cast, client_of: Any
) -> None:
    answer = client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "б")}, eaters="3"))
    assert answer.status_code == 302
    assert letters(cast) == EVERY
    assert MealCount.objects.get(school_class=cast.classes["7А"]).eaters == 3
    assert letters(cast, day=TUESDAY) == {}


def test_from_a_lesson_on_and_late_to_the_first_one(cast: Cast, client_of: Any) -> None:
    body = form(cast, {"olya": ("", "у"), "petya": ("", "о")})
    body[f"from-{cast.pupils['olya'].pk}"] = "2"
    client_of("ivan").post(url_of(cast), body)
    assert letters(cast) == {"physics": "у", "russian": "у"}
    assert letters(cast, "petya") == {"algebra": "о"}


def test_a_teacher_s_letter_is_explained_and_another_s_reason_is_not_overwritten(
    cast: Cast, client_of: Any
) -> None:
    write(cast, "maria", "algebra", "н")
    ivan = client_of("ivan")
    ivan.post(url_of(cast), form(cast, {"olya": ("*", "б")}))
    assert letters(cast) == EVERY
    answer = ivan.post(url_of(cast), form(cast, {"olya": ("", "у")}), follow=True)
    assert letters(cast) == EVERY
    assert "изменил другой" in words(answer)


def test_untouched_rows_stay_whatever_was_written_meanwhile(cast: Cast, client_of: Any) -> None:
    write(cast, "maria", "algebra", "н", pupil="petya")
    client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "б")}))
    assert letters(cast, "petya") == {"algebra": "н"}


def test_a_lesson_with_a_mark_was_attended(cast: Cast, client_of: Any) -> None:
    write(cast, "maria", "algebra", "5")
    answer = client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "н")}), follow=True)
    assert letters(cast) == {"physics": "н", "russian": "н"}
    assert "урок остался как посещённый" in words(answer)


def test_the_same_form_twice_changes_nothing_more(cast: Cast, client_of: Any) -> None:
    ivan, body = client_of("ivan"), form(cast, {"olya": ("", "б")}, eaters="3")
    ivan.post(url_of(cast), body)
    before = list(Absence.objects.order_by("pk").values_list("pk", "rev"))
    ivan.post(url_of(cast), body)
    assert list(Absence.objects.order_by("pk").values_list("pk", "rev")) == before


@pytest.mark.parametrize("eaters", ["5", "-1", "сто"])
def test_impossible_eaters_are_refused_and_nothing_is_lost(
    cast: Cast, client_of: Any, eaters: str
) -> None:
    answer = client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "б")}, eaters=eaters))
    assert answer.status_code == 422
    assert f'value="{eaters}"' in words(answer)
    assert letters(cast) == {}


def test_only_the_class_teacher_writes_reasons_and_a_head_the_eaters(
    cast: Cast, client_of: Any
) -> None:
    answer = client_of("nina").post(url_of(cast), form(cast, {"olya": ("", "б")}, eaters="4"))
    assert answer.status_code == 302
    assert letters(cast) == {}
    assert MealCount.objects.get().eaters == 4
    assert client_of("maria").get(url_of(cast)).status_code == 404
    assert client_of("secretary").get(url_of(cast)).status_code == 404


# The school's page


def test_the_school_sees_absentees_reasons_eaters_and_who_is_silent(
    cast: Cast, client_of: Any
) -> None:
    write(cast, "maria", "algebra", "о", pupil="petya")
    client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "б")}, eaters="2"))
    page = words(client_of("nina").get(reverse("journal:morning")))
    assert "Ёлкина О. В." in page
    assert "уроки 1–3" in page
    assert "Петров П. С." in page
    assert "Ещё не сообщили: 1 класс" in page  # 5Б
    assert "нет записей с 11:30" in page


def test_the_office_counts_for_the_canteen_without_names_and_reasons(
    cast: Cast, client_of: Any
) -> None:
    client_of("ivan").post(url_of(cast), form(cast, {"olya": ("", "б")}, eaters="2"))
    page = words(client_of("secretary").get(reverse("journal:morning")))
    assert "Ёлкина" not in page
    assert "едят, по сообщениям классов" in page
    assert "7А" in page


def test_a_class_teacher_sees_her_class_alone(cast: Cast, client_of: Any) -> None:
    page = words(client_of("svetlana").get(reverse("journal:morning")))
    assert "5Б" in page
    assert "7А" not in page
    assert client_of("maria").get(reverse("journal:morning")).status_code == 403


@pytest.mark.parametrize("pupils", [4, 24])
def test_the_morning_costs_the_same_whatever_the_school(
    cast: Cast, client_of: Any, django_assert_num_queries: Any, pupils: int
) -> None:
    for number in range(pupils - 4):
        person = Person.objects.create(
            school=cast.school, last_name=f"Новиков{number}", first_name="Артём", sex="m"
        )
        pupil = Pupil.objects.create(person=person, school=cast.school)
        Membership.objects.create(
            school=cast.school, group=cast.extras["group:7А"], pupil=pupil, since=SEPTEMBER
        )
        Absence.objects.create(
            year=2026, school=cast.school, lesson=cast.lesson("physics"), pupil=pupil, code="absent",
            set_by=cast.users["ivan"], set_at=NOW,
        )  # fmt: skip
    settle()
    nina = client_of("nina")
    nina.get(reverse("journal:morning"))
    with django_assert_num_queries(12):
        nina.get(reverse("journal:morning"))


# Notes


NOTE = {"since": "2026-11-16", "until": "2026-11-20", "reason": "ill", "document": "Справка № 215"}


def note(cast: Cast, client_of: Any, who: str = "ivan", **changed: str) -> Any:
    body = NOTE | {"pupil": str(cast.pupils["olya"].pk)} | changed
    return client_of(who).post(url_of(cast, "journal:absence_notes"), body)


def test_every_lesson_of_the_dates_takes_the_reason_now_and_later(
    cast: Cast, client_of: Any
) -> None:
    write(cast, "maria", "algebra", "н", day=TUESDAY)
    write(cast, "maria", "algebra", "о", day=date(2026, 11, 16))
    write(cast, "maria", "algebra", "н", day=date(2026, 11, 13))
    assert note(cast, client_of).status_code == 302
    assert letters(cast, day=TUESDAY) == {"algebra": "б"}
    assert Absence.objects.get(lesson=cast.lesson("algebra", TUESDAY)).reason == "Справка № 215"
    assert letters(cast, day=date(2026, 11, 16)) == {"algebra": "о"}
    assert letters(cast, day=date(2026, 11, 13)) == {"algebra": "н"}
    cell = write(cast, "maria", "algebra", "н")
    assert (cell.state, cell.value) == ("ok", "б")  # the grid is told the truth at once
    assert letters(cast) == {"algebra": "б"}


def test_who_was_late_and_brought_a_note_for_the_day_stands_in_one_list(
    cast: Cast, client_of: Any
) -> None:
    write(cast, "maria", "algebra", "о")
    assert note(cast, client_of).status_code == 302
    page = BeautifulSoup(client_of("nina").get(reverse("journal:morning")).content, "html.parser")
    row = next(row for row in page.select("table.morning tbody tr") if "7А" in row.th.text)  # type: ignore[union-attr]
    assert row.text.count("Ёлкина О. В.") == 1
    cell = {str(td.get("data-label")): " ".join(td.text.split()) for td in row.select("td")}
    assert (cell["Отсутствуют"], cell["Присутствуют"]) == ("нет", "4")
    assert "Ёлкина О. В." in cell["Опоздали"]


def test_a_note_taken_away_gives_back_what_stood_before(cast: Cast, client_of: Any) -> None:
    write(cast, "ivan", "physics", "у", day=TUESDAY)
    write(cast, "maria", "algebra", "н", day=TUESDAY)
    note(cast, client_of)
    write(cast, "maria", "algebra", "н")
    settle()
    assert letters(cast, day=TUESDAY) == {"physics": "б", "algebra": "б"}
    found = AbsenceNote.objects.get()
    answer = client_of("ivan").post(
        reverse("journal:absence_note_remove", args=[found.pk]), follow=True
    )
    assert "Прежняя запись вернулась: 3 пропуска" in words(answer)
    assert letters(cast, day=TUESDAY) == {"physics": "у", "algebra": "н"}
    assert letters(cast) == {"algebra": "н"}
    assert not AbsenceNote.objects.exists()


@pytest.mark.parametrize("document", ["Справка № 215", "Справка № 215, исправлена"])
def test_a_corrected_note_moves_with_its_dates(cast: Cast, client_of: Any, document: str) -> None:
    for day in (date(2026, 11, 13), TUESDAY, TODAY):
        write(cast, "maria", "algebra", "н", day=day)
    note(cast, client_of)
    found = AbsenceNote.objects.get()
    body = {
        "pupil": str(cast.pupils["olya"].pk), "since": "2026-11-12", "until": "2026-11-17",
        "reason": "excused", "document": document,
    }  # fmt: skip
    client_of("ivan").post(reverse("journal:absence_note", args=[found.pk]), body)
    assert letters(cast, day=date(2026, 11, 13)) == {"algebra": "у"}
    assert letters(cast, day=TUESDAY) == {"algebra": "у"}
    assert letters(cast) == {"algebra": "н"}
    client_of("ivan").post(reverse("journal:absence_note_remove", args=[found.pk]))
    assert letters(cast, day=TUESDAY) == {"algebra": "н"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"until": "2026-11-10"}, "Последний день раньше первого"),
        ({"since": "2025-11-10"}, "одного учебного года"),
        ({"document": ""}, "Обязательное поле"),
        ({"reason": "absent"}, "Выберите корректный вариант"),
    ],
)
def test_a_note_that_cannot_be_is_refused(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    answer = note(cast, client_of, **changed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not AbsenceNote.objects.exists()


def test_two_notes_for_the_same_days_are_refused(cast: Cast, client_of: Any) -> None:
    note(cast, client_of)
    answer = note(cast, client_of, since="2026-11-20", until="2026-11-25")
    assert answer.status_code == 422
    assert "уже есть справка" in words(answer)


def test_notes_are_the_class_teacher_s(cast: Cast, client_of: Any) -> None:
    assert note(cast, client_of, "nina").status_code == 403
    assert note(cast, client_of, "maria").status_code == 404
    assert note(cast, client_of, "svetlana").status_code == 404


# Two at once


def sent_by(who: str, cast: Cast, url: str, answers: list[int], **sent: Any) -> threading.Thread:
    """A person who sends something from a browser of her own."""
    client = Client()
    with scope(ALL_SCHOOLS):
        user = cast.user(who)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def run() -> None:
        try:
            answers.append(client.post(url, **sent).status_code)
        finally:
            connections.close_all()

    return threading.Thread(target=run)


@pytest.mark.slow
@pytest.mark.parametrize("teacher_first", [True, False])
def test_a_letter_typed_while_the_note_is_registered_takes_its_reason(
    committed_cast: Cast, teacher_first: bool
) -> None:
    """Whoever comes second waits for the lesson's lock, and sees what the first wrote."""
    cast, lesson = committed_cast, committed_cast.lesson("algebra", TUESDAY)
    cell = {"pupil": str(cast.pupils["olya"].pk), "lesson": str(lesson.pk), "value": "н", "rev": 0}
    cells = reverse("journal:cells", args=[cast.courses["algebra"].pk])
    notes = url_of(cast, "journal:absence_notes")
    for _ in range(5):
        with scope(ALL_SCHOOLS):
            Absence.objects.all().delete()
            AbsenceNote.objects.all().delete()
        answers: list[int] = []
        body = {"op": str(uuid4()), "cells": [cell]}
        threads = [
            sent_by("maria", cast, cells, answers, data=body, content_type="application/json"),
            sent_by("ivan", cast, notes, answers, data=NOTE | {"pupil": cell["pupil"]}),
        ]
        for thread in threads if teacher_first else reversed(threads):
            thread.start()
        for thread in threads:
            thread.join()
        with scope(ALL_SCHOOLS):
            (absence,) = Absence.objects.filter(lesson=lesson)
            assert (absence.code, absence.reason) == ("ill", "Справка № 215")
        assert sorted(answers) == [200, 302]


def test_the_deadline_is_the_school_s(cast: Cast, client_of: Any) -> None:
    client_of("nina").post(
        reverse("journal:norm_group", args=["attendance"]),
        {"morning_deadline": "10:15", "absence_print_absent": "н", "since": TODAY.isoformat()},
    )
    assert "Срок сообщения — 10:15" in words(client_of("nina").get(reverse("journal:morning")))
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    page = words(client_of("nina").get(reverse("journal:morning"), {"day": yesterday}))
    assert "Срок сообщения — 9:30" in page


# Notes for lessons of one day

PARTLY = {"until": "2026-11-16", "first_lesson": "1", "last_lesson": "2", "reason": "excused"}
SIXTEENTH = date(2026, 11, 16)


def test_a_note_for_lessons_gives_its_reason_to_them_alone(cast: Cast, client_of: Any) -> None:
    for course in ("algebra", "russian"):
        write(cast, "maria" if course == "algebra" else "svetlana", course, "н", day=SIXTEENTH)
    assert note(cast, client_of, **PARTLY).status_code == 302
    write(cast, "ivan", "physics", "н", day=SIXTEENTH)
    assert letters(cast, day=SIXTEENTH) == {"algebra": "у", "physics": "у", "russian": "н"}
    settle()
    found = AbsenceNote.objects.get()
    one = PARTLY | {"since": "2026-11-16", "first_lesson": "", "document": NOTE["document"]}
    body = one | {"pupil": str(cast.pupils["olya"].pk)}
    client_of("ivan").post(reverse("journal:absence_note", args=[found.pk]), body)
    assert letters(cast, day=SIXTEENTH) == {"algebra": "н", "physics": "у", "russian": "н"}
    client_of("ivan").post(reverse("journal:absence_note_remove", args=[found.pk]))
    assert set(letters(cast, day=SIXTEENTH).values()) == {"н"}


def test_notes_of_other_lessons_of_the_day_stand_side_by_side(cast: Cast, client_of: Any) -> None:
    note(cast, client_of, **PARTLY)
    assert note(cast, client_of, **PARTLY | {"last_lesson": "1"}).status_code == 422
    answer = note(cast, client_of, **PARTLY | {"first_lesson": "3", "last_lesson": "3"})
    assert answer.status_code == 302
    answer = note(cast, client_of, until="2026-11-17")
    assert "16\u00a0ноября, уроки 1–2".replace("\u00a0", " ") in words(answer)
    assert AbsenceNote.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"until": "2026-11-17"}, "Уроки указывают для одного дня"),
        ({"first_lesson": "3"}, "Последний урок раньше первого"),
    ],
)
def test_lessons_that_cannot_be_are_refused(
    cast: Cast, client_of: Any, changed: dict[str, str], sentence: str
) -> None:
    answer = note(cast, client_of, **PARTLY | changed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not AbsenceNote.objects.exists()


def test_a_pupil_with_a_note_for_some_lessons_is_not_absent_the_whole_day(
    cast: Cast, client_of: Any
) -> None:
    today = {"since": TODAY.isoformat(), "until": TODAY.isoformat()}
    note(cast, client_of, **PARTLY | today)
    nina = client_of("nina")
    answer = nina.get(reverse("journal:morning"))
    assert "по справке: уроки 1–2" in words(answer)
    assert answer.context["morning"].absent == 0
    AbsenceNote.objects.all().delete()
    note(cast, client_of, **today)
    assert nina.get(reverse("journal:morning")).context["morning"].absent == 1
