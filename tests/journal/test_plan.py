"""Laying a plan on lessons: an oracle worked by hand, and properties."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies

from journal.plan import Hour, PlanLesson, PlanTopic, Progress, hours_of, lay, next_hour, progress

FIRST = date(2026, 9, 1)
DROBI, SUMMA, CONTROL = PlanTopic("дроби", 2), PlanTopic("сложение", 3), PlanTopic("контрольная", 1)
PLAN = (DROBI, SUMMA, CONTROL)


def lessons(count: int) -> list[PlanLesson]:
    """A lesson a day."""
    days = [FIRST + timedelta(days=n) for n in range(count)]
    return [PlanLesson(f"l{n}", day, day) for n, day in enumerate(days, start=1)]


def held(lesson: PlanLesson, topic: str, number: int) -> PlanLesson:
    return replace(lesson, recorded=True, gave=Hour(topic, number))


def shown(topics: Sequence[PlanTopic], course: Sequence[PlanLesson]) -> list[str]:
    """The laying as words: «дроби 1» or «–» by lesson."""
    laid = lay(topics, course)
    found = [laid.at(lesson.lesson_id) for lesson in course]
    return [f"{hour.topic_id} {hour.number}" if hour else "–" for hour in found]


def test_an_untouched_plan_falls_on_the_lessons_in_order() -> None:
    assert shown(PLAN, lessons(7)) == [
        "дроби 1", "дроби 2", "сложение 1", "сложение 2", "сложение 3", "контрольная 1", "–",
    ]  # fmt: skip
    assert lay(PLAN, lessons(7)).free == ("l7",)


def test_a_cancelled_lesson_moves_the_rest_by_one() -> None:
    course = lessons(6)
    course[1] = replace(course[1], cancelled=True)
    assert shown(PLAN, course) == [
        "дроби 1", "–", "дроби 2", "сложение 1", "сложение 2", "сложение 3",
    ]  # fmt: skip
    assert lay(PLAN, course).left == (Hour("контрольная", 1),)


def test_recorded_lessons_keep_what_they_gave_and_the_others_take_what_is_missing() -> None:
    """By hand: the third lesson gave the test early, the second was held outside the plan."""
    course = lessons(6)
    course[0] = held(course[0], "дроби", 1)
    course[1] = replace(course[1], recorded=True)
    course[2] = held(course[2], "контрольная", 1)
    assert shown(PLAN, course) == [
        "дроби 1", "–", "контрольная 1", "дроби 2", "сложение 1", "сложение 2",
    ]  # fmt: skip
    assert lay(PLAN, course).left == (Hour("сложение", 3),)


def test_the_lag_and_its_reasons_by_hand() -> None:
    """Six lessons had been due by the sixth of September.

    1 gave fractions 1; 2 was cancelled; 3 gave fractions 1 once more; 4 was held outside the plan; 5 has no
    record; 6 was moved to the ninth. One hour of six was given: five behind, each with its reason.
    """
    course = lessons(8)
    course[0] = held(course[0], "дроби", 1)
    course[1] = replace(course[1], cancelled=True)
    course[2] = held(course[2], "дроби", 1)
    course[3] = replace(course[3], recorded=True)
    course[5] = replace(course[5], day=FIRST + timedelta(days=8))
    found = progress(PLAN, course, until=FIRST + timedelta(days=5))
    assert found == Progress(
        due=6, given=1, cancelled=1, unrecorded=1, outside=1, repeated=1, moved=1
    )
    assert found.lag == 5


def test_a_moved_lesson_is_behind_until_it_is_given() -> None:
    course = lessons(6)
    course[1] = held(replace(course[1], day=FIRST + timedelta(days=6)), "дроби", 2)
    course[0] = held(course[0], "дроби", 1)
    assert progress(PLAN, course, until=FIRST + timedelta(days=1)).lag == 1
    course[2:] = [
        held(lesson, "сложение" if n < 4 else "контрольная", n if n < 4 else 1)
        for n, lesson in enumerate(course[2:], start=1)
    ]
    assert progress(PLAN, course, until=FIRST + timedelta(days=5)).lag == 1
    assert progress(PLAN, course, until=FIRST + timedelta(days=6)).lag == 0


def test_a_lesson_given_before_its_day_is_ahead() -> None:
    course = lessons(3)
    course[0] = held(course[0], "дроби", 1)
    early = held(replace(course[2], day=FIRST), "дроби", 2)
    assert progress(PLAN, [course[0], early, course[1]], until=FIRST).lag == -1


def test_no_more_is_due_than_the_plan_has() -> None:
    course = [
        held(lesson, hour.topic_id, hour.number)
        for lesson, hour in zip(lessons(6), hours_of(PLAN), strict=True)
    ]
    course += lessons(9)[6:]
    assert progress(PLAN, course, until=FIRST + timedelta(days=30)).lag == 0


@pytest.mark.parametrize(
    ("lesson", "topic", "hour"),
    [("l3", SUMMA, 1), ("l3", DROBI, 3), ("l4", CONTROL, 1), ("l1", DROBI, 1)],
)
def test_a_lesson_gives_the_hour_laid_there_or_the_first_missing(
    lesson: str, topic: PlanTopic, hour: int
) -> None:
    course = lessons(6)
    course[0], course[1] = held(course[0], "дроби", 1), held(course[1], "дроби", 2)
    found = next_hour(topic, course, lesson_id=lesson, laid=lay(PLAN, course))
    assert found == Hour(topic.topic_id, hour)


plans = strategies.lists(strategies.integers(1, 4), max_size=8).map(
    lambda hours: tuple(PlanTopic(f"t{n}", h) for n, h in enumerate(hours))
)


@strategies.composite
def courses(draw: strategies.DrawFn, plan: tuple[PlanTopic, ...]) -> list[PlanLesson]:
    """Lessons of which some are cancelled, some outside the plan, some gave an hour, once each."""
    made = lessons(draw(strategies.integers(0, 20)))
    wanted = list(hours_of(plan))
    for place, lesson in enumerate(made):
        what = draw(strategies.sampled_from(["open", "open", "cancelled", "outside", "gave"]))
        if what == "cancelled":
            made[place] = replace(lesson, cancelled=True)
        elif what == "outside":
            made[place] = replace(lesson, recorded=True)
        elif what == "gave" and wanted:
            hour = wanted.pop(draw(strategies.integers(0, len(wanted) - 1)))
            made[place] = held(lesson, hour.topic_id, hour.number)
    return made


worlds = plans.flatmap(
    lambda plan: strategies.tuples(strategies.just(plan), courses(plan))  # type: ignore[arg-type]
)


@settings(deadline=None)
@given(worlds)
def test_no_hour_is_lost_or_doubled(world: tuple[tuple[PlanTopic, ...], list[PlanLesson]]) -> None:
    plan, course = world
    laid = lay(plan, course)
    everything = Counter([*laid.given.values(), *laid.coming.values(), *laid.left])
    assert everything == Counter(hours_of(plan))
    assert not (laid.left and laid.free)


@settings(deadline=None)
@given(worlds)
def test_the_order_is_kept(world: tuple[tuple[PlanTopic, ...], list[PlanLesson]]) -> None:
    plan, course = world
    laid, order = lay(plan, course), list(hours_of(plan))
    coming = [laid.coming[one.lesson_id] for one in course if one.lesson_id in laid.coming]
    places = [order.index(hour) for hour in [*coming, *laid.left]]
    assert places == sorted(places)


@settings(deadline=None)
@given(worlds, strategies.data())
def test_cancelling_an_open_lesson_shifts_the_rest_by_one_and_taking_it_back_restores(
    world: tuple[tuple[PlanTopic, ...], list[PlanLesson]], data: strategies.DataObject
) -> None:
    plan, course = world
    places = [place for place, lesson in enumerate(course) if lesson.is_open]
    if not places:
        return
    before = lay(plan, course)
    queue = [*before.coming.values(), *before.left]
    place = data.draw(strategies.sampled_from(places))
    course[place] = replace(course[place], cancelled=True)
    after = lay(plan, course)
    assert [*after.coming.values(), *after.left] == queue
    for number, old in enumerate(places):
        lesson_id = course[old].lesson_id
        if old < place:
            assert after.at(lesson_id) == before.at(lesson_id)
        elif old > place:
            assert after.at(lesson_id) == before.at(course[places[number - 1]].lesson_id)
    course[place] = replace(course[place], cancelled=False)
    assert lay(plan, course) == before


@settings(deadline=None)
@given(worlds, strategies.integers(0, 25))
def test_the_lag_is_the_sum_of_its_reasons_while_the_plan_lasts(
    world: tuple[tuple[PlanTopic, ...], list[PlanLesson]], days: int
) -> None:
    plan, course = world
    found = progress(plan, course, until=FIRST + timedelta(days=days))
    reasons = found.cancelled + found.unrecorded + found.outside + found.repeated + found.moved
    over = sum(one.timetable_day <= FIRST + timedelta(days=days) for one in course) - found.due
    assert found.lag == reasons - over
    assert 0 <= found.lag <= found.due
