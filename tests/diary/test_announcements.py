"""Announcements and notes of the class teacher: who is told, who has read, the bell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary import queries
from diary.models import Announcement, AnnouncementReading
from tests.cast import NOW, TODAY, Cast
from tests.diary.test_pages import statements, week_url
from tests.diary.words import announcement

Browser = Callable[[str], Client]


def unread(cast: Cast, who: str, pupil: str) -> int:
    found = queries.opened(cast.user(who), cast.pupils[pupil].pk, now=NOW)
    assert found is not None
    return found.unread


def board(cast: Cast, pupil: str = "olya") -> str:
    return reverse("diary:announcements", args=[cast.pupils[pupil].pk])


def one(cast: Cast, row: Announcement, pupil: str = "olya") -> str:
    return reverse("diary:announcement", args=[cast.pupils[pupil].pk, row.pk])


def test_the_bell_counts_what_is_said_to_this_child_now_and_not_read(cast: Cast) -> None:
    announcement(cast, "Всем")
    announcement(cast, "Классу", of="7А", author="ivan")
    announcement(cast, "О Пете", of="petya", author="ivan")
    announcement(cast, "Пятому", of="5Б")
    announcement(cast, "Завтра", since=TODAY + timedelta(days=1))
    announcement(cast, "Прошло", since=TODAY - timedelta(days=9))
    announcement(cast, "Снято", withdrawn_at=NOW)
    assert unread(cast, "olya_mother", "olya") == 2
    assert unread(cast, "petya_father", "petya") == 3
    assert unread(cast, "olya_mother", "kolya") == 2
    assert unread(cast, "ivan", "olya") == 0, "the class teacher is not the family"


def test_each_of_the_family_reads_for_herself_and_opening_reads(
    cast: Cast, client_of: Browser
) -> None:
    row = announcement(cast, "Родительское собрание", text="В 18:00, кабинет 12")
    mother = client_of("olya_mother")
    listed = mother.get(board(cast)).content.decode()
    assert "Непрочитанные" in listed
    assert "Непрочитанных: 1" in listed
    assert "В 18:00" in mother.get(one(cast, row)).content.decode()
    assert mother.get(one(cast, row)).status_code == 200
    assert AnnouncementReading.objects.filter(announcement=row).count() == 1
    after = mother.get(board(cast)).content.decode()
    assert "Непрочитанные" not in after
    assert "Прочитанные" in after
    assert (unread(cast, "olya_mother", "olya"), unread(cast, "olya_mother", "kolya")) == (0, 0)
    assert unread(cast, "olya_father", "olya") == 1


def test_who_looks_for_the_school_reads_nothing(cast: Cast, client_of: Browser) -> None:
    row = announcement(cast, "Собрание")
    for who in ("ivan", "head"):
        assert client_of(who).get(one(cast, row)).status_code == 200
    assert not AnnouncementReading.objects.exists()


def test_words_to_others_are_not_there(cast: Cast, client_of: Browser) -> None:
    mother = client_of("olya_mother")
    for row in (
        announcement(cast, "О Пете", of="petya", author="ivan"),
        announcement(cast, "Пятому классу", of="5Б"),
        announcement(cast, "Снятое", withdrawn_at=NOW),
        announcement(cast, "Завтрашнее", since=TODAY + timedelta(days=1)),
    ):
        assert mother.get(one(cast, row)).status_code == 404
        assert row.title not in mother.get(board(cast)).content.decode()


def test_what_is_over_stands_last_and_is_not_counted(cast: Cast, client_of: Browser) -> None:
    announcement(cast, "Субботник", since=TODAY - timedelta(days=9))
    page = client_of("olya_mother").get(board(cast)).content.decode()
    assert "Прошедшие: 1" in page
    assert "Непрочитанных" not in page


def test_the_menu_beside_the_tabs_marks_the_page_that_is_open(
    cast: Cast, client_of: Browser
) -> None:
    page = client_of("olya_mother").get(board(cast)).content.decode()
    menu = page[page.index("Ещё в дневнике") :]
    assert f'href="{board(cast)}" aria-current="page"' in menu
    week = client_of("olya_mother").get(week_url(cast)).content.decode()
    assert f'href="{board(cast)}"' in week
    assert week.count('class="nav-link"') == 5


def test_the_bell_costs_the_week_no_statement(cast: Cast, client_of: Browser) -> None:
    announcement(cast, "Собрание")
    client = client_of("olya_mother")
    client.get(week_url(cast))
    with CaptureQueriesContext(connection) as counted:
        assert "Непрочитанных: 1" in client.get(week_url(cast)).content.decode()
    assert len(statements(counted)) <= 7


@pytest.mark.parametrize("path", ["board", "one"])
def test_pages_of_announcements_cost_few_statements(
    cast: Cast, client_of: Browser, path: str
) -> None:
    rows = [announcement(cast, f"Объявление {n}") for n in range(5)]
    client = client_of("olya_mother")
    url = board(cast) if path == "board" else one(cast, rows[0])
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    assert len(statements(counted)) <= 8
