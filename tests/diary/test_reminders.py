"""«Напомнить» and the job that reminds by the regulation (K4a, G2.10.3)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from common.errors import Forbidden
from consent.models import Contact
from diary import actions, queries
from diary.errors_desk import NobodyToRemind
from diary.jobs import remind_of_weeks
from diary.models import Acknowledgement, Reminder, Section
from diary.pages.reminders import Reminding
from notifications import actions as outbox
from notifications import letters
from notifications.models import Attempt, OutboxMessage, Preference
from notifications.quiet import after_quiet
from people.models import Restriction
from people.scope import scope
from regulation.actions import adopt
from tests.audit.roles import as_worker
from tests.cast import ALL_SCHOOLS, MONDAY, MOSCOW, NOW, SEPTEMBER, TODAY, Cast

Browser = Callable[[str], Client]


@pytest.fixture
def agreed(cast: Cast) -> Cast:
    """Everybody's address is agreed for reminders."""
    Contact.objects.update(uses=["digest", "reminder"])
    return cast


@pytest.fixture
def world(committed_cast: Cast) -> Iterator[Cast]:
    """The cast, seen by the worker's role."""
    with as_worker():
        yield committed_cast


def page(cast: Cast, week: date = MONDAY, now: datetime = NOW) -> Reminding:
    return queries.reminding(cast.classes["7А"], week, now=now)


def keys(cast: Cast) -> set[Any]:
    return {(one.pupil_id, one.guardian_id) for one in page(cast).everybody}


def remind(cast: Cast, by: str = "ivan", **fields: Any) -> list[Reminder]:
    given = {"week": MONDAY, "chosen": keys(cast), "now": NOW} | fields
    return actions.remind(by=cast.user(by), school_class=cast.classes["7А"], **given)


def acknowledge(cast: Cast, guardian: str, pupil: str, week: date = MONDAY) -> None:
    for section in Section.values:
        Acknowledgement.objects.create(
            school=cast.pupils[pupil].school, guardian=cast.people[guardian], pupil=cast.pupils[pupil],
            section=section, week=week, version="0" * 64, channel="web", at=NOW,
            registered_by=cast.users[guardian],
        )  # fmt: skip


def told() -> list[tuple[str, date]]:
    rows = OutboxMessage.objects.filter(template=letters.REMINDER).select_related("recipient")
    return sorted((r.recipient.last_name, date.fromisoformat(r.data["week"])) for r in rows)


@pytest.mark.clause("G2.10.3")
def test_the_page_tells_whom_a_letter_reaches_and_whom_not_and_why(agreed: Cast) -> None:
    Contact.objects.filter(person=agreed.people["petya_father"]).update(uses=["digest"])
    Contact.objects.create(
        school=agreed.school, person=agreed.people["petya_father"], kind="phone", value="+70001112233",
        origin="written", given_on=SEPTEMBER,
    )  # fmt: skip
    found = page(agreed)
    assert [one.guardian for one in found.reached] == ["Ёлкин В. П.", "Ёлкина О. В."]
    assert [(one.guardian, one.obstacle, one.phone) for one in found.unreached] == [
        ("Петров С. И.", "no_address", "+70001112233"),
        ("Сидорова Р. З.", "paper", ""),
        ("Тихонова В. О.", "closed", ""),
    ]


@pytest.mark.clause("G2.10.3")
def test_reminders_are_kept_and_letters_go_to_the_agreed_addresses_only(agreed: Cast) -> None:
    Contact.objects.filter(person=agreed.people["petya_father"]).update(uses=["digest"])
    made = remind(agreed)
    assert {(one.guardian_id, one.week, one.by_id) for one in made} == {
        (agreed.people[who].pk, MONDAY, agreed.users["ivan"].pk) for who in ("olya_mother", "olya_father")
    }  # fmt: skip
    assert told() == [("Ёлкин", MONDAY), ("Ёлкина", MONDAY)]
    message = OutboxMessage.objects.get(recipient=agreed.people["olya_mother"])
    letter = letters.compose(letters.REMINDER, message.data, children=[agreed.pupils["olya"].pk])
    assert letter.subject == "Дневник ждёт ознакомления: 16–21 ноября"
    assert f"/diary/{agreed.pupils['olya'].pk}/week/2026-W47/" in letter.text
    assert "С дневником ознакомлен" in letter.html


@pytest.mark.clause("G2.10.3")
def test_a_week_is_not_reminded_of_oftener_than_the_regulation_lets(agreed: Cast) -> None:
    remind(agreed)
    with pytest.raises(NobodyToRemind):
        remind(agreed, now=NOW + timedelta(days=2))
    assert {one.again_on for one in page(agreed).lately} == {TODAY + timedelta(days=3)}
    assert len(remind(agreed, now=NOW + timedelta(days=3))) == 3
    assert Reminder.objects.count() == 6


