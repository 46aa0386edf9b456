"""The evening digest: from the journal's history to one letter a guardian."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.ids import uuid7
from consent.models import Contact, DeliveryDeclaration
from journal.models import PeriodMark
from notifications import actions
from notifications.models import Digest, MessageStatus, OutboxMessage
from people.models import Guardianship
from people.scope import scope
from tests.cast import NOW, SCHOOL_ID, TODAY, YEAR, Cast
from tests.notifications.conftest import Postman, text_of
from tests.printouts.conftest import give_homework, give_mark, note_absence

Run = Callable[[str, datetime], Any]
MOTHER, FATHER = "olya_mother@example.org", "olya_father@example.org"


def planned(cast: Cast, evening: datetime) -> int | None:
    with scope([SCHOOL_ID]):
        return actions.plan_digest(school=cast.school, now=evening)


def facts(cast: Cast, guardian: str) -> list[dict[str, Any]]:
    return OutboxMessage.objects.get(recipient=cast.people[guardian]).data["children"]


def test_one_letter_a_guardian_about_all_her_children(
    cast: Cast, evening: datetime, run: Run, postman: Postman
) -> None:
    give_mark(cast, "olya", "algebra", "5", comment="Молодец")
    give_mark(cast, "olya", "physics", "3")
    give_mark(cast, "kolya", "maths5", "4")
    note_absence(cast, cast.pupils["kolya"], cast.lesson("maths5"), "ill")
    give_homework(cast, cast.lesson("algebra"), "№ 412 (а, б)", due=TODAY + timedelta(days=1))
    assert planned(cast, evening) == 3  # Олины мама и папа, Петин папа: задание всему классу
    assert run("send_outbox", evening)["sent"] == 3
    (letter,) = postman.to(MOTHER)
    text = text_of(letter)
    for line in ("Ёлкина Оля", "Ёлкин Николай", "Алгебра, 18 ноября: 5 (", "Молодец", "Физика, 18 ноября: 3",
                 "Математика, 18 ноября: 4", "18 ноября, 4-й урок, Математика: пропуск",
                 "Алгебра, к 19 ноября: № 412 (а, б)", "http://127.0.0.1:8000/diary/"):  # fmt: skip
        assert line in text, line
    assert "бол" not in text.lower()  # the reason of an absence does not travel by mail
    assert "Молодец" in text_of(letter, "html")
    (to_father,) = postman.to(FATHER)
    assert "Николай" not in text_of(to_father)
    assert {each["To"] for each in postman.letters} == {MOTHER, FATHER, "petya_father@example.org"}


def test_a_second_run_of_the_evening_sends_nothing(
    cast: Cast, evening: datetime, run: Run, postman: Postman
) -> None:
    give_mark(cast, "olya", "algebra", "5")
    assert planned(cast, evening) == 2
    assert planned(cast, evening + timedelta(minutes=5)) is None
    assert run("send_outbox", evening)["sent"] == 2
    assert run("send_outbox", evening + timedelta(minutes=5))["sent"] == 0
    assert len(postman.letters) == 2
    # Even if the digest's own record were lost, the key keeps a second message out.
    Digest.objects.all().delete()
    planned(cast, evening)
    assert OutboxMessage.objects.count() == 2


def test_corrections_are_merged_and_told_with_what_was(
    committed_cast: Cast, evening: datetime
) -> None:
    cast = committed_cast
    with scope([SCHOOL_ID]):
        mark = give_mark(cast, "petya", "algebra", "2")
        taken = give_mark(cast, "petya", "physics", "3")
    assert planned(cast, evening) == 1
    with scope([SCHOOL_ID]):
        OutboxMessage.objects.all().delete()
        for value in ("3", "5"):
            mark.value, mark.score = value, Decimal(value)
            mark.save()
        taken.delete()
        give_mark(cast, "petya", "russian", "2").delete()
    assert planned(cast, evening + timedelta(days=1)) == 1
    with scope([SCHOOL_ID]):
        (child,) = facts(cast, "petya_father")
    told = [(fact["subject"], fact["was"], fact["value"]) for fact in child["marks"]]
    assert told == [("Алгебра", "2", "5"), ("Физика", "3", "")]


def test_a_change_under_way_at_seven_is_told_the_next_day_once(
    committed_cast: Cast, evening: datetime
) -> None:
    """The mark's moment lies before the digest's, but it is committed after it."""
    cast, given, release = committed_cast, threading.Event(), threading.Event()

    def mark_slowly() -> None:
        with scope([SCHOOL_ID]):
            give_mark(cast, "petya", "algebra", "4")
            given.set()
            release.wait(30)
        connection.close()

    teacher = threading.Thread(target=mark_slowly)
    teacher.start()
    assert given.wait(30)
    assert planned(cast, evening) == 0
    release.set()
    teacher.join()
    assert planned(cast, evening + timedelta(days=1)) == 1
    assert planned(cast, evening + timedelta(days=2)) == 0


def test_who_gets_no_digest(cast: Cast, evening: datetime) -> None:
    for pupil in ("olya", "petya", "vitya", "timur"):
        give_mark(cast, pupil, "algebra", "4")
    DeliveryDeclaration.objects.create(
        school=cast.school, guardian=cast.people["olya_father"], pupil=cast.pupils["olya"], form="paper",
        ground="так удобнее", declared_on=TODAY, registered_at=NOW,
    )  # fmt: skip
    Contact.objects.filter(person=cast.people["petya_father"]).update(uses=["news"])
    assert planned(cast, evening) == 1
    assert OutboxMessage.objects.get().recipient_id == cast.people["olya_mother"].pk


def test_who_lost_access_after_the_planning_gets_nothing(
    cast: Cast, evening: datetime, run: Run, postman: Postman
) -> None:
    give_mark(cast, "olya", "algebra", "4")
    give_mark(cast, "kolya", "maths5", "5")
    planned(cast, evening)
    Guardianship.objects.filter(guardian=cast.people["olya_father"]).update(open_until=TODAY)
    cast.guardianships["olya_mother", "olya"].restrictions.create(
        school=cast.school, act_number="2-1", act_date=TODAY, since=TODAY
    )
    assert run("send_outbox", evening)["failed"] == 1
    (letter,) = postman.letters
    assert letter["To"] == MOTHER
    assert "Николай" in text_of(letter)
    assert "Оля" not in text_of(letter)
    failed = OutboxMessage.objects.get(recipient=cast.people["olya_father"])
    assert failed.status == MessageStatus.FAILED
    assert failed.attempts.get().error == "доступ закрыт"


def test_a_final_mark_is_told_when_the_family_may_see_it(cast: Cast, evening: datetime) -> None:
    result = PeriodMark.objects.create(
        id=uuid7(), school=cast.school, year=YEAR, pupil=cast.pupils["petya"], course=cast.courses["algebra"],
        period=cast.quarter, value="4", score=4, obtained_at=evening, visible_at=evening + timedelta(hours=20),
        set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    assert planned(cast, evening) == 0
    assert planned(cast, evening + timedelta(days=1)) == 1
    (child,) = facts(cast, "petya_father")
    assert child["finals"] == [
        {"subject": "Алгебра", "place": "II четверть", "value": "4", "was": ""}
    ]
    result.value = "5"
    result.save()
    OutboxMessage.objects.all().delete()
    PeriodMark.objects.filter(pk=result.pk).update(visible_at=evening)
    Digest.objects.filter(day__gt=cast.school.local_date(evening)).delete()
    assert planned(cast, evening + timedelta(days=1)) == 1
    (child,) = facts(cast, "petya_father")
    assert child["finals"][0]["value"] == "5"


def test_before_seven_at_the_school_nothing_is_planned(cast: Cast, run: Run) -> None:
    cast.other_school.time_zone = "Asia/Yekaterinburg"  # two hours ahead of Moscow
    cast.other_school.save()
    assert run("evening_digest", NOW.replace(hour=13, minute=59)) == {"schools": 0, "planned": 0}
    assert run("evening_digest", NOW.replace(hour=14, minute=0))["schools"] == 1
    assert (
        run("evening_digest", NOW.replace(hour=16, minute=0))["schools"] == 2
    )  # the school and its branch
    assert run("evening_digest", NOW.replace(hour=16, minute=5))["schools"] == 0


def test_schools_do_not_mix(cast: Cast, evening: datetime) -> None:
    give_mark(cast, "other_pupil", "other_algebra", "5")
    assert planned(cast, evening) == 0
    with scope([cast.other_school.pk]):
        assert actions.plan_digest(school=cast.other_school, now=evening) == 1


@pytest.mark.parametrize("marked", [("petya",), ("petya", "olya", "kolya")])
def test_planning_costs_fifteen_statements_whatever_the_families(
    cast: Cast, evening: datetime, marked: tuple[str, ...]
) -> None:
    for pupil in marked:
        give_mark(cast, pupil, "maths5" if pupil == "kolya" else "algebra", "5")
        give_homework(cast, cast.lesson("algebra"), "§ 1", due=TODAY)
    with CaptureQueriesContext(
        connection,
    ) as told:
        planned(cast, evening)
    statements = [
        q["sql"]
        for q in told
        if not q["sql"].startswith(
            ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")
        )
    ]
    assert len(statements) <= 15, statements
