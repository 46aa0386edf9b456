"""«Задания»: by the day they are due, with the family's own tick, tests ahead and debts."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Forbidden
from diary import actions, queries
from diary.models import DoneTask
from diary.pages.folding import folded
from journal.models import Homework
from school.models import Sitting
from tests.cast import NOW, TODAY, Cast
from tests.diary.test_pages import statements, week_url
from tests.diary.test_week import give, work_of

Browser = Callable[[str], Client]
TOMORROW = TODAY + timedelta(days=1)


def assign(cast: Cast, course: str = "algebra", **fields: Any) -> Homework:
    given = {"text": "№ 345", "due_day": TOMORROW, "for_all": True} | fields
    return Homework.objects.create(
        school=cast.school, year=2026, lesson=cast.lesson(course), set_by=cast.users["maria"], set_at=NOW, **given
    )  # fmt: skip


def url(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:tasks", args=[cast.pupils[pupil].pk])


def tick(client: Client, cast: Cast, task: Homework, done: str = "1", **more: Any) -> Any:
    address = reverse("diary:task_done", args=[cast.pupils["olya"].pk, task.pk])
    return client.post(address, {"done": done, "subject": ""}, **more)


@pytest.mark.clause("G2.1a")
def test_tasks_stand_by_the_day_they_are_due(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW - timedelta(hours=4))
    assign(cast, text="к завтрашнему")
    assign(cast, "physics", text="на сегодня", due_day=TODAY)
    assign(cast, text="потом", due_day=TODAY + timedelta(days=5))
    page = client_of("olya_mother").get(url(cast)).context["page"]
    assert [(day.label, [task.text for task in day.tasks]) for day in page.days] == [
        ("Сегодня", ["на сегодня"]), ("Завтра", ["к завтрашнему"]), ("", ["потом"]),
    ]  # fmt: skip


@pytest.mark.clause("G2.1a")
@pytest.mark.parametrize(("hour", "first"), [(8, "Сегодня"), (20, "Завтра")])
def test_after_the_last_lesson_tomorrow_stands_first(cast: Cast, hour: int, first: str) -> None:
    assign(cast, text="к завтрашнему")
    assign(cast, "physics", text="на сегодня", due_day=TODAY)
    assign(cast, text="потом", due_day=TODAY + timedelta(days=5))
    now = NOW.astimezone(cast.school.zone).replace(hour=hour)
    shown = [day.label for day in queries.tasks(cast.pupils["olya"], now=now).days]
    assert (shown[0], set(shown[:2]), shown[2:]) == (first, {"Сегодня", "Завтра"}, [""])


def test_an_afternoon_lesson_keeps_todays_tasks_first(cast: Cast) -> None:
    assign(cast, text="к завтрашнему")
    assign(cast, "physics", text="на сегодня", due_day=TODAY)
    late = [datetime.combine(TODAY, at, cast.school.zone) for at in (time(15, 20), time(16))]
    Sitting.objects.filter(pk=cast.lesson("algebra").sitting_id).update(
        during=DateTimeTZRange(*late)
    )
    shown = []
    for at in (time(15, 5), time(16, 5)):
        now = datetime.combine(TODAY, at, cast.school.zone)
        shown.append(queries.tasks(cast.pupils["olya"], now=now).days[0].label)
    assert shown == ["Сегодня", "Завтра"]


def test_a_subject_narrows_tasks_tests_and_debts(cast: Cast, client_of: Browser) -> None:
    assign(cast)
    assign(cast, "physics", text="§ 4")
    work_of(cast, cast.lesson("physics", TOMORROW), "control", title="Трение")
    give(cast, "olya", cast.lesson("algebra"), ".", due_day=TODAY + timedelta(days=7))
    page = client_of("olya_mother").get(f"{url(cast)}?subject=Физика")
    shown = page.context["page"]
    assert shown.subjects == ("Алгебра", "Физика")
    assert [task.text for day in shown.days for task in day.tasks] == ["§ 4"]
    assert [control.title for control in shown.controls] == ["Трение"]
    assert shown.debts == ()


def test_planned_tests_stand_ahead_and_cancelled_ones_do_not(
    cast: Cast, client_of: Browser
) -> None:
    work_of(cast, cast.lesson("physics", TOMORROW), "control", title="Трение")
    gone = cast.lesson("algebra", TOMORROW)
    work_of(cast, gone, "control", title="Дроби")
    gone.status = "cancelled"
    gone.save()
    text = client_of("olya_mother").get(url(cast)).content.decode()
    assert "Контрольные впереди" in text
    assert "Трение" in text
    assert "Дроби" not in text


def test_debts_say_until_when(cast: Cast, client_of: Browser) -> None:
    for course, days in (("algebra", 5), ("physics", -1)):
        give(
            cast,
            "olya",
            cast.lesson(course),
            ".",
            kind="control",
            due_day=TODAY + timedelta(days=days),
        )
    give(cast, "petya", cast.lesson("russian"), ".", due_day=TODAY)
    page = client_of("olya_mother").get(url(cast))
    assert [(debt.subject, debt.is_overdue) for debt in page.context["page"].debts] == [
        ("Физика", True), ("Алгебра", False),
    ]  # fmt: skip
    text = page.content.decode()
    assert "срок был 17\xa0ноября" in text
    assert "сдать до 23\xa0ноября" in text
    assert "контрольная работа, урок 18\xa0ноября" in text


@pytest.mark.parametrize("who", ["olya", "olya_mother", "olya_father"])
def test_the_family_ticks_and_takes_back(cast: Cast, client_of: Browser, who: str) -> None:
    task, client = assign(cast), client_of(who)
    answer = tick(client, cast, task)
    assert answer["Location"] == f"{url(cast)}?subject=#task-{task.pk}"
    done = DoneTask.objects.get()
    assert (done.pupil_id, done.homework_id, done.done_by_id) == (
        cast.pupils["olya"].pk, task.pk, cast.users[who].pk,
    )  # fmt: skip
    tick(client, cast, task)
    assert DoneTask.objects.count() == 1
    for reader in ("olya", "olya_mother", "olya_father"):
        page = client_of(reader).get(url(cast))
        assert 'aria-pressed="true"' in page.content.decode()
        assert "сделано 1 из 1" in page.content.decode()
    assert "сделано" in client.get(week_url(cast)).content.decode()
    tick(client, cast, task, "0")
    assert not DoneTask.objects.exists()


def test_htmx_gets_the_day_alone(cast: Cast, client_of: Browser) -> None:
    assign(cast, "physics", text="§ 4")
    answer = tick(client_of("olya"), cast, assign(cast), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith(f'<section class="card" id="due-{TOMORROW}"')
    assert "сделано 1 из 2" in text


@pytest.mark.parametrize("who", ["ivan", "nina", "head"])
def test_nobody_else_is_told_what_is_done(cast: Cast, client_of: Browser, who: str) -> None:
    task = assign(cast)
    actions.mark_done(by=cast.user("olya"), pupil=cast.pupils["olya"], homework=task, now=NOW)
    client = client_of(who)
    for address in (url(cast), week_url(cast)):
        text = client.get(address).content.decode()
        assert "№ 345" in text
        assert "делано" not in text
    assert tick(client, cast, task).status_code in {403, 404}
    paper = queries.week(cast.pupils["olya"], TODAY - timedelta(days=2), user=None, now=NOW)
    assert not any(task.is_done for lesson in paper.lessons for task in lesson.homework)
    assert not DoneTask.objects.visible_to(cast.user(who)).exists()


@pytest.mark.parametrize("who", ["petya_father", "petya", "other_guardian", "stranger", "maria"])
def test_strangers_find_nothing_to_tick(cast: Cast, client_of: Browser, who: str) -> None:
    task = assign(cast)
    assert tick(client_of(who), cast, task).status_code == 404
    with pytest.raises(Forbidden):
        actions.mark_done(by=cast.user(who), pupil=cast.pupils["olya"], homework=task, now=NOW)
    with pytest.raises(Forbidden):
        actions.undo_done(by=cast.user(who), pupil=cast.pupils["olya"], homework=task)


def test_what_was_set_to_another_pupil_cannot_be_ticked(cast: Cast, client_of: Browser) -> None:
    task = assign(cast, for_all=False)
    task.pupils.create(school=cast.school, pupil=cast.pupils["petya"])
    assert tick(client_of("olya"), cast, task).status_code == 404


def test_a_long_text_is_folded_after_four_lines_without_scripts(
    cast: Cast, client_of: Browser
) -> None:
    assign(cast, text="\n".join(f"строка {number}" for number in range(1, 11)))
    text = client_of("olya").get(url(cast)).content.decode()
    before, _, inside = text.partition('<details class="rest">')
    assert "строка 4" in before
    assert "строка 5" not in before
    assert "строка 10" in inside
    assert text.count("строка 7") == 1


@pytest.mark.parametrize(
    "text", ["коротко", "слово " * 60, "а" * 500, "1\n2\n3\n4\n5\n6", "\n\n\n\n\n\nконец", "x " * 23 + "\nдва"]
)  # fmt: skip
def test_folding_loses_nothing(text: str) -> None:
    opening, rest = folded(text)
    assert "".join((opening + rest).split()) == "".join(text.split())


def test_the_last_two_weeks_are_there_when_asked_for(cast: Cast, client_of: Browser) -> None:
    client, yesterday = client_of("olya"), TODAY - timedelta(days=1)
    task = assign(cast, text="было вчера", due_day=yesterday)
    assign(cast, text="давно", due_day=TODAY - timedelta(days=20))
    assert "было вчера" not in client.get(url(cast)).content.decode()
    text = client.get(f"{url(cast)}?past=1").content.decode()
    assert "было вчера" in text
    assert "давно" not in text
    assert tick(client, cast, task)["Location"] == f"{url(cast)}?subject=&past=1#task-{task.pk}"
    fragment = tick(client, cast, task, "0", headers={"HX-Request": "true"}).content.decode()
    assert "было вчера" in fragment
    assert 'aria-pressed="false"' in fragment


@pytest.mark.parametrize("size", [1, 12])
def test_tasks_cost_the_same_whatever_they_hold(cast: Cast, client_of: Browser, size: int) -> None:
    for _ in range(size):
        assign(cast)
    client = client_of("olya_mother")
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url(cast)).status_code == 200
    assert len(statements(counted)) == 6, statements(counted)


def test_empty_lists_say_why(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    assert "когда учитель их внесёт" in client.get(url(cast)).content.decode()
    assign(cast)
    assert "по этому предмету нет" in client.get(f"{url(cast)}?subject=Физика").content.decode()
    school_class = cast.classes["5Б"]
    school_class.grade_level = 1
    school_class.save()
    assert "В первом классе" in client.get(url(cast, "kolya")).content.decode()