def test_of_one_child_nobody_is_told_twice_a_day_whatever_the_week(agreed: Cast) -> None:
    remind(agreed)
    with pytest.raises(NobodyToRemind):
        remind(agreed, week=MONDAY - timedelta(days=7))


def test_who_acknowledged_or_had_no_lessons_is_not_reminded(agreed: Cast) -> None:
    acknowledge(agreed, "olya_father", "olya")
    assert [one.guardian for one in page(agreed).reached] == ["Петров С. И."]
    assert not page(agreed, date(2026, 10, 26)).everybody


def test_who_is_restricted_is_not_even_named(agreed: Cast) -> None:
    Restriction.objects.create(
        school=agreed.school, guardianship=agreed.guardianships["olya_father", "olya"], act_number="1",
        act_date=TODAY, since=TODAY,
    )  # fmt: skip
    assert "Ёлкин В. П." not in [one.guardian for one in page(agreed).everybody]


@pytest.mark.parametrize("by", ["nina", "maria", "olya_mother", "stranger"])
def test_only_the_class_teacher_reminds(agreed: Cast, by: str) -> None:
    with pytest.raises(Forbidden):
        remind(agreed, by)


@pytest.mark.clause("G2.10.3")
def test_names_come_before_letters_and_one_may_be_chosen(agreed: Cast, client_of: Browser) -> None:
    client = client_of("ivan")
    url = reverse("desk:remind", args=[agreed.classes["7А"].pk]) + "?week=2026-W47"
    text = client.get(url).content.decode()
    assert "Ёлкина О. В. — Ёлкина Оля" in text
    assert not Reminder.objects.exists()
    mother = f"{agreed.pupils['olya'].pk}:{agreed.people['olya_mother'].pk}"
    assert client.get(f"{url}&guardian={mother}").content.decode().count(" checked") == 1
    assert client.post(url, {}).status_code == 422
    answer = client.post(url, {"who": [mother]})
    assert answer.status_code == 302
    assert told() == [("Ёлкина", MONDAY)]
    again = client.post(url, {"who": [mother]})
    assert again.status_code == 422
    assert "список изменился" in again.content.decode()
    assert client_of("nina").get(url).status_code == 403


@pytest.mark.clause("G2.10.3")
def test_a_talk_with_whom_no_letter_reaches_is_written_down(
    agreed: Cast, client_of: Browser
) -> None:
    url = reverse("desk:reminded_in_person", args=[agreed.classes["7А"].pk]) + "?week=2026-W47"
    who = f"{agreed.pupils['vitya'].pk}:{agreed.people['vitya_mother'].pk}"
    assert client_of("ivan").post(url, {"guardian": who}).status_code == 302
    assert Reminder.objects.get().guardian_id == agreed.people["vitya_mother"].pk
    assert told() == []
    reached = f"{agreed.pupils['olya'].pk}:{agreed.people['olya_mother'].pk}"
    assert client_of("ivan").post(url, {"guardian": reached}).status_code == 422


def test_a_press_at_night_waits_for_the_morning_and_own_quiet_hours_are_kept(agreed: Cast) -> None:
    Preference.objects.create(
        school=agreed.school, person=agreed.people["olya_mother"], quiet_from=time(13, 0),
        quiet_until=time(19, 30), set_at=NOW,
    )  # fmt: skip
    night = datetime(2026, 11, 18, 23, 30, tzinfo=MOSCOW)
    remind(agreed, now=night)
    begins = dict(OutboxMessage.objects.values_list("recipient__last_name", "not_before"))
    assert begins["Ёлкина"] == night
    assert begins["Ёлкин"] == datetime(2026, 11, 19, 7, 0, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("hour", "morning"),
    [(20, None), (21, 19), (23, 19), (3, 18), (6, 18), (7, None), (12, None)],
)
def test_quiet_hours_go_over_midnight(hour: int, morning: int | None) -> None:
    moment = datetime(2026, 11, 18, hour, 0, tzinfo=MOSCOW)
    wanted = datetime(2026, 11, morning, 7, 0, tzinfo=MOSCOW) if morning else moment
    assert after_quiet(moment, MOSCOW) == wanted


