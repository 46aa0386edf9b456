"""The family's week: what is shown, in two statements whatever its size."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary import queries
from diary.models import Acknowledgement
from journal.models import Absence, Homework, Mark, Work, WorkKind
from school.models import LessonChange, SpecialDay
from tests.cast import MONDAY, NOW, TODAY, YEAR, Cast


def work_of(cast: Cast, lesson: Any, kind: str = "answer", **fields: Any) -> Work:
    found = WorkKind.objects.get(school=cast.school, code=kind)
    return Work.objects.create(
        school=cast.school, lesson=lesson, kind=found, weight=found.weight, **fields
    )


def give(cast: Cast, pupil: str, lesson: Any, value: str, **fields: Any) -> Mark:
    kind = fields.pop("kind", "answer")
    title = fields.pop("title", "")
    return Mark.objects.create(
        year=YEAR, school=cast.school, lesson=lesson,
        work=fields.pop("work", None) or work_of(cast, lesson, kind, title=title, number=fields.pop("number", 1)),
        pupil=cast.pupils[pupil], value=value, score=int(value) if value.isdigit() else None,
        set_by=cast.users["maria"], set_at=fields.pop("set_at", NOW - timedelta(hours=1)), **fields,
    )  # fmt: skip


def read(cast: Cast, pupil: str = "olya", user: str | None = None, monday: date = MONDAY) -> Any:
    return queries.week(cast.pupils[pupil], monday, user=cast.user(user) if user else None, now=NOW)


def test_week_shows_the_timetable_by_days(cast: Cast) -> None:
    week = read(cast)
    assert week.pupil.class_name == "7А"
    assert [day.day for day in week.days] == [MONDAY + timedelta(days=n) for n in range(5)]
    assert [(x.number, x.subject, x.teacher, x.starts.hour) for x in week.days[0].lessons] == [
        (1, "Алгебра", "Кузнецова М. П.", 8),
        (2, "Физика", "Орлов И. С.", 9),
        (3, "Русский язык", "Белова С. Ю.", 10),
    ]


@pytest.mark.parametrize("pupils", [("olya",), ("olya", "petya", "vitya", "timur")])
def test_weeks_cost_two_statements_whatever_the_class(cast: Cast, pupils: tuple[str, ...]) -> None:
    give(cast, "olya", cast.lesson("algebra"), "5")
    with CaptureQueriesContext(
        connection,
    ) as counted:
        found = queries.weeks([cast.pupils[p] for p in pupils], MONDAY, user=None, now=NOW)
    assert len(counted) == 2
    assert [week.pupil.pupil_id for week in found] == [cast.pupils[p].pk for p in pupils]


@pytest.mark.clause("G2.1b")
def test_mark_says_what_it_was_given_for(cast: Cast) -> None:
    lesson = cast.lesson("algebra")
    lesson.topic = "Квадратные уравнения"
    lesson.save()
    give(cast, "olya", lesson, "4", kind="control", title="Уравнения", comment="хорошо")
    mark = read(cast).marks[0]
    assert (mark.value, mark.given_for, mark.topic, mark.comment) == (
        "4", "контрольная работа «Уравнения», вес 2", "Квадратные уравнения", "хорошо",
    )  # fmt: skip
    assert read(cast, "petya").marks == ()


def test_absence_and_lateness_are_counted_apart(cast: Cast) -> None:
    for course, code in (("algebra", "ill"), ("physics", "late")):
        Absence.objects.create(
            year=YEAR, school=cast.school, lesson=cast.lesson(course), pupil=cast.pupils["olya"],
            code=code, set_by=cast.users["ivan"], set_at=NOW,
        )  # fmt: skip
    week = read(cast)
    assert ([a.letter for a in week.absences], [a.letter for a in week.lates]) == (["б"], ["о"])


def test_homework_stands_at_the_lesson_it_is_due(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    for due, for_all, text in (
        ("lesson", True, "§ 12"),
        ("day", True, "№ 5"),
        ("lesson", False, "карточка"),
    ):
        made = Homework.objects.create(
            school=cast.school, year=YEAR, lesson=cast.lesson("algebra"), due_day=tomorrow,
            due_lesson=cast.lesson("algebra", tomorrow) if due == "lesson" else None,
            text=text, minutes=20, for_all=for_all, set_by=cast.users["maria"], set_at=NOW,
        )  # fmt: skip
        if not for_all:
            made.pupils.create(school=cast.school, pupil=cast.pupils["petya"])
    lesson = read(cast).days[3].lessons[0]
    assert sorted(task.text for task in lesson.homework) == ["§ 12", "№ 5"]
    assert len(read(cast, "petya").days[3].lessons[0].homework) == 3
    given_today, not_given = read(cast).days[2].lessons[:2]
    assert not given_today.homework_missing
    assert not_given.is_over
    assert not_given.homework_missing


def test_substituted_moved_and_cancelled_lessons_say_so(cast: Cast) -> None:
    algebra, physics, russian = (cast.lesson(name) for name in ("algebra", "physics", "russian"))
    LessonChange.objects.create(
        school=cast.school, lesson=algebra, kind="substituted", absent_teacher=cast.people["maria"],
        substitute=cast.people["ivan"],
    )  # fmt: skip
    LessonChange.objects.create(
        school=cast.school, lesson=physics, kind="moved", from_day=MONDAY, from_number=3
    )
    russian.status = "cancelled"
    russian.save()
    assert [(x.state, x.change) for x in read(cast).days[2].lessons] == [
        ("substituted", "замена; по расписанию Кузнецова М. П."),
        ("moved", "перенесён с 16 ноября, 3-й урок"),
        ("cancelled", "отменён"),
    ]


def test_vacation_says_until_when_and_leads_to_the_next_lesson(cast: Cast) -> None:
    week = read(cast, monday=date(2026, 10, 26))
    assert week.emptiness is not None
    assert (week.emptiness.title, week.emptiness.next_day) == (
        "Каникулы до 1 ноября",
        date(2026, 11, 2),
    )
    assert not week.is_owed


def test_week_without_timetable_says_so(cast: Cast) -> None:
    week = read(cast, monday=date(2026, 12, 14))
    assert week.emptiness is not None
    assert week.emptiness.title == "Расписание на неделю ещё не составлено"


def test_a_holiday_is_named(cast: Cast) -> None:
    SpecialDay.objects.create(
        school=cast.school, day=date(2026, 11, 4), kind="off", name="День народного единства"
    )
    assert read(cast, monday=date(2026, 11, 2)).days[2].note == "День народного единства"


def test_week_opens_at_today_and_after_lessons_at_tomorrow(cast: Cast) -> None:
    assert (read(cast).first_day, read(cast).days[3].label) == (
        TODAY + timedelta(days=1),
        "к завтрашнему дню",
    )
    morning = queries.week(cast.pupils["olya"], MONDAY, user=None, now=NOW - timedelta(hours=3))
    assert (morning.first_day, morning.days[2].label) == (TODAY, "сегодня")


def test_version_changes_with_what_is_shown_and_only_then(cast: Cast) -> None:
    first = read(cast).version
    assert read(cast).version == first
    assert (
        queries.week(cast.pupils["olya"], MONDAY, user=None, now=NOW + timedelta(days=2)).version
        == first
    )
    give(cast, "olya", cast.lesson("algebra"), "5")
    assert read(cast).version != first


def test_both_guardians_are_listed_and_changes_are_told(cast: Cast) -> None:
    mark = give(cast, "olya", cast.lesson("algebra"), "4")
    before = read(cast, user="olya_mother")
    assert before.acknowledgement.shows_button
    Acknowledgement.objects.create(
        school=cast.school, guardian=cast.people["olya_mother"], pupil=cast.pupils["olya"],
        section="timetable", week=MONDAY, version=before.version, seen=dict(before.seen), channel="web",
        at=NOW, registered_by=cast.users["olya_mother"],
    )  # fmt: skip
    state = read(cast, user="olya_mother").acknowledgement
    assert not state.shows_button
    assert [(g.name, bool(g.at)) for g in state.guardians] == [
        ("Ёлкин В. П.", False),
        ("Ёлкина О. В.", True),
    ]
    mark.value, mark.score = "5", 5
    mark.save()
    give(cast, "olya", cast.lesson("physics"), "3")
    after = read(cast, user="olya_mother")
    assert [change.words for change in after.acknowledgement.changes] == ["алгебра 4 → 5"]
    assert after.acknowledgement.shows_button
    assert after.acknowledgement.is_kept
    assert [mark.is_new for mark in after.marks] == [False, True]
    assert read(cast, user="olya_father").acknowledgement.shows_button
    assert not read(cast, user="olya").acknowledgement.shows_button
