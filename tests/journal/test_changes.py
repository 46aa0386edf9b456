"""What a poll of an open grid is told: every change, late or erased, and who else is there."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from journal.models import Mark, Presence
from journal.sheet import NOTE
from tests.cast import TODAY
from tests.journal.world import big_course


@pytest.fixture
def address(cast):
    return f"/journal/{cast.courses['algebra'].pk}/"


@pytest.fixture
def ask(client_of, address):
    """`ask("ivan", token)` is what his browser is told."""
    return lambda who, since="": client_of(who).get(f"{address}changes?since={since}").json()


@pytest.fixture
def write(client_of, address, cast):
    """`write("5")` writes Оля's cell of today's lesson, over whatever stands there."""
    lesson, pupil = cast.lessons["algebra", TODAY], cast.pupils["olya"]

    def send(value, rev=0):
        cell = {"pupil": str(pupil.pk), "lesson": str(lesson.pk), "value": value, "rev": rev}
        body = json.dumps({"op": str(uuid4()), "cells": [cell]})
        answer = client_of("maria").post(f"{address}cells", body, content_type="application/json")
        return answer.json()["cells"][0]

    return send


def olya(answer, cast):
    """Return Оля's cell of today as the answer has it."""
    lesson, pupil = str(cast.lessons["algebra", TODAY].pk), str(cast.pupils["olya"].pk)
    for place, number, *cell in answer["cells"]:
        if (answer["lessons"][place], answer["pupils"][number]) == (lesson, pupil):
            return cell
    return None


def test_nothing_new_is_said_in_a_few_bytes(ask, write):
    write("5")
    first = ask("ivan")
    assert sorted(first) == [
        "averages", "cells", "lessons", "now", "present", "pupils", "token",
    ]  # fmt: skip
    again = ask("ivan", first["token"])
    assert sorted(again) == ["now", "present", "token"]
    assert again["token"].split(".")[0] == first["token"].split(".")[0]
    assert len(json.dumps(again)) < 200


def test_a_change_comes_with_its_author_and_the_averages(ask, write, cast):
    token = ask("ivan")["token"]
    told = write("4/5")
    answer = ask("ivan", token)
    text, rev, flags, said = olya(answer, cast)
    assert (text, rev, flags) == ("4/5", told["rev"], 0)
    assert said.startswith("Кузнецова М. П., ")
    assert ["4,50", "4,50"] in answer["averages"]


def test_an_erased_mark_and_a_comment_are_changes_too(ask, write, cast):
    write("5")
    token = ask("ivan")["token"]
    Mark.objects.filter(pupil=cast.pupils["olya"]).update(comment="Решила сама")
    answer = ask("ivan", token)
    _, rev, flags, _ = olya(answer, cast)
    assert flags == NOTE
    assert write("", rev)["state"] == "ok"
    answer = ask("ivan", answer["token"])
    assert answer["cells"] is not None
    assert olya(answer, cast) is None


def test_a_revision_that_was_committed_late_is_not_overlooked(ask, write, cast):
    """A smaller revision than those already seen: «everything above N» would never show it."""
    write("5")
    token = ask("ivan")["token"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_mark SET value = '3', score = 3, rev = 1 WHERE pupil_id = %s",
                       [cast.pupils["olya"].pk])  # fmt: skip
        cursor.execute("SELECT rev FROM journal_mark WHERE pupil_id = %s", [cast.pupils["olya"].pk])
    assert olya(ask("ivan", token), cast)[0] == "3"


def test_who_has_the_journal_open_is_told_for_a_minute(ask, cast, clock):
    assert ask("maria")["present"] == []
    assert ask("ivan")["present"] == ["Кузнецова М. П."]
    assert len(ask("maria")["present"]) == 1
    assert ask("nina")["present"] == ["Кузнецова М. П.", "Орлов И. С."]
    clock.shift(timedelta(seconds=61))
    assert ask("maria")["present"] == []
    ask("maria")
    assert Presence.objects.filter(user=cast.user("maria")).count() == 1


@pytest.mark.parametrize(("pupils", "lessons"), [(2, 3), (30, 20)])
def test_a_poll_costs_the_same_whatever_the_size(
    cast, client_of, django_assert_num_queries, pupils, lessons
):
    big_course(cast, pupils=pupils, lessons=lessons)
    client = client_of("ivan")
    address = f"/journal/{cast.courses['physics'].pk}/changes?since="
    token = client.get(address).json()["token"]
    with django_assert_num_queries(10):
        client.get(f"{address}{token}")
    with django_assert_num_queries(15):
        client.get(address)


@pytest.mark.parametrize("token", ["x.99999999999999", "x.²", f"x.{'9' * 5000}", "."])
def test_a_token_that_nobody_gave_tells_everything(ask, write, cast, token):
    write("5")
    assert olya(ask("ivan", token), cast)[0] == "5"
