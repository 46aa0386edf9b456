"""What the week says besides its lessons: notes, moves, why it is empty, what is new, at which day it opens."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from access.models import Visit
from diary import queries
from diary.models import Announcement
from diary.queries.days import opening_day
from journal.models import HomeworkLink
from school.models import Membership, Vacation
from tests.cast import MONDAY, NOW, TODAY, Cast
from tests.diary.test_pages import week_url
from tests.diary.test_week import give, read

Browser = Callable[[str], Client]


def note(cast: Cast, **fields: Any) -> Announcement:
    given = {
        "school_class": cast.classes["7А"], "title": "Экскурсия", "text": "Сбор в 9:00", "since": TODAY,
        "until": TODAY, "author": cast.people["ivan"], "published_at": NOW,
    } | fields  # fmt: skip
    return Announcement.objects.create(school=cast.school, **given)


def notes(cast: Cast, pupil: str = "olya") -> list[tuple[date, str]]:
    return [(day.day, one.title) for day in read(cast, pupil).days for one in day.notes]


def test_notes_of_the_class_teacher_stand_at_their_day(cast: Cast, client_of: Browser) -> None:
    note(cast)
    note(cast, school_class=None, pupil=cast.pupils["olya"], title="Молодец", since=MONDAY)
    note(cast, school_class=None, title="Всей школе")
    note(cast, title="Снято", withdrawn_at=NOW)
    note(cast, title="Завтра", since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=1))
    note(cast, title="Чужой класс", school_class=cast.classes["5Б"])
    assert notes(cast) == [(MONDAY, "Молодец"), (TODAY, "Экскурсия")]
    assert notes(cast, "petya") == [(TODAY, "Экскурсия")]
    text = client_of("olya_mother").get(week_url(cast)).content.decode()
    assert "Сбор в 9:00" in text
    assert "Орлов И. С., всему классу" in text
    assert "Орлов И. С., лично вам" in text


def test_a_note_to_the_former_class_stays_behind(cast: Cast) -> None:
    _move(cast, TODAY)
    note(cast, title="До перевода", since=MONDAY, until=MONDAY)
    note(cast, title="После", since=TODAY)
    assert notes(cast) == [(MONDAY, "До перевода")]


def test_a_new_note_puts_a_dot_to_its_day(cast: Cast, client_of: Browser) -> None:
    yesterday = NOW - timedelta(days=1)
    Visit.objects.create(
        school=cast.school, person=cast.people["olya_mother"], pupil=cast.pupils["olya"], section="timetable",
        day=yesterday.date(), first_at=yesterday, last_at=yesterday, times=1,
    )  # fmt: skip
    note(cast)
    give(cast, "olya", cast.lesson("algebra", MONDAY), "4", set_at=NOW - timedelta(days=2))
    give(cast, "olya", cast.lesson("physics", MONDAY + timedelta(days=1)), "5")
    days = read(cast, user="olya_mother").days
    assert [day.has_new for day in days] == [False, True, True, False, False]
    text = client_of("olya_mother").get(week_url(cast)).content.decode()
    assert text.count('class="dot"') == 2


def _move(cast: Cast, day: date, pupil: str = "olya") -> None:
    """From 7А to 5Б, which has one lesson a day."""
    Membership.objects.filter(pupil=cast.pupils[pupil]).update(until=day - timedelta(days=1))
    Membership.objects.create(
        school=cast.school, group=cast.extras["group:5Б"], pupil=cast.pupils[pupil], since=day
    )


def test_a_child_who_changed_class_sees_both(cast: Cast, client_of: Browser) -> None:
    _move(cast, TODAY)
    days = read(cast).days
    assert [[lesson.subject for lesson in day.lessons] for day in days[1:3]] == [
        ["Алгебра", "Физика", "Русский язык"], ["Математика"],
    ]  # fmt: skip
    assert [day.entered for day in days[1:3]] == ["", "С этого дня — в классе 5Б"]
    former = client_of("olya_mother").get(week_url(cast, iso="2026-W46")).content.decode()
    assert "На этой неделе — класс 7А" in former
    assert "С этого дня" not in former


def test_the_first_of_september_is_no_move(cast: Cast) -> None:
    assert not any(day.entered for day in read(cast, monday=date(2026, 8, 31)).days)


def test_a_week_before_enrolment_and_after_leaving_says_so(cast: Cast) -> None:
    Membership.objects.filter(pupil=cast.pupils["olya"]).update(since=MONDAY)
    before = read(cast, monday=MONDAY - timedelta(days=7)).emptiness
    assert (before.title, before.text, before.next_day) == (
        "В эту неделю ученик ещё не учился в школе", "Он зачислен в класс с 16 ноября.", MONDAY,
    )  # fmt: skip
    friday = MONDAY - timedelta(days=3)
    Membership.objects.filter(pupil=cast.pupils["petya"]).update(until=friday)
    after = read(cast, "petya").emptiness
    assert (after.title, after.text, after.next_day) == (
        "В эту неделю ученик не числился в классе", "Последний день в школе — 13 ноября.", friday,
    )  # fmt: skip
    Membership.objects.filter(pupil=cast.pupils["vitya"]).delete()
    assert read(cast, "vitya").emptiness.title == "Ученик ещё не зачислен в класс"


def test_a_first_grader_without_marks_is_told_why(cast: Cast, client_of: Browser) -> None:
    school_class = cast.classes["5Б"]
    school_class.grade_level = 1
    school_class.save()
    text = client_of("olya_mother").get(week_url(cast, "kolya")).content.decode()
    assert "Пропусков нет. В первом классе отметки не ставят." in text


def test_vacations_of_other_grades_are_not_theirs(cast: Cast) -> None:
    Vacation.objects.create(
        school=cast.school, year=2026, name="Каникулы первоклассников", starts=MONDAY, ends=MONDAY + timedelta(days=6),
        grade_from=1, grade_to=1,
    )  # fmt: skip
    assert all(not day.note for day in read(cast).days)


def test_homework_shows_minutes_and_links(cast: Cast, client_of: Browser) -> None:
    given = cast.lesson("algebra").homework.create(
        school=cast.school, year=2026, due_day=TODAY + timedelta(days=1), text="№ 345", minutes=25,
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    HomeworkLink.objects.create(
        school=cast.school, homework=given, url="https://lib.example.org/urok", title="Видеоурок"
    )
    text = client_of("olya_mother").get(week_url(cast)).content.decode()
    assert "≈\xa025\xa0мин" in text
    assert "<span>Видеоурок</span>" in text


@pytest.mark.parametrize(
    ("at", "hours", "opens"),
    [
        ((18, 9, 0), {18: (8, 14), 19: (8, 14)}, (18, "сегодня")),
        ((18, 14, 5), {18: (8, 14), 19: (8, 14)}, (19, "к завтрашнему дню")),
        ((18, 15, 5), {18: (8, 16), 19: (8, 14)}, (19, "к завтрашнему дню")),
        ((18, 15, 5), {18: (14, 19), 19: (14, 19)}, (18, "сегодня")),  # the second shift
        ((18, 15, 5), {18: (8, 14), 20: (8, 14)}, (20, "следующие уроки")),
        ((18, 9, 0), {17: (8, 14), 19: (8, 14)}, (19, "к завтрашнему дню")),  # no lessons today
        ((20, 19, 0), {20: (8, 14)}, (20, "сегодня")),
    ],
)  # fmt: skip
def test_the_week_opens_where_it_is_wanted(
    at: tuple[int, int, int], hours: dict[int, tuple[int, int]], opens: tuple[int, str]
) -> None:
    day, hour, minute = at
    bells = {
        date(2026, 11, number): (time(first), time(last)) for number, (first, last) in hours.items()
    }
    found = opening_day(datetime(2026, 11, day, hour, minute), bells)  # noqa: DTZ001 - the school's clock
    assert found == (date(2026, 11, opens[0]), opens[1])


def test_the_switch_keeps_the_section(cast: Cast, client_of: Browser) -> None:
    client, kolya = client_of("olya_mother"), str(cast.pupils["kolya"].pk)
    for address in (
        week_url(cast), f"/diary/{cast.pupils['olya'].pk}/tasks/", f"/diary/{cast.pupils['olya'].pk}/finals/",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert f'href="{address.replace(str(cast.pupils["olya"].pk), kolya)}"' in page


def test_ticks_and_the_clock_do_not_change_the_version_but_notes_do(cast: Cast) -> None:
    first = read(cast, user="olya_mother").version
    assert queries.week(cast.pupils["olya"], MONDAY, user=None, now=NOW).version == first
    note(cast)
    assert read(cast, user="olya_mother").version != first
