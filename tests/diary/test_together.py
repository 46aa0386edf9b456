"""Two of a family and its school at once: committed, in threads, as in production."""

import threading
import time
from datetime import time as clock_time
from typing import Any

import pytest
from django.urls import reverse

from common.errors import Refusal
from diary import actions, queries
from diary.actions import portfolio
from diary.actions.hours import Hours, add_hours
from diary.errors_desk import AlreadyRecorded
from diary.models import Achievement, Acknowledgement, Channel, Section
from people.scope import scope
from school.models import ContactHours
from tests.cast import ALL_SCHOOLS, NOW, SCHOOL_ID, Cast
from tests.diary.test_portfolio import ENTRY
from tests.diary.test_slips import MONDAY
from tests.journal.test_together import browser, together


def refused(call: Any) -> Any:
    """Run the call in a scope of its own; return what it refused."""
    try:
        with scope([SCHOOL_ID]):
            call()
    except Refusal as refusal:
        return type(refusal)
    return None


def record(cast: Cast) -> Any:
    slip = actions.Slip(
        guardian=cast.people["olya_mother"], pupil=cast.pupils["olya"], channel=Channel.PAPER, evidence="талон"
    )  # fmt: skip
    return actions.record_slip(by=cast.user("ivan"), slip=slip, week=MONDAY, now=NOW)


def test_one_slip_posted_twice_is_recorded_once(committed_cast: Cast) -> None:
    answers = together(*[lambda: refused(lambda: record(committed_cast))] * 2)
    with scope(ALL_SCHOOLS):
        assert (answers, Acknowledgement.objects.count()) == ([None, None], len(Section))


def test_a_slip_that_meets_the_guardians_own_press_is_told_so(committed_cast: Cast) -> None:
    cast, pressed = committed_cast, threading.Event()

    def press() -> None:
        user, pupil = cast.user("olya_mother"), cast.pupils["olya"]
        page = queries.own_section(user, pupil.pk, Section.TIMETABLE, MONDAY, now=NOW)
        assert page is not None
        actions.acknowledge(
            by=user, pupil_id=pupil.pk, section=Section.TIMETABLE, week=MONDAY, version=page.version, now=NOW
        )  # fmt: skip
        pressed.set()
        time.sleep(0.5)  # her request has not ended yet

    def slip() -> Any:
        assert pressed.wait(10)
        return refused(lambda: record(cast))

    assert together(lambda: refused(press), slip) == [None, AlreadyRecorded]
    with scope(ALL_SCHOOLS):
        assert Acknowledgement.objects.get().channel == Channel.WEB


def test_the_limit_of_a_portfolio_holds_for_two_at_once(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MOST", 1)
    by, pupil = committed_cast.user("olya_mother"), committed_cast.pupils["olya"]

    def add() -> Any:
        return refused(lambda: portfolio.add_achievement(by=by, pupil=pupil, entry=ENTRY, now=NOW))

    answers = together(add, add)
    with scope(ALL_SCHOOLS):
        assert (answers.count(None), Achievement.objects.count()) == (1, 1)


def test_contact_hours_do_not_meet_when_two_are_added_at_once(committed_cast: Cast) -> None:
    maria = committed_cast.people["maria"]
    hours = Hours(weekday=1, starts=clock_time(15), ends=clock_time(16), place="каб. 12")

    def add() -> Any:
        by = committed_cast.user("maria")
        return refused(lambda: add_hours(by=by, person=maria, hours=hours))

    answers = together(add, add)
    with scope(ALL_SCHOOLS):
        assert (answers.count(None), ContactHours.objects.filter(person=maria).count()) == (1, 1)


def test_of_two_archives_at_once_one_is_made_and_nobody_waits_for_it(committed_cast: Cast) -> None:
    address = reverse("printouts:takeout", args=[committed_cast.pupils["olya"].pk])

    def take() -> tuple[int, float]:
        client, started = browser(committed_cast, "olya_mother"), time.monotonic()
        return client.get(address).status_code, time.monotonic() - started

    answers = sorted(together(take, take))
    assert [status for status, _ in answers] == [200, 302]
    assert answers[1][1] < answers[0][1]
