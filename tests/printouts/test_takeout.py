"""The family's own takeout: what the screen shows, and nothing that it does not."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import time_machine
from django.urls import reverse
from pypdf import PdfReader

from tests.cast import NOW, TODAY, Cast
from tests.diary.test_week import give


def opened(client: Any, cast: Cast, pupil: str = "olya") -> ZipFile:
    answer = client.get(f"/printouts/takeout/{cast.pupils[pupil].pk}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    return ZipFile(BytesIO(answer.content))


def test_the_archive_holds_the_same_facts_for_people_and_for_programs(
    cast: Cast, client_of: Any
) -> None:
    mark = give(
        cast, "olya", cast.lesson("algebra"), "5", title="Линейные уравнения", comment="Молодец"
    )
    give(cast, "petya", cast.lesson("algebra"), "2", work=mark.work, comment="Чужое")
    cast.lesson("russian").absences.create(
        year=2026, school=cast.school, pupil=cast.pupils["olya"], code="late", set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip
    cast.lesson("russian").homework.create(
        school=cast.school,
        year=2026,
        due_day=TODAY,
        text="Упр. 214",
        set_by=cast.users["maria"],
        set_at=NOW,
    )
    files = opened(client_of("olya_mother"), cast)
    assert files.namelist() == ["дневник.pdf", "дневник.json"]
    told = json.loads(files.read("дневник.json"))
    lessons = [
        lesson for week in told["weeks"] for day in week["days"] for lesson in day["lessons"]
    ]
    marks = [mark for lesson in lessons for mark in lesson["marks"]]
    assert [(mark["value"], mark["comment"]) for mark in marks] == [("5", "Молодец")]
    assert any(task["text"] == "Упр. 214" for lesson in lessons for task in lesson["given"])
    assert {lesson["absence"]["kind"] for lesson in lessons if lesson["absence"]} == {"late"}
    assert told["weeks"][0]["monday"] == "2026-08-31"
    text = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(files.read("дневник.pdf"))).pages
    )
    for said in ("Ёлкина", "Линейные уравнения", "Молодец", "опоздание"):
        assert said in text
    assert "Чужое" not in text + json.dumps(told, ensure_ascii=False)


def test_an_empty_diary_is_taken_too(cast: Cast, client_of: Any) -> None:
    files = opened(client_of("olya"), cast)
    assert json.loads(files.read("дневник.json"))["finals"]["rows"] is not None


def test_only_the_family_takes_it(cast: Cast, client_of: Any) -> None:
    address = f"/printouts/takeout/{cast.pupils['olya'].pk}/"
    for name in ("ivan", "maria", "nina", "head", "petya_father", "other_guardian"):
        assert client_of(name).get(address).status_code == 404


def test_the_next_archive_waits_half_a_minute(
    cast: Cast, client_of: Any, clock: time_machine.Traveller
) -> None:
    client = client_of("olya_mother")
    opened(client, cast)
    address = reverse("printouts:takeout", args=[cast.pupils["olya"].pk])
    refused = client.get(address, follow=True)
    assert "Следующий можно скачать через полминуты" in refused.content.decode()
    clock.shift(timedelta(seconds=31))
    assert client.get(address)["Content-Type"] == "application/zip"
