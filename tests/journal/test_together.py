"""Two people at once: committed, in threads, as in production."""

import json
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from journal import actions
from journal.actions.behaviour import PeriodEntry, set_behaviour
from journal.actions.councils import decide_council
from journal.actions.exams import Exam, ExamEntry, save_exam
from journal.models import BehaviourMark, CouncilDecision, ExamResult, Mark, Operation
from journal.queries import course_facts
from journal.queries.behaviour import behaviour
from journal.sheet import CellEntry
from people.models import Setting
from people.scope import scope
from school.models import Lesson
from tests.cast import ALL_SCHOOLS, NOW, SEPTEMBER, TODAY, Cast
from tests.journal import closing


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


def blocked() -> bool:
    """Say whether somebody waits for what our connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def meanwhile(call: Any) -> tuple[threading.Thread, list[Any]]:
    """Start the call on a connection of its own and come back when it waits for ours."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(call())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 15
    while not blocked() and time.monotonic() < until and thread.is_alive():
        time.sleep(0.02)
    return thread, answers


def save_topic(client: Client, cast: Cast, lesson: UUID) -> Any:
    """Write the record of a lesson and tell its topic afterwards."""
    course = cast.courses["algebra"].pk
    client.post(
        f"/journal/{course}/lessons/{lesson}/", {"topic": "Позже подписи", "op": str(uuid4())}
    )
    with scope(ALL_SCHOOLS):
        return Lesson.objects.get(pk=lesson).topic


def test_a_mark_that_waits_for_a_signature_finds_the_period_closed(committed_cast: Cast) -> None:
    cast = committed_cast
    lesson = cast.lesson("algebra").pk
    client = browser(cast)
    with scope(ALL_SCHOOLS):
        closing.put_all(cast)
        closing.sign(cast)
        thread, answers = meanwhile(lambda: send(client, cast, [("olya", "4", lesson)], uuid4()))
        assert not answers  # it waits: nobody has signed yet
    thread.join(30)
    ((_, body),) = answers
    assert body["cells"][0]["state"] == "locked"
    with scope(ALL_SCHOOLS):
        assert not Mark.objects.exists()


def test_a_topic_that_waits_for_a_signature_is_refused(committed_cast: Cast) -> None:
    cast = committed_cast
    lesson = cast.lesson("algebra").pk
    client = browser(cast)
    with scope(ALL_SCHOOLS):
        before = Lesson.objects.get(pk=lesson).topic
        closing.put_all(cast)
        closing.sign(cast)
        thread, answers = meanwhile(lambda: save_topic(client, cast, lesson))
        assert not answers
    thread.join(30)
    assert answers == [before]


def test_a_signature_waits_for_the_mark_that_is_being_written(committed_cast: Cast) -> None:
    cast = committed_cast
    lesson = cast.lesson("algebra")

    def sign() -> bool:
        with scope(ALL_SCHOOLS):
            closing.sign(cast)
            return Mark.objects.filter(lesson=lesson.pk).exists()

    with scope(ALL_SCHOOLS):
        closing.put_all(cast)
    with scope(ALL_SCHOOLS):
        maria = cast.user("maria")
        course = course_facts(maria, cast.courses["algebra"].pk, today=TODAY)
        entry = CellEntry(cast.pupils["olya"].pk, lesson.pk, "5", 0)
        actions.save_cells(by=maria, course=course, op=uuid4(), entries=[entry], now=NOW)
        thread, answers = meanwhile(sign)
        assert not answers
    thread.join(30)
    assert answers == [True]


