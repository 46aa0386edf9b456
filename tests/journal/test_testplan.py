"""Rules of the schedule of tests, by hand-worked oracles and by properties (domain.md §7.4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.testplan import APART, Breach, Place, Planned, breaches, may_stand

WEDNESDAY = date(2026, 11, 18)
ALGEBRA = {"subject_id": "algebra", "subject": "Алгебра"}
PHYSICS = {"subject_id": "physics", "subject": "Физика"}


def work(name: str = "new", **more: object) -> Planned:
    shape: dict[str, object] = {
        "work_id": name, "course_id": "algebra 7А", **ALGEBRA, "group": "7А",
        "classes": frozenset({"7А"}), "grade_level": 7, "day": WEDNESDAY, "minutes": 40,
    }  # fmt: skip
    return Planned(**{**shape, **more})  # type: ignore[arg-type]


def place(number: int = 3, **more: object) -> Place:
    shape: dict[str, object] = {
        "first": 1, "last": 6, "hours_per_week": Decimal(3), "lessons_of_year": 102,
    }  # fmt: skip
    return Place(number, **{**shape, **more})  # type: ignore[arg-type]


def codes(*others: Planned, at: Place | None = None, **more: object) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in breaches(work(**more), others, at or place())]


def test_a_free_place_breaks_nothing() -> None:
    assert codes() == []


def test_a_class_writes_once_a_day() -> None:
    other = work("other", course_id="physics 7А", **PHYSICS)
    assert codes(other) == [("one_a_day", "refuse")]
    assert (
        codes(work("other", course_id="physics 7А", **PHYSICS, day=WEDNESDAY + timedelta(1))) == []
    )
    assert codes(work("other", course_id="physics 7Б", **PHYSICS, classes=frozenset({"7Б"}))) == []
    # A stream of two classes meets the work of either.
    stream = work("other", course_id="physics", **PHYSICS, classes=frozenset({"7А", "7Б"}))
    assert codes(stream) == [("one_a_day", "refuse")]


def test_subgroups_of_a_class_write_the_same_work_on_one_day() -> None:
    english = {"subject_id": "english", "subject": "Английский язык"}
    second = work("other", course_id="english 2", **english)
    assert codes(second, course_id="english 1", **english) == []
    next_day = work("other", course_id="english 2", **english, day=WEDNESDAY + timedelta(1))
    assert codes(next_day, course_id="english 1", **english) == [("apart", "warn")]


@pytest.mark.parametrize(
    ("minutes", "found"), [(29, []), (30, [("edge", "refuse")]), (None, [("edge", "refuse")])]
)
def test_half_an_hour_makes_a_procedure(minutes: int | None, found: list[tuple[str, str]]) -> None:
    assert codes(at=place(1), minutes=minutes) == found


def test_a_short_work_does_not_stand_in_the_way() -> None:
    assert codes(work("other", course_id="physics 7А", **PHYSICS, minutes=20)) == []
    assert codes(work("other", course_id="own plan", **PHYSICS, is_individual=True)) == []


@pytest.mark.parametrize(
    ("number", "more", "refused"),
    [
        (1, {}, True),
        (6, {}, True),
        (2, {}, False),
        (5, {}, False),
        (1, {"hours_per_week": Decimal(1), "always_at_edge": True}, False),
        (1, {"hours_per_week": Decimal("0.5"), "always_at_edge": True}, False),
        (1, {"hours_per_week": Decimal(1)}, True),  # it may be written on another day
        (1, {"hours_per_week": Decimal(2), "always_at_edge": True}, True),
    ],
)
def test_not_the_first_and_not_the_last_lesson(
    number: int, more: dict[str, object], refused: bool
) -> None:
    assert codes(at=place(number, **more)) == ([("edge", "refuse")] if refused else [])


@pytest.mark.parametrize(
    ("hours", "lessons", "most"),
    [
        (Decimal(1), 34, 3),  # 3 of 34 are 8.8 %, 4 are 11.8 %
        (Decimal(3), 102, 10),
        (Decimal(5), 170, 17),
        (Decimal(3), 60, 10),  # the year is laid in part: the plan counts
        (Decimal("0.5"), 0, 1),
        (Decimal(2), 70, 7),  # exactly a tenth
    ],
)
def test_a_tenth_of_the_hours_of_the_year(hours: Decimal, lessons: int, most: int) -> None:
    at = place(3, hours_per_week=hours, lessons_of_year=lessons)
    far = [work(f"w{n}", day=WEDNESDAY + timedelta(weeks=10 + 3 * n)) for n in range(most)]
    assert at.most == most
    assert codes(*far[:-1], at=at) == []
    assert codes(*far, at=at) == [("share", "warn")]


@pytest.mark.parametrize(
    ("days", "near"), [(1, True), (16, True), (17, False), (-16, True), (-17, False)]
)
def test_seventeen_days_between_works_of_a_class(days: int, near: bool) -> None:
    other = work("other", day=WEDNESDAY + timedelta(days))
    assert codes(other) == ([("apart", "warn")] if near else [])


def test_the_parallel_writes_in_one_week_or_seventeen_days_apart() -> None:
    def of_7b(day: date) -> Planned:
        return work("other", course_id="algebra 7Б", group="7Б", classes=frozenset({"7Б"}), day=day)

    assert codes(of_7b(date(2026, 11, 20))) == []  # Friday of the same week
    assert codes(of_7b(date(2026, 11, 23))) == [("apart", "warn")]  # the next Monday
    assert codes(of_7b(date(2026, 12, 5))) == []
    eighth = work("other", course_id="algebra 8А", classes=frozenset({"8А"}), grade_level=8)
    assert codes(eighth) == []


def test_a_work_is_no_obstacle_to_itself() -> None:
    assert codes(work("new", day=WEDNESDAY + timedelta(3))) == []


def test_a_warning_is_overruled_with_a_reason_and_a_refusal_never() -> None:
    warning, refusal = Breach("share", "warn", ""), Breach("edge", "refuse", "")
    assert may_stand((), reason="")
    assert not may_stand((warning,), reason=" ")
    assert may_stand((warning,), reason="перенос из-за карантина")
    assert not may_stand((refusal, warning), reason="надо")


some_works = st.builds(
    work,
    st.sampled_from("abcdef"),
    course_id=st.sampled_from(["algebra 7А", "algebra 7Б", "physics 7А"]),
    subject_id=st.sampled_from(["algebra", "physics"]),
    classes=st.frozensets(st.sampled_from(["7А", "7Б", "8А"]), min_size=1),
    grade_level=st.sampled_from([7, 8]),
    day=st.dates(date(2026, 11, 1), date(2026, 12, 20)),
    minutes=st.one_of(st.none(), st.integers(1, 90)),
)
places = st.builds(
    place, st.integers(1, 7), last=st.integers(1, 7), lessons_of_year=st.integers(0, 204)
)


@given(some_works, st.lists(some_works, max_size=6), places)
def test_more_works_never_free_a_place(new: Planned, others: list[Planned], at: Place) -> None:
    less = {one.code for one in breaches(new, others[:-1], at)}
    assert less <= {one.code for one in breaches(new, others, at)}


@given(some_works, st.lists(some_works, max_size=6), places)
def test_the_order_of_the_others_does_not_matter(
    new: Planned, others: list[Planned], at: Place
) -> None:
    there = [one.code for one in breaches(new, others, at)]
    assert there == [one.code for one in breaches(new, others[::-1], at)]
    assert len(there) == len(set(there))


@given(some_works, some_works, places)
def test_one_a_day_and_seventeen_days_are_mutual(one: Planned, other: Planned, at: Place) -> None:
    def mutual(new: Planned, old: Planned) -> set[str]:
        return {b.code for b in breaches(new, [old], at)} & {"one_a_day", "apart"}

    if one.is_procedure and other.is_procedure:
        assert mutual(one, other) == mutual(other, one)


@given(some_works, st.lists(some_works, max_size=6), places)
def test_far_from_every_work_nothing_is_too_near(
    new: Planned, others: list[Planned], at: Place
) -> None:
    far = [o for o in others if abs((o.day - new.day).days) >= APART]
    assert not {"one_a_day", "apart"} & {one.code for one in breaches(new, far, at)}
