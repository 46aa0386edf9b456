"""The plan's topic is offered for a lesson; recording it says which hour was given."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from journal.models import LessonTopic
from journal.queries.plans import course_plan
from school.models import Lesson
from tests.cast import TODAY, Cast
from tests.journal.plans import plan_of
from tests.journal.test_lesson_list import address, fields_of, filled
from tests.journal.world import settle

pytestmark = pytest.mark.usefixtures("media", "settled")


@pytest.fixture
def settled(cast: Cast) -> Iterator[None]:
    """Check at the end, while the scope still shows the rows."""
    yield
    settle()


def page(client: Any, cast: Cast, **where: Any) -> BeautifulSoup:
    return BeautifulSoup(client.get(address(cast, **where)).content, "html.parser")


def given(cast: Cast, day: Any = TODAY) -> tuple[str, int] | None:
    found = LessonTopic.objects.filter(lesson=cast.lesson("algebra", day)).select_related("topic")
    return next(((one.topic.title, one.hour) for one in found), None)


def test_the_planned_topic_is_offered_and_taken(client_of: Any, cast: Cast) -> None:
    """Lessons began on 2 November: nothing is recorded, so today's is still the twelfth of them."""
    plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 30)])
    client = client_of("maria")
    soup = page(client, cast)
    place = sum(day <= TODAY for course, day in cast.lessons if course == "algebra")
    button = soup.select_one("[data-ed-take=topic]")
    assert (button["data-ed-text"], button["name"], button["value"]) == (
        f"Тема {place}",
        "take",
        "topic",
    )
    chosen = soup.select_one("select[name=planned_topic] option[selected]")
    assert chosen.text == f"{place}. Тема {place}"
    answer = client.post(address(cast), fields_of(soup) | {"take": "topic"})
    assert answer.status_code == 302
    lesson = Lesson.objects.get(pk=cast.lesson("algebra").pk)
    assert (lesson.topic, lesson.kind) == (f"Тема {place}", "new")
    assert given(cast) == (f"Тема {place}", 1)
    assert page(client, cast).select_one("[data-ed-take=topic]") is None


def test_own_words_keep_the_planned_topic_and_another_may_be_chosen(
    client_of: Any, cast: Cast
) -> None:
    programme = plan_of(cast)
    client = client_of("maria")
    client.post(address(cast), filled(cast, client, topic="Сложение: самостоятельная"))
    assert given(cast) is None or given(cast)[0] in {
        "Дроби",
        "Сложение дробей",
        "Контрольная по дробям",
    }
    control = programme.topics.get(number=3)
    client.post(address(cast), filled(cast, client, planned_topic=str(control.pk)))
    assert given(cast) == ("Контрольная по дробям", 1)
    assert Lesson.objects.get(pk=cast.lesson("algebra").pk).kind == "control"
    client.post(address(cast), filled(cast, client, planned_topic=""))
    assert given(cast) is None
    client.post(address(cast), filled(cast, client, planned_topic=str(control.pk)))
    client.post(address(cast), filled(cast, client, topic=""))
    assert given(cast) is None


def test_a_form_that_lay_open_while_the_plan_moved_writes_what_is_laid_now(
    client_of: Any, cast: Cast
) -> None:
    """Others recorded earlier lessons: the teacher did not touch the plan's field, so nothing clashes."""
    plan_of(cast, [(f"Тема {n}", 1) for n in range(1, 30)])
    client = client_of("maria")
    before = filled(cast, client, topic="Своими словами")
    first = min(day for course, day in cast.lessons if course == "algebra")
    Lesson.objects.filter(pk=cast.lesson("algebra", first).pk).update(status="cancelled")
    assert client.post(address(cast), before).status_code == 302
    place = sum(first < day <= TODAY for course, day in cast.lessons if course == "algebra")
    assert given(cast) == (f"Тема {place}", 1)


def test_the_same_topic_again_takes_its_next_hour(client_of: Any, cast: Cast) -> None:
    programme = plan_of(cast)
    client = client_of("maria")
    topic = programme.topics.get(number=2)
    for day, hour in ((TODAY, 1), (TODAY - timedelta(days=1), 2)):
        place = address(cast, day=day)
        soup = BeautifulSoup(client.get(place).content, "html.parser")
        client.post(place, fields_of(soup) | {"topic": "Сложение", "planned_topic": str(topic.pk)})
        assert given(cast, day) == ("Сложение дробей", hour)


def test_without_a_plan_nothing_is_offered_and_words_alone_find_their_topic(
    client_of: Any, cast: Cast
) -> None:
    client = client_of("maria")
    assert page(client, cast).select("[name=planned_topic]") == []
    client.post(address(cast), filled(cast, client, topic="Дроби"))
    plan_of(cast)
    plan = course_plan(cast.courses["algebra"].pk)
    assert plan is not None
    found = plan.named(" дроби", lesson_id=str(cast.lesson("algebra").pk))
    assert found is not None
    assert found.title == "Дроби"
    assert plan.named("Геометрия", lesson_id=str(cast.lesson("algebra").pk)) is None
