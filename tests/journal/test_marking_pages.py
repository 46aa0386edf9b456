"""The pages of debts, openings, unusual edits, bulk changes and criteria, as a browser without scripts sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from journal import actions, queries
from journal.models import (
    Criterion,
    CriterionPoints,
    Mark,
    Operation,
    Reopening,
    Scale,
    UnusualEdit,
    Work,
)
from journal.queries.criteria import mark_for
from journal.sheet import CellEntry
from tests.cast import NOW, TODAY, Cast
from tests.journal.test_saving import one
from tests.journal.world import big_course

OLD = TODAY - timedelta(days=15)
NIGHT = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_debt_is_listed_paid_and_put_off(cast: Cast, client_of: Any) -> None:
    cell = one(cast, "maria", "н .", day=TODAY - timedelta(days=1))
    one(cast, "maria", ".", pupil="petya")
    Mark.objects.filter(pupil=cast.pupils["olya"]).update(due_day=TODAY - timedelta(days=1))
    client, address = client_of("maria"), reverse("journal:debts")
    page = text_of(client.get(address))
    assert "Ёлкина Оля" in page
    assert "1 просрочен" in page
    rev = queries.cell_details(
        cast.user("maria"), cast.courses["algebra"].pk, today=TODAY,
        lesson_id=cast.lesson("algebra", TODAY - timedelta(days=1)).pk, pupil_id=cast.pupils["olya"].pk,
    ).rev  # fmt: skip
    sent = {
        "course": cast.courses["algebra"].pk, "lesson": cast.lesson("algebra", TODAY - timedelta(days=1)).pk,
        "pupil": cast.pupils["olya"].pk, "rev": rev, "text": cell.value,
    }  # fmt: skip
    later = (TODAY + timedelta(days=5)).isoformat()
    assert "Срок долга изменён" in text_of(client.post(address, sent | {"due": later}, follow=True))
    assert "Клетку изменили" in text_of(client.post(address, sent | {"value": "4"}, follow=True))
    rev = sum(Mark.objects.filter(pupil=cast.pupils["olya"]).values_list("rev", flat=True))
    absence = queries.cell_details(
        cast.user("maria"), cast.courses["algebra"].pk, today=TODAY,
        lesson_id=sent["lesson"], pupil_id=cast.pupils["olya"].pk,
    ).rev  # fmt: skip
    said = text_of(client.post(address, sent | {"value": "4", "rev": absence}, follow=True))
    assert "Записано: н 4." in said
    assert "Ёлкина Оля" not in said
    assert rev


def test_who_sees_which_debts(cast: Cast, client_of: Any) -> None:
    one(cast, "maria", ".")
    address = reverse("journal:debts")
    names = {who: "Ёлкина Оля" in text_of(client_of(who).get(address))
             for who in ("maria", "ivan", "svetlana", "nina", "stranger")}  # fmt: skip
    assert names == {
        "maria": True,
        "ivan": True,
        "svetlana": False,
        "nina": True,
        "stranger": False,
    }
    form = 'name="value"'
    assert form in text_of(client_of("maria").get(address))
    assert form not in text_of(client_of("ivan").get(address))
    assert form not in text_of(client_of("nina").get(address))
    other = cast.courses["physics"].pk
    assert "Долгов нет" in text_of(client_of("nina").get(f"{address}?course={other}"))


def test_the_panel_moves_a_debt_and_asks_for_a_locked_lesson(cast: Cast, client_of: Any) -> None:
    cell = one(cast, "maria", ".")
    client = client_of("maria")
    address = f"/journal/{cast.courses['algebra'].pk}/cell"
    which = {"pupil": cast.pupils["olya"].pk, "lesson": cast.lesson("algebra").pk}
    assert 'name="due"' in text_of(client.get(address, which))
    later = (TODAY + timedelta(days=9)).isoformat()
    sent = which | {"rev": cell.rev, "comment": "", "due": later}
    assert "срок долга записаны" in text_of(client.post(address, sent))
    assert Mark.objects.get().due_day.isoformat() == later
    wrong = which | {"rev": cell.rev, "comment": "", "due": "2020-01-01"}
    assert client.post(address, wrong).status_code == 422
    locked = which | {"lesson": cast.lesson("algebra", OLD).pk}
    assert "Запросить правку у завуча" in text_of(client.get(address, locked))


def test_a_lesson_is_asked_for_opened_closed_and_shown_to_the_teacher(
    cast: Cast, client_of: Any
) -> None:
    teacher, deputy = client_of("maria"), client_of("nina")
    course, lesson = cast.courses["algebra"].pk, cast.lesson("algebra", OLD).pk
    page = reverse("journal:lesson", args=[course, lesson])
    assert "Запросить правку у завуча" in text_of(teacher.get(page))
    sent = {"lesson": lesson, "reason": "Не внесла контрольную", "back": page}
    said = teacher.post(reverse("journal:ask_reopening", args=[course]), sent, follow=True)
    assert "Запрос отправлен завучу" in text_of(said)
    again = teacher.post(reverse("journal:ask_reopening", args=[course]), sent, follow=True)
    assert "уже запросили" in text_of(again)
    assert "правка запрошена" in text_of(teacher.get("/journal/"))
    listed = text_of(deputy.get(reverse("journal:reopenings")))
    assert "Не внесла контрольную" in listed
    asked = Reopening.objects.get()
    decide = reverse("journal:decide_reopening", args=[asked.pk])
    assert "Укажите причину" in text_of(deputy.post(decide, {"decision": "open"}, follow=True))
    decision = {"decision": "open", "day": TODAY.isoformat(), "reason": "Больничный"}
    assert teacher.post(decide, decision).status_code == 403
    assert "Урок открыт" in text_of(deputy.post(decide, decision, follow=True))
    asked.refresh_from_db()
    assert asked.until == datetime(2026, 11, 18, 20, 59, tzinfo=UTC)
    assert "открыт до 18 ноября, 23:59" in text_of(teacher.get("/journal/"))
    assert 'name="value_' in text_of(teacher.get(page))
    deputy.post(reverse("journal:close_reopening", args=[asked.pk]))
    asked.refresh_from_db()
    assert NOW < asked.until < NOW + timedelta(minutes=5)
    assert "открыт до" not in text_of(teacher.get("/journal/"))


def test_a_refusal_is_told_in_words(cast: Cast, client_of: Any) -> None:
    lesson = cast.lesson("algebra", OLD)
    asked = Reopening.objects.create(
        school=cast.school,
        lesson=lesson,
        person=cast.people["maria"],
        asked_at=NOW,
        asked_reason="Надо",
    )
    decide = reverse("journal:decide_reopening", args=[asked.pk])
    client_of("nina").post(decide, {"decision": "refuse", "reason": "Отчёт уже сдан"})
    assert "в правке отказано: Отчёт уже сдан" in text_of(client_of("maria").get("/journal/"))


def test_the_deputy_head_opens_a_lesson_from_its_journal(cast: Cast, client_of: Any) -> None:
    client = client_of("nina")
    address = reverse("journal:open_lesson", args=[cast.courses["algebra"].pk])
    assert "3\xa0ноября, 1-й урок" in client.get(address).content.decode()
    sent = {
        "lesson": cast.lesson("algebra", OLD).pk,
        "day": TODAY.isoformat(),
        "reason": "Проверка",
    }
    wrong = client.post(address, sent | {"person": cast.people["ivan"].pk})
    assert wrong.status_code == 422
    client.post(address, sent | {"person": cast.people["maria"].pk})
    assert one(cast, "maria", "5", day=OLD).state == "ok"
    assert client_of("maria").get(address).status_code == 403


def test_unusual_edits_are_shown_to_the_author_and_the_deputy_head(
    cast: Cast, client_of: Any
) -> None:
    entries = [CellEntry(cast.pupils["olya"].pk, cast.lesson("algebra").pk, "5", 0)]
    actions.save_cells(
        by=cast.user("maria"), op=uuid4(), entries=entries, now=NIGHT,
        course=queries.course_facts(cast.user("maria"), cast.courses["algebra"].pk, today=TODAY),
    )  # fmt: skip
    edit = UnusualEdit.objects.get()
    UnusualEdit.objects.update(at=NOW - timedelta(hours=1))
    address, answer = reverse("journal:unusual"), reverse("journal:answer_unusual", args=[edit.pk])
    assert "Запись ночью" in text_of(client_of("maria").get(address))
    assert "Необычных правок за месяц нет" in text_of(client_of("ivan").get(address))
    assert "Необычные правки от вашего имени" in text_of(client_of("maria").get("/journal/"))
    assert client_of("ivan").post(answer, {"answer": "me"}).status_code == 404
    said = client_of("maria").post(answer, {"answer": "not_me"}, follow=True)
    assert "Выйти на всех устройствах" in text_of(said)
    deputy = client_of("nina")
    assert "это не я" in text_of(deputy.get(address))
    deputy.post(answer, {"answer": "seen"})
    assert "Просмотрено: Соколова" in text_of(deputy.get(address))
    assert deputy.post(answer, {"answer": "what"}).status_code == 422


def test_the_last_bulk_changes_of_a_journal_and_the_way_back(cast: Cast, client_of: Any) -> None:
    lessons = big_course(cast, pupils=12, lessons=6)
    Mark.objects.exclude(lesson=lessons[-1]).delete()
    stood = dict(Mark.objects.values_list("pupil", "value"))
    cells = [
        {"pupil": str(m.pupil_id), "lesson": str(m.lesson_id), "value": "1", "rev": m.rev}
        for m in Mark.objects.all()
    ]
    client, course = client_of("ivan"), cast.courses["physics"].pk
    body = {"op": str(uuid4()), "cells": cells}
    client.post(f"/journal/{course}/cells", body, content_type="application/json")
    address = reverse("journal:operations", args=[course])
    assert "12 клеток" in text_of(client.get(address))
    operation = {"operation": Operation.objects.get(before__isnull=False).pk}
    deputy = client_of("nina")
    assert "Укажите причину" in text_of(deputy.post(address, operation, follow=True))
    said = text_of(client.post(address, operation, follow=True))
    assert "Возвращено клеток: 12" in said
    assert dict(Mark.objects.values_list("pupil", "value")) == stood
    assert client_of("maria").get(address).status_code in {403, 404}


@pytest.fixture
def work(cast: Cast) -> Work:
    one(cast, "maria", "3", pupil="petya")
    Scale.objects.filter(school=cast.school, code="five").update(
        by_points={"5": 90, "4": 70, "3": 50, "2": 0}
    )
    return Work.objects.get()


def test_a_work_is_judged_by_criteria(cast: Cast, client_of: Any, work: Work) -> None:
    client = client_of("maria")
    address = reverse("journal:criteria", args=[cast.courses["algebra"].pk, work.pk])
    sent = {"step": "criteria", "name": ["Ход решения", "Ответ", ""], "maximum": ["6", "4", ""]}
    assert "Критерии записаны" in text_of(client.post(address, sent, follow=True))
    first, second = Criterion.objects.order_by("number")

    def field(criterion: Criterion, pupil: str) -> str:
        return f"p_{criterion.pk}_{cast.pupils[pupil].pk}"

    points = {
        field(first, "olya"): "6", field(second, "olya"): "3", field(first, "petya"): "5",
        field(second, "petya"): "2", field(first, "vitya"): "5", field(second, "vitya"): "",
    }  # fmt: skip
    too_many = client.post(address, points | {field(second, "olya"): "5"}, follow=True)
    assert "от 0 до 4" in text_of(too_many)
    assert not CriterionPoints.objects.exists()
    assert "целые числа" in text_of(client.post(address, {field(first, "olya"): "x"}, follow=True))
    page = text_of(client.post(address, points, follow=True))
    assert "9 из 10" in page
    assert "90 %" in page
    said = text_of(client.post(address, points | {"step": "marks"}, follow=True))
    assert "Отметок поставлено: 2." in said
    marks = dict(Mark.objects.values_list("pupil__person__first_name", "value"))
    assert marks == {"Оля": "5", "Пётр": "4"}
    assert client_of("ivan").post(address, points).status_code == 403
    assert 'name="p_' not in text_of(client_of("ivan").get(address))


def test_points_become_a_mark_at_the_bound_itself() -> None:
    from_points = {"5": 90.0, "4": 70.0, "3": 50.0, "2": 0.0}
    found = [mark_for(total, 20, from_points) for total in (20, 18, 17, 10, 9, 0)]
    assert found == ["5", "5", "4", "3", "2", "2"]
    assert mark_for(0, 0, from_points) == ""


def test_the_form_asks_why_an_old_mark_changes_and_keeps_what_was_typed(
    cast: Cast, client_of: Any
) -> None:
    client = client_of("maria")
    address = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('algebra').pk}/"
    client.post(address, form_of(client, address, value_of(cast, "olya", "4")))
    Mark.objects.update(set_at=NOW - timedelta(days=5))
    sent = form_of(client, address, value_of(cast, "olya", "5"))
    refused = client.post(address, sent)
    page = BeautifulSoup(refused.content, "html.parser")
    assert refused.status_code == 422
    assert page.select_one("#reason")
    assert "Отметка стоит больше 3 дней" in page.text
    again = form_of(client, address, value_of(cast, "olya", "5"), page) | {
        "reason": "Ошиблась строкой"
    }
    assert client.post(address, again).status_code == 302
    assert Mark.objects.get().value == "5"


def test_minutes_beyond_sense_are_refused_in_the_form(cast: Cast, client_of: Any) -> None:
    client = client_of("maria")
    address = f"/journal/{cast.courses['algebra'].pk}/lessons/{cast.lesson('algebra').pk}/"
    sent = form_of(client, address, {"homework_minutes": "9" * 5000})
    assert client.post(address, sent).status_code == 422


def value_of(cast: Cast, pupil: str, value: str) -> dict[str, str]:
    return {f"value_{cast.pupils[pupil].pk}": value}


def form_of(
    client: Any, address: str, typed: dict[str, str], page: BeautifulSoup | None = None
) -> dict[str, str]:
    """Return what a browser sends: every field of the list as it stands, and what was typed."""
    page = page or BeautifulSoup(client.get(address).content, "html.parser")
    form = page.select_one("form[data-ed-lesson-form]")
    fields = {
        one["name"]: one.get("value", "")
        for one in form.select("input[name]")
        if one.get("type") != "file"
    }
    fields |= {one["name"]: one.text.strip() for one in form.select("textarea[name]")}
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        fields[select["name"]] = chosen["value"] if chosen else ""
    return fields | typed
