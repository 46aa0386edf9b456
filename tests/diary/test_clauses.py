"""The diary's clauses answer kept, broken or not yet due, with evidence."""

from datetime import datetime, timedelta

import pytest

from diary.models import Acknowledgement, Reminder
from people.models import Person, School
from regulation.registry import Finding, check_of
from school.models import Lesson
from tests.cast import MONDAY, NOW, YEAR, Cast
from tests.diary.test_week import give

LAST_WEEK = MONDAY - timedelta(days=7)


def judged(school: School, clause: str, now: datetime = NOW) -> Finding:
    check = check_of(clause)
    assert check is not None
    return check(school, now=now)


def acknowledge(cast: Cast, guardian: str, pupil: str, channel: str = "web") -> None:
    for section in ("timetable", "finals"):
        Acknowledgement.objects.create(
            school=cast.school, guardian=cast.people[guardian], pupil=cast.pupils[pupil], section=section,
            week=LAST_WEEK, version="0" * 64, channel=channel, evidence="" if channel == "web" else "корешок",
            at=NOW, registered_by=cast.users["ivan"],
        )  # fmt: skip


@pytest.mark.clause("K4a")
def test_k4a_is_kept_when_one_guardian_of_each_family_acknowledged(cast: Cast) -> None:
    found = judged(cast.school, "K4a")
    assert (found.state, [e.label for e in found.evidence]) == ("broken", ["5Б", "7А"])
    assert "/class/" in (found.evidence[0].url or "")
    for guardian, pupil in (
        ("olya_mother", "olya"),
        ("petya_father", "petya"),
        ("olya_mother", "kolya"),
    ):
        acknowledge(cast, guardian, pupil)
    assert judged(cast.school, "K4a").state == "kept"
    assert judged(cast.branch, "K4a").state == "not_yet_due"


@pytest.mark.clause("K4b")
def test_k4b_is_kept_when_paper_families_are_recorded(cast: Cast) -> None:
    assert judged(cast.school, "K4b").state == "broken"
    acknowledge(cast, "vitya_mother", "vitya", "paper")
    acknowledge(cast, "no_consent", "timur", "message")
    assert judged(cast.school, "K4b").state == "kept"


@pytest.mark.clause("K4a")
def test_k4a_asks_for_no_week_of_vacation_and_a_change_un_keeps_nothing(cast: Cast) -> None:
    after_vacation = NOW.replace(month=11, day=2)
    found = judged(cast.school, "K4a", now=after_vacation)
    assert found.state == "not_yet_due"  # the cast's lessons begin on that day
    mark = give(cast, "olya", cast.lesson("algebra", LAST_WEEK), "4")
    for guardian, pupil in (("olya_mother", "olya"), ("petya_father", "petya")):
        acknowledge(cast, guardian, pupil)
    mark.value, mark.score = "2", 2
    mark.save()
    assert [e.label for e in judged(cast.school, "K4a").evidence] == ["5Б"]
    # A class that had a vacation of its own in that week owes nothing.
    Lesson.objects.filter(
        course__group__school_class=cast.classes["5Б"],
        day__range=(LAST_WEEK, LAST_WEEK + timedelta(days=6)),
    ).update(status="cancelled")
    assert judged(cast.school, "K4a").state == "kept"


@pytest.mark.clause("G2.10.3")
def test_families_who_do_not_come_are_to_be_reminded(cast: Cast) -> None:
    assert judged(cast.school, "G2.10.3").state == "broken"
    cast.people["olya_mother"].visits.create(
        school=cast.school, pupil=cast.pupils["olya"], section="timetable", day=MONDAY, first_at=NOW, last_at=NOW
    )  # fmt: skip
    found = judged(cast.school, "G2.10.3")
    assert [(e.label, e.detail) for e in found.evidence] == [
        ("5Б", "не заходили и не получили напоминания: 1 из 1"),
        ("7А", "не заходили и не получили напоминания: 1 из 2"),
    ]
    for guardian, pupil in (("petya_father", "petya"), ("olya_mother", "kolya")):
        Reminder.objects.create(
            school=cast.school, guardian=cast.people[guardian], pupil=cast.pupils[pupil], week=MONDAY, at=NOW
        )  # fmt: skip
    found = judged(cast.school, "G2.10.3")
    assert found.state == "kept"
    assert "напомнили: 2" in found.summary
    assert judged(cast.school, "G2.10.3", now=NOW + timedelta(days=8)).state == "broken"
    assert judged(cast.school, "G2.10.3", now=NOW + timedelta(days=60)).state == "not_yet_due"


@pytest.mark.clause("K1b", "S2", "G2.1")
def test_guardian_without_an_account_breaks_self_service(cast: Cast) -> None:
    assert {judged(cast.school, c).state for c in ("K1b", "S2", "G2.1")} == {"kept"}
    Person.objects.filter(pk=cast.people["olya_mother"].pk).update(user=None)
    found, mother = judged(cast.school, "K1b"), cast.people["olya_mother"]
    assert found.state == "broken"
    assert [(e.label, e.url) for e in found.evidence] == [
        (mother.full_name, f"/access/{mother.pk}/")
    ]


@pytest.mark.clause("S4", "G2.1b", "G2.1c")
def test_entries_are_judged_by_what_the_family_sees(cast: Cast) -> None:
    assert judged(cast.school, "S4").state == "not_yet_due"
    assert judged(cast.school, "G2.1c").state == "not_yet_due"
    lesson = cast.lesson("algebra")
    give(cast, "olya", lesson, "5")
    assert judged(cast.school, "S4").state == "kept"
    assert judged(cast.school, "G2.1b").state == "broken"
    Lesson.objects.filter(pk=lesson.pk).update(topic="Многочлены")
    assert judged(cast.school, "G2.1b").state == "kept"
    lesson.absences.create(
        year=YEAR, school=cast.school, pupil=cast.pupils["kolya"], code="absent", set_by=cast.users["ivan"], set_at=NOW
    )  # fmt: skip
    found = judged(cast.school, "S4")
    assert found.state == "broken"
    assert [e.label for e in found.evidence] == [cast.people["kolya"].full_name]


@pytest.mark.clause("G2.1a")
def test_lessons_without_topics_break_the_list_of_topics(cast: Cast) -> None:
    found = judged(cast.school, "G2.1a")
    assert found.state == "broken"
    assert f"/journal/{cast.courses['algebra'].pk}/" in [e.url for e in found.evidence]
    Lesson.objects.filter(school=cast.school).update(topic="тема")
    assert judged(cast.school, "G2.1a").state == "kept"


@pytest.mark.clause("G2.1d")
def test_hidden_results_break_the_clause(cast: Cast) -> None:
    assert judged(cast.school, "G2.1d").state == "not_yet_due"
    made = cast.courses["algebra"].period_marks.create(
        school=cast.school, year=YEAR, pupil=cast.pupils["olya"], period=cast.extras["Школа № 1:1"], value="4",
        score=4, obtained_at=NOW - timedelta(days=5), set_by=cast.users["maria"], set_at=NOW,
    )  # fmt: skip
    found = judged(cast.school, "G2.1d")
    assert found.state == "broken"
    assert [e.label for e in found.evidence] == [cast.people["olya"].full_name]
    made.visible_at = NOW
    made.save()
    assert judged(cast.school, "G2.1d").state == "kept"
