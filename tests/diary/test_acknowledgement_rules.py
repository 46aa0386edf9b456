"""What the block says and when it asks: news, changes, vacations, the regulation, divorced parents (K4a)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary import queries
from diary.models import Acknowledgement, Section
from people.models import Guardianship, Restriction
from regulation.actions import adopt
from school.models import Lesson, Vacation
from tests.cast import MONDAY, NOW, SEPTEMBER, TODAY, Cast
from tests.diary.test_acknowledgement import press
from tests.diary.test_clauses import judged
from tests.diary.test_pages import statements, week_url
from tests.diary.test_week import give, read

pytestmark = pytest.mark.clause("K4a")
Browser = Callable[[str], Client]
VACATION = "2026-W44"
BUTTON, REMINDER = "С дневником ознакомлен", "Неделя заканчивается"
LAST_WEEK = MONDAY - timedelta(days=7)


def finals_url(cast: Cast, iso: str = "2026-W47", pupil: str = "olya") -> str:
    return f"{reverse('diary:finals', args=[cast.pupils[pupil].pk])}?week={iso}"


def text_of(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().replace("\xa0", " ").split())


def divorce(cast: Cast) -> None:
    """A court restricts the father."""
    Restriction.objects.create(
        school=cast.school, guardianship=cast.guardianships["olya_father", "olya"], act_number="2-17",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
@pytest.mark.parametrize("section", ["timetable", "finals"])
def test_a_press_costs_six_statements_all_in(
    cast: Cast, client_of: Browser, section: str, headers: dict[str, str]
) -> None:
    give(cast, "olya", cast.lesson("algebra"), "5")
    client = client_of("olya_mother")
    page = client.get(week_url(cast) if section == "timetable" else finals_url(cast))
    given = {"section": section, "week": "2026-W47", "version": page.context["state"].version}
    address = reverse("diary:acknowledge", args=[cast.pupils["olya"].pk])
    with CaptureQueriesContext(connection) as counted:
        answer = client.post(address, given, headers=headers)
    assert answer.status_code in {200, 302}
    assert Acknowledgement.objects.count() == 1
    assert len(statements(counted)) <= 6, statements(counted)


def test_what_came_later_is_new_and_does_not_ask_again(cast: Cast, client_of: Browser) -> None:
    give(cast, "olya", cast.lesson("algebra"), "4")
    press(cast)
    give(cast, "olya", cast.lesson("physics"), "3")
    give(cast, "olya", cast.lesson("russian"), "5")
    cast.lesson("algebra", MONDAY).absences.create(
        year=2026, school=cast.school, pupil=cast.pupils["olya"], code="ill", set_by=cast.users["ivan"], set_at=NOW,
    )  # fmt: skip
    week = read(cast, user="olya_mother")
    assert week.acknowledgement.later == "2\xa0отметки, 1\xa0пропуск"
    assert [mark.is_new for mark in week.marks] == [False, True, True]
    text = text_of(client_of("olya_mother"), week_url(cast))
    assert "Новое после ознакомления:</span> 2 отметки, 1 пропуск." in text
    assert BUTTON not in text
    press(cast)
    assert read(cast, user="olya_mother").acknowledgement.later == ""


def test_a_changed_mark_brings_the_button_back_and_the_week_stays_kept(
    cast: Cast, client_of: Browser
) -> None:
    mark = give(cast, "olya", cast.lesson("algebra", LAST_WEEK), "4")
    for section in Section.values:
        press(cast, week=LAST_WEEK, section=Section(section), version=_version(cast, section))
    mark.value, mark.score = "5", 5
    mark.save()
    text = text_of(client_of("olya_mother"), week_url(cast, iso="2026-W46"))
    assert "После ознакомления изменено:</b> алгебра 4 → 5" in text
    assert BUTTON in text
    assert "Ознакомлены: Ёлкина О. В." in text
    assert read(cast, user="olya_mother", monday=LAST_WEEK).acknowledgement.is_kept
    desk = client_of("ivan").get(
        reverse("desk:class", args=[cast.classes["7А"].pk]) + "?week=2026-W46"
    )
    assert next(row for row in desk.context["rows"] if row.name == "Ёлкина Оля").is_kept
    for guardian, pupil in (("petya_father", "petya"), ("olya_mother", "kolya")):
        _acknowledge(cast, guardian, pupil)
    assert judged(cast.school, "K4a").state == "kept"


def _version(cast: Cast, section: str) -> str:
    read_page = queries.finals if section == "finals" else queries.week
    return read_page(cast.pupils["olya"], LAST_WEEK, user=cast.user("olya_mother"), now=NOW).version


def _acknowledge(cast: Cast, guardian: str, pupil: str, **fields: Any) -> None:
    given = {"week": LAST_WEEK, "at": NOW, "version": "0" * 64, "channel": "web"} | fields
    for section in Section.values:
        Acknowledgement.objects.create(
            school=cast.school, guardian=cast.people[guardian], pupil=cast.pupils[pupil], section=section,
            registered_by=cast.users[guardian], **given,
        )  # fmt: skip


def test_a_mark_taken_back_is_told_too(cast: Cast) -> None:
    mark = give(cast, "olya", cast.lesson("algebra"), "2")
    press(cast)
    mark.delete()
    state = read(cast, user="olya_mother").acknowledgement
    assert [change.words for change in state.changes] == ["алгебра 2 → снята"]
    assert state.shows_button


def test_weeks_of_vacation_are_not_owed(cast: Cast, client_of: Browser) -> None:
    client = client_of("olya_mother")
    for url in (week_url(cast, iso=VACATION), finals_url(cast, VACATION)):
        text = text_of(client, url)
        assert "подтверждать ознакомление не нужно" in text
        assert BUTTON not in text
        assert "Пока не ознакомлены" not in text
    desk = client_of("ivan").get(
        reverse("desk:class", args=[cast.classes["7А"].pk]) + f"?week={VACATION}"
    )
    assert not desk.context["desk"].is_owed


def test_a_class_on_vacation_does_not_break_the_clause(cast: Cast) -> None:
    """The first grade has a week of its own in February."""
    for guardian, pupil in (("olya_mother", "olya"), ("petya_father", "petya")):
        _acknowledge(cast, guardian, pupil)
    assert judged(cast.school, "K4a").state == "broken"
    Lesson.objects.filter(course=cast.courses["maths5"], day__lt=MONDAY).update(status="cancelled")
    Vacation.objects.create(
        school=cast.school, year=2026, name="Свои каникулы", starts=LAST_WEEK, ends=LAST_WEEK + timedelta(days=6),
        grade_from=5, grade_to=5,
    )  # fmt: skip
    assert judged(cast.school, "K4a").state == "kept"


def test_the_button_stands_where_the_regulation_says(cast: Cast, client_of: Browser) -> None:
    adopt(
        by=None, school=cast.school, profile="k", since=SEPTEMBER,
        parameters={"acknowledgement_sections": ["timetable"], "acknowledgement_interval_days": 7},
    )  # fmt: skip
    client = client_of("olya_mother")
    assert BUTTON in text_of(client, week_url(cast))
    assert 'id="acknowledgement"' not in text_of(client, finals_url(cast))


def test_a_longer_interval_of_the_regulation_covers_the_week(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    adopt(
        by=None, school=cast.school, profile="k", since=SEPTEMBER,
        parameters={"acknowledgement_interval_days": 14},
    )  # fmt: skip
    _acknowledge(cast, "olya_father", "olya")
    clock.move_to(NOW + timedelta(days=2))
    text = text_of(client_of("olya_mother"), week_url(cast))
    assert "По регламенту школы достаточно раз в 14 дней" in text
    assert REMINDER not in text
    assert BUTTON in text


@pytest.mark.parametrize(
    ("day", "who", "stands"),
    [(18, "olya_mother", False), (19, "olya_mother", False), (20, "olya_mother", True), (22, "olya_mother", True),
     (20, "olya", False), (20, "ivan", False)],
)  # fmt: skip
def test_from_friday_a_line_at_the_top_reminds(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller, day: int, who: str, stands: bool
) -> None:
    clock.move_to(datetime(2026, 11, day, 9, tzinfo=cast.school.zone))
    text = text_of(client_of(who), week_url(cast))
    assert (REMINDER in text) is stands
    assert ('href="#acknowledgement"' in text) is stands


def test_one_guardian_suffices_and_both_are_shown(
    cast: Cast, client_of: Browser, clock: time_machine.Traveller
) -> None:
    press(cast, "olya_father")
    clock.move_to(datetime(2026, 11, 20, 9, tzinfo=cast.school.zone))
    text = text_of(client_of("olya_mother"), week_url(cast))
    assert REMINDER not in text
    assert "Ознакомлены: Ёлкин В. П., 18 ноября в 12:30" in text
    assert "Пока не ознакомлены: Ёлкина О. В. — достаточно одного представителя" in text
    assert BUTTON in text


def test_the_pupil_sees_the_state_without_the_button(cast: Cast, client_of: Browser) -> None:
    press(cast)
    for url in (week_url(cast), finals_url(cast)):
        text = text_of(client_of("olya"), url)
        assert 'id="acknowledgement"' in text
        assert BUTTON not in text
    assert "Ознакомлены: Ёлкина О. В." in text_of(client_of("olya"), week_url(cast))


def test_a_restricted_parent_has_no_diary_and_owes_nothing(cast: Cast, client_of: Browser) -> None:
    divorce(cast)
    father, mother = client_of("olya_father"), client_of("olya_mother")
    assert father.get(week_url(cast)).status_code == 404
    given = {"section": "timetable", "week": "2026-W47", "version": read(cast).version}
    address = reverse("diary:acknowledge", args=[cast.pupils["olya"].pk])
    assert father.post(address, given).status_code == 404
    assert not Acknowledgement.objects.exists()
    assert "Доступ ограничен" in text_of(father, reverse("diary:children"))
    for url in (week_url(cast), finals_url(cast)):
        text = text_of(mother, url)
        assert "Ёлкин В. П." not in text
        assert "Пока не ознакомлены: Ёлкина О. В." in text
    desk = client_of("ivan").get(reverse("desk:class", args=[cast.classes["7А"].pk]))
    row = next(row for row in desk.context["rows"] if row.name == "Ёлкина Оля")
    assert [guardian.name for guardian in row.guardians] == ["Ёлкина О. В."]


def test_who_represents_the_child_no_more_has_kept_the_week(cast: Cast, client_of: Browser) -> None:
    press(cast, "olya_father")
    Guardianship.objects.filter(pk=cast.guardianships["olya_father", "olya"].pk).update(
        until=TODAY - timedelta(days=1)
    )
    state = read(cast, user="olya_mother").acknowledgement
    assert state.is_kept
    assert [guardian.name for guardian in state.guardians] == ["Ёлкина О. В."]


def test_any_past_week_without_a_trap_of_days(cast: Cast, client_of: Browser) -> None:
    """The first week of lessons can still be acknowledged, and its page says by whom and when."""
    client, first = client_of("olya_mother"), week_url(cast, iso="2026-W45")
    given = {
        "section": "timetable", "week": "2026-W45", "version": client.get(first).context["state"].version,
    }  # fmt: skip
    answer = client.post(reverse("diary:acknowledge", args=[cast.pupils["olya"].pk]), given)
    assert answer["Location"] == f"{first}#acknowledgement"
    assert "Ознакомлены: Ёлкина О. В., 18 ноября" in text_of(client, first)
    coming = week_url(cast, iso="2026-W48")
    assert 'id="acknowledgement"' not in text_of(client, coming)
