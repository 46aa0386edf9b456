"""A page that the family's phone holds is answered by 304 while it is true, and never longer."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from access.models import Visit
from common.looks import TEXT_SIZE
from diary.queries import rows
from journal.models import Homework
from people.models import Guardianship, Person, School
from people.scope import scope
from school.models import Lesson, Sitting
from tests.cast import ALL_SCHOOLS, NOW, Cast

tasks = import_module("diary.queries.tasks")  # the package gives the function that name
TABLES = import_module("diary.migrations.0007_changes_of_pages").TABLES
# Visits before today do not change today; a correction is told by the mark itself; opened anew each time.
TOLD_OTHERWISE = {"access_visit", "audit_event"}
NAMES = re.compile(
    r"\b(?:FROM|JOIN)\s+((?:people|school|journal|diary|consent|access|regulation|audit)_[a-z]+)"
)

WEEK, TASKS = "/diary/{}/week/2026-W47/", "/diary/{}/tasks/"
ON_A_PHONE = settings.SESSION_COOKIE_AGE


def test_everything_that_the_pages_read_tells_of_its_changes() -> None:
    texts = [
        text for page in (rows, tasks) for text in vars(page).values() if isinstance(text, str)
    ]
    read = {table for text in texts for table in NAMES.findall(text)}
    assert {"journal_mark", "diary_donetask", "school_lessonchange"} <= read
    assert read - TOLD_OTHERWISE <= set(TABLES)


def test_every_table_has_its_three_triggers(db: None) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname LIKE 'note\\_%' AND NOT c.relispartition GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(TABLES, 3)


def signed_in(cast: Cast, name: str, *, expiry: int = ON_A_PHONE) -> Client:
    """«Это мой телефон» was ticked at sign-in, unless the session ends with the browser."""
    client = Client()
    client.force_login(cast.users[name], backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session.set_expiry(expiry)
    session.save()
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32  # of the sign-in page
    return client


@pytest.fixture
def phone(committed_cast: Cast) -> Client:
    return signed_in(committed_cast, "olya_mother")


@pytest.fixture(params=[WEEK, TASKS], ids=["week", "tasks"])
def address(request: Any, committed_cast: Cast) -> str:
    return str(request.param).format(committed_cast.pupils["olya"].pk)


def still_true(phone: Client, address: str, tag: str) -> bool:
    status = phone.get(address, headers={"If-None-Match": tag}).status_code
    assert status in {200, 304}
    return status == 304


def test_an_unchanged_page_is_not_made_anew_and_the_look_counts(
    phone: Client, address: str, clock: Any
) -> None:
    first = phone.get(address)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-store")
    clock.shift(timedelta(minutes=2))
    again = phone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-store"
    with scope(ALL_SCHOOLS):
        assert [visit.times for visit in Visit.objects.all()] == [2]


@pytest.mark.clause("G2.10.1b")
def test_a_shared_computer_keeps_no_page_to_ask_about(committed_cast: Cast, address: str) -> None:
    answer = signed_in(committed_cast, "olya_mother", expiry=0).get(address)
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_school_keeps_no_page(committed_cast: Cast, address: str) -> None:
    assert "ETag" not in signed_in(committed_cast, "ivan").get(address).headers


def set_homework(cast: Cast, course: str) -> Homework:
    lesson = cast.lesson(course)
    return Homework.objects.create(
        school_id=lesson.school_id, year=lesson.year, lesson=lesson, due_day=NOW.date() + timedelta(days=2),
        text="Упр. 1", set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip


def another_father(cast: Cast) -> None:
    tie = cast.guardianships["olya_father", "olya"]
    Guardianship.objects.filter(pk=tie.pk).update(kind="guardian")


CHANGES: dict[str, Callable[[Cast], object]] = {
    "homework": lambda cast: set_homework(cast, "algebra"),
    "topic": lambda cast: Lesson.objects.filter(pk=cast.lesson("algebra").pk).update(topic="Дроби"),
    "room": lambda cast: Sitting.objects.filter(pk=cast.lesson("algebra").sitting_id).update(room=None),
    "teacher": lambda cast: Person.objects.filter(pk=cast.people["maria"].pk).update(last_name="Новая"),
    "school": lambda cast: School.objects.filter(pk=cast.school.pk).update(short_name="Лицей"),
    "guardian": another_father,
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_the_page_anew(
    phone: Client, address: str, committed_cast: Cast, change: Callable[[Cast], object]
) -> None:
    tag = phone.get(address).headers["ETag"]
    assert still_true(phone, address, tag)
    with scope(ALL_SCHOOLS):
        change(committed_cast)
    assert not still_true(phone, address, tag)


def test_the_homework_of_another_class_changes_nothing(
    phone: Client, address: str, committed_cast: Cast
) -> None:
    tag = phone.get(address).headers["ETag"]
    with scope(ALL_SCHOOLS):
        set_homework(committed_cast, "maths5")
    assert still_true(phone, address, tag)


def test_a_change_that_was_under_way_is_seen_when_it_is_committed(
    phone: Client, address: str, committed_cast: Cast
) -> None:
    """The change began before the page was made, and ended after: no number that only grows would tell."""
    with transaction.atomic(using="owner"):
        slow = Lesson.objects.using("owner").filter(pk=committed_cast.lesson("algebra").pk)
        slow.update(topic="Дроби")
        tag = phone.get(address).headers["ETag"]
        assert still_true(phone, address, tag)
        with scope(ALL_SCHOOLS):
            set_homework(committed_cast, "maths5")  # a later change, committed earlier
        assert still_true(phone, address, tag)
    assert not still_true(phone, address, tag)


def test_a_lesson_that_ends_and_the_next_day_make_the_page_anew(
    phone: Client, address: str, clock: Any
) -> None:
    """12:30: the fifth lesson has begun; at 13:10 it ends, the day at school at 15:00."""
    tag = phone.get(address).headers["ETag"]
    clock.shift(timedelta(minutes=1))
    assert still_true(phone, address, tag)
    clock.shift(timedelta(hours=3))
    assert not still_true(phone, address, tag)
    tag = phone.get(address).headers["ETag"]
    clock.shift(timedelta(hours=10))
    assert not still_true(phone, address, tag)


def test_another_size_of_text_another_reader_and_a_forged_tag_make_the_page_anew(
    phone: Client, address: str, committed_cast: Cast
) -> None:
    tag = phone.get(address).headers["ETag"]
    assert not still_true(signed_in(committed_cast, "olya_father"), address, tag)
    snapshot, _, signed = tag.partition(".")
    assert not still_true(phone, address, f'W/"1:99999999:.{signed}')
    assert not still_true(phone, address, f"{snapshot}.1.{signed}")
    assert still_true(phone, address, tag)
    phone.cookies[TEXT_SIZE] = "large"
    assert not still_true(phone, address, tag)


def test_a_closed_diary_is_not_answered_from_a_copy(
    phone: Client, address: str, committed_cast: Cast
) -> None:
    tag = phone.get(address).headers["ETag"]
    with scope(ALL_SCHOOLS):
        Guardianship.objects.filter(
            pk=committed_cast.guardianships["olya_mother", "olya"].pk
        ).update(open_until=NOW.date() - timedelta(days=1))
    assert phone.get(address, headers={"If-None-Match": tag}).status_code == 404
