"""The API says what the pages say, and refuses what they refuse."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client
from rest_framework.authtoken.models import Token

from diary.models import Acknowledgement
from journal.models import Mark
from tests.cast import PASSWORD, Cast
from tests.diary.test_week import give

WEEK = "2026-W47"


def post(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def cell(cast: Cast, value: str, rev: int = 0) -> dict[str, object]:
    lesson, pupil = cast.lesson("algebra"), cast.pupils["olya"]
    return {"pupil": str(pupil.pk), "lesson": str(lesson.pk), "value": value, "rev": rev}


def cells_address(cast: Cast, course: str = "algebra") -> str:
    return f"/api/v1/courses/{cast.courses[course].pk}/cells/"


def week_address(cast: Cast, pupil: str = "olya") -> str:
    return f"/api/v1/children/{cast.pupils[pupil].pk}/weeks/{WEEK}/"


def test_a_mark_saved_by_the_api_is_read_by_the_family(cast: Cast, client_of: Any) -> None:
    answer = post(
        client_of("maria"), cells_address(cast), {"op": str(uuid4()), "cells": [cell(cast, "5")]}
    )
    assert answer.status_code == 200
    assert [c["state"] for c in answer.json()["cells"]] == ["ok"]
    week = client_of("olya_mother").get(week_address(cast)).json()
    marks = [m["value"] for d in week["days"] for lesson in d["lessons"] for m in lesson["marks"]]
    assert marks == ["5"]


def test_the_forecast_of_the_api_is_that_of_the_page(cast: Cast, client_of: Any) -> None:
    give(cast, "olya", cast.lesson("algebra"), "5")
    mother, olya = client_of("olya_mother"), cast.pupils["olya"].pk
    said = mother.get(f"/api/v1/children/{olya}/marks/").json()["subjects"][0]["forecast"]
    shown = mother.get(f"/diary/{olya}/marks/").context["page"].subjects[0].forecast
    assert said["note"] == shown.note == "мало отметок"


def test_a_repeated_operation_gets_the_first_answer(cast: Cast, client_of: Any) -> None:
    body = {"op": str(uuid4()), "cells": [cell(cast, "4")]}
    client = client_of("maria")
    first, second = (post(client, cells_address(cast), body) for _ in range(2))
    assert first.json() == second.json()
    assert Mark.objects.count() == 1


def test_the_journal_is_read_by_who_keeps_it(cast: Cast, client_of: Any) -> None:
    post(client_of("maria"), cells_address(cast), {"op": str(uuid4()), "cells": [cell(cast, "5")]})
    address = f"/api/v1/courses/{cast.courses['algebra'].pk}/"
    sheet = client_of("maria").get(address).json()
    row = next(row for row in sheet["rows"] if row["pupil_id"] == str(cast.pupils["olya"].pk))
    assert [c["value"] for c in row["cells"]] == ["5"]
    assert client_of("stranger").get(address).status_code == 404
    assert client_of("olya_mother").get(address).status_code == 404
    assert client_of("nina").get(address).json()["can_edit"] is False


def test_a_reader_may_not_write(cast: Cast, client_of: Any) -> None:
    answer = post(
        client_of("nina"), cells_address(cast), {"op": str(uuid4()), "cells": [cell(cast, "5")]}
    )
    assert answer.status_code == 403 or {c["state"] for c in answer.json()["cells"]} == {
        "forbidden"
    }
    assert Mark.objects.count() == 0


def test_acknowledgement_is_the_pages_own(cast: Cast, client_of: Any) -> None:
    client = client_of("olya_mother")
    week = client.get(week_address(cast)).json()
    body = {"section": "timetable", "version": week["version"]}
    answer = post(client, week_address(cast) + "acknowledgements/", body)
    assert answer.status_code == 200
    assert [bool(g["at"]) for g in answer.json()["guardians"] if g["is_reader"]] == [True]
    assert Acknowledgement.objects.count() == 1


def test_a_stale_version_is_a_problem_with_a_code(cast: Cast, client_of: Any) -> None:
    body = {"section": "timetable", "version": "0" * 64}
    answer = post(client_of("olya_mother"), week_address(cast) + "acknowledgements/", body)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "status", "code", "title"}
    assert Acknowledgement.objects.count() == 0


def test_strangers_do_not_learn_that_a_child_exists(cast: Cast, client_of: Any) -> None:
    for name in ("petya_father", "other_guardian", "maria", "stranger", "admin"):
        assert client_of(name).get(week_address(cast)).status_code == 404, name
    assert Client().get(week_address(cast)).status_code == 401


def test_a_token_signs_in(cast: Cast) -> None:
    client = Client()
    answer = post(client, "/api/v1/token/", {"login": "olya_mother", "password": PASSWORD})
    assert answer.status_code == 200
    key = answer.json()["token"]
    week = client.get(week_address(cast), headers={"Authorization": f"Token {key}"})
    assert week.status_code == 200
    assert (
        client.get(week_address(cast), headers={"Authorization": "Token nonsense"}).status_code
        == 401
    )


def test_a_wrong_password_gets_no_token(cast: Cast) -> None:
    answer = post(Client(), "/api/v1/token/", {"login": "olya_mother", "password": "wrong"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "wrong_password"
    assert Token.objects.count() == 0


def test_a_blocked_account_loses_its_token(cast: Cast) -> None:
    user = cast.user("olya_mother")
    token = Token.objects.create(user=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    answer = Client().get(week_address(cast), headers={"Authorization": f"Token {token.key}"})
    assert answer.status_code == 401


def test_nonsense_is_refused_in_words(cast: Cast, client_of: Any) -> None:
    client = client_of("maria")
    answer = post(client, cells_address(cast), {"op": "x", "cells": []})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    broken = client.post(cells_address(cast), "{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "parse_error")


def test_the_description_for_people_names_every_operation(cast: Cast) -> None:
    page = Client().get("/api/docs/").content.decode()
    assert page.count("/api/v1/") >= 9