def test_of_two_first_marks_of_behaviour_the_second_is_a_conflict(committed_cast: Cast) -> None:
    cast, client = committed_cast, browser(committed_cast, "ivan")
    with scope(ALL_SCHOOLS):
        Setting.objects.create(
            school=cast.school, key="behaviour_scale", value="levels", since=SEPTEMBER
        )
        ivan, school_class = cast.user("ivan"), cast.classes["7А"]
        page = behaviour(ivan, school_class.pk, None)
    olya = cast.pupils["olya"].pk
    address = f"/journal/behaviour/{school_class.pk}/"
    sent = {f"mark-{olya}": "неудовлетворительное", f"rev-{olya}": "0"}
    with scope(ALL_SCHOOLS):
        first = [PeriodEntry(olya, "образцовое", 0)]
        set_behaviour(by=ivan, page=page, entries=first, now=NOW)
        thread, answers = meanwhile(lambda: client.post(address, sent).status_code)
        assert not answers
    thread.join(30)
    assert answers == [422]
    with scope(ALL_SCHOOLS):
        assert BehaviourMark.objects.get().value == "образцовое"


def test_of_two_first_entries_of_an_exam_the_second_is_a_conflict(committed_cast: Cast) -> None:
    cast, client = committed_cast, browser(committed_cast, "nina")
    olya, day = cast.pupils["olya"].pk, TODAY - timedelta(days=1)
    exam = Exam(cast.courses["algebra"].subject_id, "interim", day)
    query = f"school_class={cast.classes['7А'].pk}&subject={exam.subject_id}&kind=interim&held_on={day}&scale=five"
    sent = {"obtained_at": "2026-11-18T10:00", f"value_{olya}": "3", f"rev_{olya}": "0"}
    with scope(ALL_SCHOOLS):
        save_exam(
            by=cast.user("nina"), school_class=cast.classes["7А"], exam=exam, obtained_at=NOW, now=NOW,
            entries=[ExamEntry(olya, "5", rev=0)],
        )  # fmt: skip
        address = f"/journal/exams/entry/?{query}"
        thread, answers = meanwhile(lambda: client.post(address, sent).status_code)
        assert not answers
    thread.join(30)
    assert answers == [409]
    with scope(ALL_SCHOOLS):
        assert ExamResult.objects.get().value == "5"


def test_of_two_first_decisions_of_the_council_the_second_is_a_conflict(
    committed_cast: Cast,
) -> None:
    cast, client = committed_cast, browser(committed_cast, "nina")
    olya, school_class = cast.pupils["olya"].pk, cast.classes["7А"]
    sent = {"number": "15", "day": "2026-11-18", f"kind_{olya}": "repeats", f"seen_{olya}": ""}
    with scope(ALL_SCHOOLS):
        decide_council(
            by=cast.user("head"), school_class=school_class, kinds={olya: "promoted"}, number="14", day=TODAY,
            now=NOW,
        )  # fmt: skip
        address = f"/journal/summary/{school_class.pk}/?view=council"
        thread, answers = meanwhile(lambda: client.post(address, sent).status_code)
        assert not answers
    thread.join(30)
    assert answers == [409]
    with scope(ALL_SCHOOLS):
        assert CouncilDecision.objects.get().kind == "promoted"


def test_one_fill_sent_twice_at_once_is_done_once(committed_cast: Cast) -> None:
    cast, op = committed_cast, uuid4()

    def again() -> int:
        with scope(ALL_SCHOOLS):
            return closing.fill(cast, op=op)

    with scope(ALL_SCHOOLS):
        closing.table(cast)
        for pupil in closing.ALL:
            closing.marks(cast, pupil, "4444")
    with scope(ALL_SCHOOLS):
        assert closing.fill(cast, op=op) == len(closing.ALL)
        thread, answers = meanwhile(again)
        assert not answers
    thread.join(30)
    assert answers == [0]


@pytest.mark.clause("S4")
def test_what_is_saved_is_committed_when_it_is_answered(committed_cast: Cast) -> None:
    cast = committed_cast
    status, body = send(browser(cast), cast, [("olya", "5", cast.lesson("algebra").pk)], uuid4())
    assert (status, body["cells"][0]["state"]) == (200, "ok")
    connection.close()
    with scope(ALL_SCHOOLS):
        mother = cast.user("olya_mother")
        assert Mark.objects.visible_to(mother).get().value == "5"