def test_a_letter_that_waited_is_not_sent_when_the_week_was_acknowledged_meanwhile(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    with scope(ALL_SCHOOLS):
        Contact.objects.update(uses=["reminder"])
        mother = cast.people["olya_mother"].pk
        chosen = {(cast.pupils["olya"].pk, mother)}
        remind(cast, chosen=chosen)
        acknowledge(cast, "olya_father", "olya")
    (claim,) = outbox.claim(schools=ALL_SCHOOLS, limit=5, now=NOW)
    assert outbox.deliver(claimed=claim, channels={}, now=NOW) == "failed"
    with scope(ALL_SCHOOLS):
        assert Attempt.objects.get().error == "неделя уже отмечена"


def run(day: date, hour: int = 17) -> Any:
    now = datetime.combine(day, time(hour, 5), tzinfo=MOSCOW)
    with time_machine.travel(now, tick=False):
        return remind_of_weeks(now)


def days_of(person: Any) -> list[str]:
    with scope(ALL_SCHOOLS):
        rows = Reminder.objects.filter(guardian=person).order_by("at", "week")
        return [f"{one.at.astimezone(MOSCOW):%a %d} {one.week:%d}" for one in rows]


@pytest.mark.clause("K4a", "G2.10.3")
def test_the_job_reminds_by_the_regulation_of_each_school(world: Cast) -> None:
    """Three weeks, each hour of the day: ours reminds by the defaults, the other by its own version."""
    cast = world
    with scope(ALL_SCHOOLS):
        Contact.objects.update(uses=["reminder"])
        adopt(
            by=None, school=cast.other_school, profile="k", since=SEPTEMBER,
            parameters={"reminder_lead_days": 1, "reminder_interval_days": 7},
        )  # fmt: skip
        adopt(by=None, school=cast.branch, profile="t", since=SEPTEMBER)
        acknowledge(cast, "olya_father", "olya", MONDAY)
    day = date(2026, 11, 9)
    while day < date(2026, 11, 28):
        for hour in (9, 17, 18, 19, 22):
            run(day, hour)
        day += timedelta(days=1)
    # Friday of the week, again on Monday when it is overdue, then the next week's Friday.
    assert days_of(cast.people["petya_father"]) == [
        "Mon 09 02", "Fri 13 09", "Mon 16 09", "Fri 20 16", "Mon 23 16", "Fri 27 23",
    ]  # fmt: skip
    # Her husband acknowledged the week of the 16th: neither of them is told of it.
    assert days_of(cast.people["olya_mother"]) == [
        "Mon 09 02", "Mon 09 02", "Fri 13 09", "Fri 13 09", "Mon 16 09", "Mon 16 09", "Fri 20 16", "Mon 23 16",
        "Fri 27 23", "Fri 27 23",
    ]  # fmt: skip
    # A week once, on Saturday.
    assert days_of(cast.people["other_guardian"]) == ["Sat 14 09", "Sat 21 16"]
    assert days_of(cast.people["vitya_mother"]) == []
    with scope(ALL_SCHOOLS):
        hours = {m.not_before.astimezone(MOSCOW).hour for m in OutboxMessage.objects.all()}
        assert hours == {17}
        assert OutboxMessage.objects.count() == Reminder.objects.count()
        assert not Reminder.objects.exclude(by=None).exists()


@pytest.mark.clause("K4a")
def test_the_job_finds_nobody_left_and_leaves_alone_who_is_closed_or_restricted(
    world: Cast,
) -> None:
    cast = world
    with scope(ALL_SCHOOLS):
        Contact.objects.update(uses=["reminder"])
        tie = cast.guardianships["olya_father", "olya"]
        Restriction.objects.create(
            school=cast.school, guardianship=tie, act_number="1", act_date=TODAY, since=TODAY
        )
        closed = cast.guardianships["petya_father", "petya"]
        closed.open_until = TODAY
        closed.save()
    friday = date(2026, 11, 20)
    first = run(friday)
    assert first["reminded"] == 3  # Оля's mother for two children, the family of the other school
    assert run(friday)["reminded"] == run(friday, 19)["reminded"] == 0
    assert run(friday, 16) == {"schools": 0, "reminded": 0}
    assert days_of(cast.people["olya_father"]) == days_of(cast.people["petya_father"]) == []


@pytest.mark.clause("K4a")
def test_an_interval_of_two_weeks_asks_for_every_second_week(agreed: Cast) -> None:
    adopt(
        by=None, school=agreed.school, profile="k", since=SEPTEMBER,
        parameters={"acknowledgement_interval_days": 14},
    )  # fmt: skip
    acknowledge(agreed, "petya_father", "petya", MONDAY - timedelta(days=7))
    assert "Петров С. И." not in [one.guardian for one in page(agreed).everybody]


def test_a_regulation_that_asks_for_no_acknowledgement_sends_nothing(agreed: Cast) -> None:
    adopt(by=None, school=agreed.school, profile="s", since=SEPTEMBER)
    now = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    assert actions.remind_due(school=agreed.school, now=now) == 0
