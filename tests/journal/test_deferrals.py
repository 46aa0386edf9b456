"""A result put off for illness: its date, its ground, the reminder, the mark that takes its place."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from common.errors import Forbidden
from journal import actions
from journal.closing import YEAR
from journal.errors import BrokenDeferral, StaleCell
from journal.events import deferral_due
from journal.models import Deferral, PeriodMark, SignOff
from people.models import School
from tests.cast import NOW, TODAY, Cast
from tests.journal.closing import chosen, place, put, put_all, sign

SOON = TODAY + timedelta(days=14)


def put_off(cast: Cast, who: str = "maria", *, until: date = SOON, ground: str = "справка № 7", rev: int = 0, period: str = "") -> Deferral:  # fmt: skip
    return actions.defer(
        by=cast.user(who), chosen=chosen(cast, period=period), pupil_id=cast.pupils["olya"].pk,
        until=until, ground=ground, rev=rev, now=NOW,
    )  # fmt: skip


def remind(day: date) -> int:
    return actions.remind(now=NOW + (day - TODAY), today=day)


@pytest.mark.clause("T5c")
def test_a_result_is_put_off_and_the_period_may_be_signed(cast: Cast) -> None:
    put_off(cast)
    stands = place(cast, "olya")
    assert (stands.value, stands.status, stands.until) == ("отсрочка", "deferred", SOON)
    put_all(cast, without="olya")
    assert sign(cast).pk


@pytest.mark.clause("T5c")
def test_the_mark_that_comes_later_takes_its_place_after_sign_off_too(cast: Cast) -> None:
    put_off(cast)
    put_all(cast, without="olya")
    sign(cast)
    assert put(cast, "maria", "4", rev=1).state == "ok"
    assert not Deferral.objects.exists()
    assert PeriodMark.objects.get(pupil=cast.pupils["olya"]).value == "4"
    assert put(cast, "maria", "5", rev=2).state == "locked"
    assert SignOff.objects.count() == 1


@pytest.mark.clause("T5c")
def test_a_reminder_comes_three_days_before_and_on_the_day(cast: Cast) -> None:
    heard: list[Any] = []
    receiver = lambda **event: heard.append(event["deferrals"])  # noqa: E731
    deferral_due.connect(receiver)
    deferral = put_off(cast)
    days = [SOON - timedelta(days=4) + timedelta(days=n) for n in range(7)]
    assert [remind(day) for day in days] == [0, 1, 0, 0, 1, 0, 0]
    deferral_due.disconnect(receiver)
    assert heard == [(deferral.pk,)] * 2


def test_the_day_of_a_reminder_is_the_day_of_the_school(cast: Cast) -> None:
    """In Vladivostok it is the morning of the date when in Greenwich it is the evening before."""
    put_off(cast)
    School.objects.filter(pk=cast.school.pk).update(time_zone="Asia/Vladivostok")
    morning = datetime.combine(SOON, time(8), ZoneInfo("Asia/Vladivostok"))
    assert morning.astimezone(UTC).date() < SOON
    assert actions.remind(now=morning, today=SOON) == 1
    late = morning + timedelta(days=1, hours=1)
    assert actions.remind(now=late, today=SOON + timedelta(days=1)) == 0


@pytest.mark.clause("T5c")
def test_nobody_is_reminded_of_what_is_settled(cast: Cast) -> None:
    put_off(cast)
    put(cast, "maria", "5", rev=1)
    assert remind(SOON) == 0


def test_a_moved_date_is_reminded_of_again(cast: Cast) -> None:
    put_off(cast)
    assert remind(SOON) == 1
    moved = put_off(cast, until=SOON + timedelta(days=10), rev=1)
    assert moved.reminded_at is None
    assert Deferral.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"until": TODAY}, "until"),
        ({"until": date(2028, 1, 1)}, "until"),
        ({"ground": "  "}, "ground"),
        ({"period": YEAR}, "until"),
    ],
)
def test_a_deferral_needs_a_date_and_a_ground(cast: Cast, more: dict[str, Any], field: str) -> None:
    with pytest.raises(BrokenDeferral) as refusal:
        put_off(cast, **more)
    assert refusal.value.details["field"] == field


def test_only_the_courses_teacher_puts_off_and_only_what_she_saw(cast: Cast) -> None:
    for who in ("ivan", "nina", "svetlana"):
        with pytest.raises(Forbidden):
            put_off(cast, who)
    put(cast, "maria", "4")
    with pytest.raises(StaleCell):
        put_off(cast)
    assert put_off(cast, rev=1).period_mark.rev == 2
