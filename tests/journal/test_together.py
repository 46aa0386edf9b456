"""Two people at once: committed, in threads, as in production."""

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from journal.models import Mark, Operation
from people.scope import scope
from tests.cast import ALL_SCHOOLS, Cast


def browser(cast: Cast, who: str = "maria") -> Client:
    client = Client()
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, cast: Cast, cells: list[tuple[str, str, UUID]], op: UUID) -> Any:
    body = {
        "op": str(op),
        "cells": [
            {"pupil": str(cast.pupils[name].pk), "lesson": str(lesson), "value": value, "rev": 0}
            for name, value, lesson in cells
        ],
    }
    place = f"/journal/{cast.courses['algebra'].pk}/cells"
    answer = client.post(place, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def together(*calls: Any) -> list[Any]:
    """Run the calls in threads that start at one moment, each with its own connection."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int, call: Any) -> None:
        try:
            start.wait()
            answers[place] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_two_who_write_one_cell_one_gets_a_conflict(committed_cast: Cast) -> None:
    cast = committed_cast
    lesson = cast.lesson("algebra").pk
    first, second = browser(cast), browser(cast)
    answers = together(
        lambda: send(first, cast, [("olya", "4", lesson)], uuid4()),
        lambda: send(second, cast, [("olya", "2", lesson)], uuid4()),
    )
    cells = [body["cells"][0] for _, body in answers]
    assert sorted(cell["state"] for cell in cells) == ["conflict", "ok"]
    (winner,) = (cell["value"] for cell in cells if cell["state"] == "ok")
    (loser,) = (cell for cell in cells if cell["state"] == "conflict")
    assert loser["value"] == winner
    with scope(ALL_SCHOOLS):
        assert Mark.objects.get().value == winner


def test_one_operation_sent_twice_at_once_is_written_once(committed_cast: Cast) -> None:
    cast, op = committed_cast, uuid4()
    lesson = cast.lesson("algebra").pk
    clients = [browser(cast) for _ in range(3)]
    calls = [
        lambda c=c: send(c, cast, [("olya", "5", lesson), ("petya", "4", lesson)], op)
        for c in clients
    ]
    answers = together(*calls)
    assert answers[0][0] == 200
    assert answers[0] == answers[1] == answers[2]
    with scope(ALL_SCHOOLS):
        assert (Mark.objects.count(), Operation.objects.count()) == (2, 1)


def test_saves_that_name_lessons_in_opposite_order_do_not_wait_for_each_other(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    days = sorted(day for name, day in cast.lessons if name == "algebra")[3:9]
    lessons = [cast.lesson("algebra", day).pk for day in days]
    one, other = browser(cast), browser(cast)
    for _ in range(3):
        answers = together(
            lambda: send(one, cast, [("olya", "5", lesson) for lesson in lessons], uuid4()),
            lambda: send(
                other, cast, [("petya", "4", lesson) for lesson in reversed(lessons)], uuid4()
            ),
        )
        assert [status for status, _ in answers] == [200, 200]


@pytest.mark.clause("S4")
def test_what_is_saved_is_committed_when_it_is_answered(committed_cast: Cast) -> None:
    cast = committed_cast
    status, body = send(browser(cast), cast, [("olya", "5", cast.lesson("algebra").pk)], uuid4())
    assert (status, body["cells"][0]["state"]) == (200, "ok")
    connection.close()
    with scope(ALL_SCHOOLS):
        mother = cast.user("olya_mother")
        assert Mark.objects.visible_to(mother).get().value == "5"
